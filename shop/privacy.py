"""Erasing a customer: who they were goes, what bookkeeping needs stays. What is held of one is in `shop.dossier`.

What lies outside the database (pictures, Rasa's conversation) is noted as `Leftover` in the same transaction, deleted
by the caller after the commit, and crossed off then: whoever comes later deletes what a crash has left.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, null, or_, select, update
from sqlalchemy.orm import Session

from shop import customers, hearing, mailbox, order_index
from shop.errors import BadInput, BeingAnswered, NotFound, OrdersOpen
from shop.models import (
    CartLine,
    Channel,
    ChatEntry,
    Customer,
    InboxEvent,
    Leftover,
    Notice,
    Order,
    OrderNote,
    OutboxMessage,
    Shipment,
    Slip,
    SlipCheck,
    StoreVisit,
    Transition,
)
from shop.notices import ERASED, NoticeState
from shop.sql import insert_into
from shop.states import OPEN

PICTURE, CONVERSATION = "picture", "conversation"
#: Moves whose reason names the parcel's number, which leads to the address.
_NAME_THE_PARCEL = ("ship", "correct_shipment", "unship")


def find(session: Session, given: str, account_id: str | None = None) -> Customer:
    """The customer with this id on their platform, on one Page if it is named, else with this id of ours.

    Raises NotFound, and BadInput("page", "missing") when several Pages have somebody with that id.
    """
    named = select(Customer).where(Customer.external_id == given)
    ours = select(Customer).where(Customer.id == int(given)) if _is_id_of_ours(given) else None
    for query in (named, ours):
        if query is None:
            continue
        if account_id is not None:
            query = query.join(Channel).where(Channel.account_id == account_id)
        found = session.scalars(query.limit(2)).all()
        if len(found) > 1:
            raise BadInput("page", "missing")
        if found:
            return found[0]
    raise NotFound(f"customer {given}")


def open_orders(session: Session, customer_id: int) -> Sequence[str]:
    """Numbers of the customer's orders that are not over yet, oldest first."""
    mine = select(Order).where(Order.customer_id == customer_id, Order.state.in_(OPEN)).order_by(Order.id)
    return [order.number for order in session.scalars(mine.with_for_update(of=Order))]


def erase(session: Session, customer_id: int, *, now: datetime, force: bool = False) -> Customer:
    """Forget who the customer was, and everything they wrote, said or sent. Erasing again changes nothing.

    Orders stay with number, lines, amounts, ledger, history and province; the bank's references of transfers do too, so
    that no slip counts twice. Whoever writes from the same account again is a new customer.

    Raises OrdersOpen (unless `force`), BeingAnswered, NotFound.
    """
    customer = customers.lock(session, customer_id)
    numbers = open_orders(session, customer_id)
    if numbers and not force:
        raise OrdersOpen(numbers)
    conversation = customer.conversation
    _hold(session, conversation, now)
    if customer.erased_at is None:
        customer.external_id = f"erased-{secrets.token_hex(16)}"  # platforms' ids are digits
        customer.erased_at = now
        leave(session, CONVERSATION, [conversation], now)
    _forget_person(customer)
    _forget_messages(session, customer, conversation, now)
    _forget_orders(session, customer_id, now)
    session.flush()
    return customer


def forget_stranger(session: Session, account_id: str, external_id: str, *, now: datetime) -> int:
    """Empty events of somebody who is no customer (any more), such as one erased earlier; how many.

    Raises BeingAnswered.
    """
    channel = session.scalar(select(Channel).where(Channel.account_id == account_id))
    if channel is None:
        return 0
    conversation = f"{channel.id}:{external_id}"
    _hold(session, conversation, now)
    leave(session, CONVERSATION, [conversation], now)
    return _empty_events(session, conversation, None, now)


def forget_delivery(session: Session, order_ids: Sequence[int]) -> None:
    """Forget where orders went, and what the shop noted about them; the province may stay, as many live in each."""
    session.execute(
        update(Order)
        .where(Order.id.in_(order_ids))
        .values(recipient=None, phone=None, address=None, postal_code=None)
    )
    session.execute(delete(OrderNote).where(OrderNote.order_id.in_(order_ids)))
    session.execute(update(Shipment).where(Shipment.order_id.in_(order_ids)).values(tracking=""))
    named = (Transition.order_id.in_(order_ids)) & Transition.move.in_(_NAME_THE_PARCEL)
    session.execute(update(Transition).where(named).values(reason=""))
    order_index.write(session.connection(), order_ids)


def give_up_pictures(session: Session, of: ColumnElement[bool], now: datetime, limit: int = 10_000) -> int:
    """Slips keep their row without their picture, which is noted for deleting, and without what a verification service
    wrote of whoever paid; how many.
    """
    wanted = select(Slip.id, Slip.picture).where(of, Slip.picture != "").order_by(Slip.id).limit(limit)
    found = session.execute(wanted).all()
    leave(session, PICTURE, [row.picture for row in found], now)
    ids = [row.id for row in found]
    transfers = select(Slip.transfer_id).where(Slip.id.in_(ids))
    session.execute(update(SlipCheck).where(SlipCheck.transfer_id.in_(transfers)).values(raw=""))
    session.execute(update(Slip).where(Slip.id.in_(ids)).values(picture=""))
    return len(found)


def forget_sent(session: Session, of: ColumnElement[bool], now: datetime) -> int:
    """Delete messages to customers with the pictures that sellers sent in them; how many."""
    deleted = session.scalars(delete(OutboxMessage).where(of).returning(OutboxMessage.picture)).all()
    leave(session, PICTURE, [picture for picture in deleted if picture], now)
    return len(deleted)


def leave(session: Session, kind: str, keys: Iterable[str], now: datetime) -> None:
    """Note what is to be deleted outside the database, from `now` on; noted twice, it stands once."""
    dialect = session.connection().dialect.name
    for key in keys:
        new = insert_into(Leftover, dialect).values(kind=kind, key=key, since=now)
        session.execute(new.on_conflict_do_nothing(index_elements=["kind", "key"]))


def keep(session: Session, kind: str, keys: Iterable[str]) -> None:
    """These are not to be deleted after all."""
    session.execute(delete(Leftover).where(Leftover.kind == kind, Leftover.key.in_(keys)))


def leftovers(session: Session, now: datetime, limit: int = 100, after: int = 0) -> Sequence[Leftover]:
    """What is to be deleted outside the database by now, oldest first, beyond the row `after`."""
    due = select(Leftover).where(Leftover.id > after, Leftover.since <= now)
    return session.scalars(due.order_by(Leftover.id).limit(limit)).all()


def are_gone(session: Session, ids: Sequence[int]) -> None:
    """These leftovers are deleted."""
    session.execute(delete(Leftover).where(Leftover.id.in_(ids)))


def _is_id_of_ours(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= 9


def _hold(session: Session, conversation: str, now: datetime) -> None:
    """Nothing happens in the conversation until this transaction ends. Raises BeingAnswered.

    Rows first, then the conversation: the end of a turn takes them in this order too.
    """
    is_in_hand = _is_in_hand(session, conversation, now)
    mailbox.hold_conversation(session, conversation)
    if is_in_hand or _is_in_hand(session, conversation, now):
        raise BeingAnswered("a message of this customer is being answered; try again in a few seconds")


def _is_in_hand(session: Session, conversation: str, now: datetime) -> bool:
    """Whether the gateway works on a message of the conversation: what it is about to write would come afterwards."""
    events = (
        select(InboxEvent.leased_until)
        .where(InboxEvent.conversation == conversation, InboxEvent.state == "open")
        .with_for_update()
    )
    return any(until is not None and until > now for until in session.scalars(events))


def _forget_person(customer: Customer) -> None:
    customer.name = None
    customer.unread = 0
    customer.wants_person_since = customer.person_until = None
    customer.last_inbound_at = None  # and so the outbox never writes to them


def _forget_messages(session: Session, customer: Customer, conversation: str, now: datetime) -> None:
    _empty_events(session, conversation, customer.conversation, now)
    session.execute(delete(ChatEntry).where(ChatEntry.customer_id == customer.id))
    hearing.forget_customer(session, customer.id)
    forget_sent(session, OutboxMessage.customer_id == customer.id, now)
    session.execute(delete(StoreVisit).where(StoreVisit.customer_id == customer.id))
    session.execute(delete(CartLine).where(CartLine.customer_id == customer.id))
    mine = Notice.order_id.in_(select(Order.id).where(Order.customer_id == customer.id))
    session.execute(
        update(Notice)
        .where(mine, or_(Notice.state == NoticeState.WAITING, Notice.parked))
        .values(state=NoticeState.NOT_TOLD, reason=ERASED, parked=False)
    )
    session.execute(update(Order).where(Order.customer_id == customer.id).values(untold=False))


def _empty_events(session: Session, conversation: str, renamed: str | None, now: datetime) -> int:
    """The events keep their key, so that none is done again, and lose what they say and whose they were."""
    theirs = InboxEvent.conversation == conversation
    unfinished = or_(InboxEvent.state == "open", InboxEvent.state == "dead")
    session.execute(
        update(InboxEvent)
        .where(theirs, unfinished)
        .values(state="ignored", done_at=now, leased_until=None, fence=InboxEvent.fence + 1)
    )
    emptied = session.scalars(
        update(InboxEvent)
        .where(theirs)
        .values(conversation=renamed, raw=null(), error=None, reason="the customer was erased")
        .returning(InboxEvent.id)
    )
    return len(emptied.all())


def _forget_orders(session: Session, customer_id: int, now: datetime) -> None:
    ids = session.scalars(select(Order.id).where(Order.customer_id == customer_id)).all()
    forget_delivery(session, ids)
    give_up_pictures(session, Slip.customer_id == customer_id, now)
