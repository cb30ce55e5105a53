"""How long personal data is kept: pictures of slips and where parcels went, once orders are over, and what was said.

Each call does some hundred at most, in a transaction of its own. When to call is the gateway's (gateway/forgetting.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop import hearing, privacy
from shop.models import ChatEntry, Order, OrderNote, OutboxMessage, Shop, Slip, Transition
from shop.states import OPEN, PaymentState

_AT_ONCE = 100
#: Of a message that nobody will send any more. One that failed has been on the list of problems all the time.
_ENDED_STATES = ("sent", "dropped", "failed", "uncertain")
_SETTLED = (PaymentState.PAID, PaymentState.REFUNDED)


def give_up_slips(session: Session, now: datetime) -> int:
    """Give up pictures older than the shop's `keep_slips_days` that nobody has to look at any more; how many.

    Those are slips without an order, and slips of orders that ended, or were paid, as long ago. A slip that a
    seller has not looked at yet waits for them.
    """
    before = _before(session, Shop.keep_slips_days, now)
    if before is None:
        return 0
    over = or_(_ended(before), and_(Order.payment_state.in_(_SETTLED), ~_changed("payment", before)))
    of_those = exists().where(Order.id == Slip.order_id, over)
    old = and_(Slip.received_at < before, or_(Slip.order_id.is_(None), of_those))
    return privacy.give_up_pictures(session, old, now, _AT_ONCE)


def forget_addresses(session: Session, now: datetime) -> int:
    """Forget addresses of, and notes about, orders that ended more than `keep_addresses_days` ago; of how many."""
    before = _before(session, Shop.keep_addresses_days, now)
    if before is None:
        return 0
    goes_to = or_(Order.recipient.is_not(None), Order.phone.is_not(None), Order.address.is_not(None))
    holds = or_(goes_to, exists().where(OrderNote.order_id == Order.id))
    old = select(Order.id).where(Order.placed_at < before, holds, _ended(before))
    ids = session.scalars(old.order_by(Order.id).limit(_AT_ONCE)).all()
    privacy.forget_delivery(session, ids)
    return len(ids)


def forget_chats(session: Session, now: datetime) -> int:
    """Delete what customers did in the chat, and what they were sent, more than `keep_chats_days` ago; how many.

    With what was typed goes what trainers had of it. Only the oldest rows are looked at, so it takes as long with
    millions. What is still to be sent stays.
    """
    before = _before(session, Shop.keep_chats_days, now)
    if before is None:
        return 0
    first = select(ChatEntry.id, ChatEntry.at).order_by(ChatEntry.id).limit(_AT_ONCE).subquery()
    old = list(session.scalars(select(first.c.id).where(first.c.at < before)))
    session.execute(delete(ChatEntry).where(ChatEntry.id.in_(old)))
    heard = hearing.forget_older(session, before, _AT_ONCE)
    return len(old) + heard + sum(_forget_sent(session, state, before, now) for state in _ENDED_STATES)


def _forget_sent(session: Session, state: str, before: datetime, now: datetime) -> int:
    first = (
        select(OutboxMessage.id, OutboxMessage.created_at)
        .where(OutboxMessage.state == state)
        .order_by(OutboxMessage.id)
        .limit(_AT_ONCE)
        .subquery()
    )
    old = list(session.scalars(select(first.c.id).where(first.c.created_at < before)))
    return privacy.forget_sent(session, OutboxMessage.id.in_(old), now)


def _before(session: Session, days: InstrumentedAttribute[int], now: datetime) -> datetime | None:
    """What is older than this goes; None before the shop is set up."""
    kept = session.scalar(select(days))
    return None if kept is None else now - timedelta(days=kept)


def _ended(before: datetime) -> ColumnElement[bool]:
    return and_(Order.state.not_in(OPEN), ~_changed("order", before))


def _changed(of: str, since: datetime) -> ColumnElement[bool]:
    """Whether the order's state, or its payment's, has changed since."""
    return exists().where(Transition.order_id == Order.id, Transition.of == of, Transition.at >= since)
