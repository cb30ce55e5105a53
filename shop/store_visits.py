"""What a customer did in the web store, brought to the chat: each thing once, and a cart only when they have left.

An order with its bill, and a slip, are told at once. A cart that changed, or an order that does not know yet where to
go, is told when nothing has happened in the store for a while: after `QUIET`, or after `LEFT` when the page says that
it was closed. Until then it stands in `store_visit`; looking for what is due is the gateway's (gateway/due.py).

The words are the bot's: each news reaches it as an inbox event of kind STORE_EVENT whose `raw` is
`{"news": <News>, "order": <number or None>}`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from shop import mailbox
from shop.models import Customer, Order, StoreVisit
from shop.sql import insert_into

STORE_EVENT = "store"

#: Without a script no page says that it was closed; somebody who reads on for longer is told meanwhile, no more.
QUIET = timedelta(seconds=60)
#: Time for the next page to open, which looks like leaving too.
LEFT = timedelta(seconds=6)


class News(StrEnum):
    """What the chat is told."""

    CART = "cart"
    ORDER = "order"
    BILL = "bill"
    SLIP = "slip"


def cart_changed(session: Session, customer_id: int, *, cause: str, now: datetime) -> None:
    """Show the cart in the chat once the customer has left the store."""
    _later(session, customer_id, cause, None, now)


def ordered(session: Session, order: Order, *, cause: str, now: datetime) -> None:
    """Tell about the order once its customer has left the store without saying where to send it."""
    _later(session, order.customer_id, cause, order.id, now)


def completed(session: Session, order: Order, *, cause: str, now: datetime) -> None:
    """Show the bill of an order that now knows where to go."""
    session.execute(delete(StoreVisit).where(StoreVisit.order_id == order.id))
    _tell(session, order.customer, News.BILL, f"bill:{cause}", order.number, now)


def slip_attached(session: Session, order: Order, *, cause: str, now: datetime) -> None:
    """Say that the slip has arrived and how the payment stands."""
    session.execute(delete(StoreVisit).where(StoreVisit.order_id == order.id))
    _tell(session, order.customer, News.SLIP, f"slip:{cause}", order.number, now)


def is_here(session: Session, customer_id: int, now: datetime) -> None:
    """The customer has opened a page: what waits to be told waits on."""
    _wait_until(session, customer_id, now + QUIET)


def has_left(session: Session, customer_id: int, now: datetime) -> None:
    """A page of the store was closed, or gives way to the next one."""
    _wait_until(session, customer_id, now + LEFT)


def tell_one(session: Session, now: datetime) -> bool:
    """Tell about the visit that ended first; False when none has ended."""
    visit = session.scalar(
        select(StoreVisit)
        .where(StoreVisit.due_at <= now)
        .order_by(StoreVisit.due_at)
        .limit(1)
        .with_for_update(of=StoreVisit, skip_locked=True)
    )
    if visit is None:
        return False
    order = session.get(Order, visit.order_id) if visit.order_id is not None else None
    customer = session.get_one(Customer, visit.customer_id)
    news = News.CART if order is None else News.ORDER
    _tell(session, customer, news, f"left:{visit.cause}", order.number if order else None, now)
    session.delete(visit)
    session.flush()
    return True


def _later(session: Session, customer_id: int, cause: str, order_id: int | None, now: datetime) -> None:
    dialect = session.connection().dialect.name
    new = insert_into(StoreVisit, dialect).values(
        customer_id=customer_id, cause=cause, order_id=order_id, due_at=now + QUIET
    )
    order = func.coalesce(new.excluded.order_id, StoreVisit.order_id)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["customer_id"], set_={"due_at": new.excluded.due_at, "order_id": order}
        )
    )


def _wait_until(session: Session, customer_id: int, due_at: datetime) -> None:
    session.execute(update(StoreVisit).where(StoreVisit.customer_id == customer_id).values(due_at=due_at))


def _tell(
    session: Session, customer: Customer, news: News, key: str, order_number: str | None, now: datetime
) -> None:
    event = mailbox.open_event(
        account_id=customer.channel.account_id,
        key=f"store:{key}",
        channel_id=customer.channel_id,
        conversation=customer.conversation,
        kind=STORE_EVENT,
        raw={"news": news, "order": order_number},
        now=now,
    )
    mailbox.keep_events(session, [event])
