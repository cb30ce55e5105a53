"""Read-only questions of the console: lists of orders, one order with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import NotFound
from shop.models import InboxEvent, Notice, Order, OutboxMessage, Payment, Slip, Transition


@dataclass(frozen=True)
class OrderDetail:
    """An order with its slips, ledger, history and notices, oldest first."""

    order: Order
    slips: Sequence[Slip]
    payments: Sequence[Payment]
    transitions: Sequence[Transition]
    notices: Sequence[Notice]


def orders_page(
    session: Session, *, channel_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> tuple[Sequence[Order], int | None]:
    """Orders newest first, of one channel or all; and the `before_id` of the next page, None at the end."""
    query = select(Order).order_by(Order.id.desc()).limit(limit + 1)
    if channel_id is not None:
        query = query.where(Order.channel_id == channel_id)
    if before_id is not None:
        query = query.where(Order.id < before_id)
    found = session.scalars(query).all()
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def order_detail(session: Session, number: str) -> OrderDetail:
    """The order with this number and all that belongs to it. Raises NotFound."""
    order = session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise NotFound(f"order {number}")
    return OrderDetail(
        order=order,
        slips=session.scalars(select(Slip).where(Slip.order_id == order.id).order_by(Slip.id)).all(),
        payments=session.scalars(select(Payment).where(Payment.order_id == order.id).order_by(Payment.id)).all(),
        transitions=session.scalars(
            select(Transition).where(Transition.order_id == order.id).order_by(Transition.id)
        ).all(),
        notices=session.scalars(select(Notice).where(Notice.order_id == order.id).order_by(Notice.id)).all(),
    )


def slip(session: Session, slip_id: int) -> Slip:
    """One slip. Raises NotFound."""
    found = session.get(Slip, slip_id)
    if found is None:
        raise NotFound(f"slip {slip_id}")
    return found


def changes_since(session: Session, transition_id: int) -> tuple[set[str], int]:
    """Numbers of the orders that were placed or changed state after the transition, and the newest transition's id."""
    rows = session.execute(
        select(Transition.id, Order.number)
        .join(Order, Order.id == Transition.order_id)
        .where(Transition.id > transition_id)
        .order_by(Transition.id)
    ).all()
    return {number for _, number in rows}, rows[-1][0] if rows else transition_id


def newest_transition(session: Session) -> int:
    """The id `changes_since` starts from."""
    return session.scalar(select(func.coalesce(func.max(Transition.id), 0))) or 0


def set_aside(session: Session, limit: int = 100) -> Sequence[InboxEvent]:
    """Events that failed for good and wait for a person, newest first."""
    dead = select(InboxEvent).where(InboxEvent.state == "dead")
    return session.scalars(dead.order_by(InboxEvent.id.desc()).limit(limit)).all()


def unsent(session: Session, limit: int = 100) -> Sequence[OutboxMessage]:
    """Messages that did not, or may not have, reached the customer, newest first."""
    stuck = select(OutboxMessage).where(OutboxMessage.state.in_(("failed", "uncertain")))
    return session.scalars(stuck.order_by(OutboxMessage.id.desc()).limit(limit)).all()
