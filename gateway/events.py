"""A leased inbox row with the customer it is about, as turn.py works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, and_, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from gateway.queue import Lease
from shop import alerts, customers
from shop.db import utc_now
from shop.models import Channel, Customer


@dataclass(frozen=True)
class Known:
    """What a turn needs to know of a customer."""

    id: int
    language: str
    person_until: datetime | None = None


@dataclass(frozen=True)
class Event:
    """One event of a conversation, in hand."""

    lease: Lease
    account_id: str
    channel_id: int
    psid: str
    kind: str
    raw: dict[str, Any]
    at: datetime
    created_at: datetime
    customer: Known | None

    @property
    def cause(self) -> str:
        """The name under which every effect of the event is written."""
        return str(self.lease.id)


_customer = select(Customer.id, Customer.language, Customer.person_until).where(
    Customer.channel_id == bindparam("on_channel"), Customer.external_id == bindparam("psid")
)
_is_in_nobodys_hands = and_(Customer.wants_person_since.is_(None), Customer.person_until.is_(None))
_heard = (
    update(Customer.__table__)  # type: ignore[arg-type]
    .where(
        Customer.id == bindparam("customer"),
        or_(Customer.last_inbound_at.is_(None), Customer.last_inbound_at < bindparam("at")),
    )
    .values(
        last_inbound_at=bindparam("at"),
        unread=case((_is_in_nobodys_hands, 0), else_=Customer.unread + bindparam("wrote", type_=Integer)),
    )
    .returning(Customer.unread)
)


def load(session: Session, row: Row[Any]) -> Event:
    """The event of a leased row."""
    psid = row.conversation.partition(":")[2]
    found = (
        session.connection().execute(_customer, {"on_channel": row.channel_id, "psid": psid}).one_or_none()
    )
    return Event(
        lease=Lease.of(row),
        account_id=row.account_id,
        channel_id=row.channel_id,
        psid=psid,
        kind=row.kind,
        raw=row.raw,
        at=row.at,
        created_at=row.created_at,
        customer=Known(*found) if found else None,
    )


def meet(session: Session, event: Event, language: str) -> Known:
    """Remember the customer of a first event; `language` is their first one."""
    channel = session.get_one(Channel, event.channel_id)
    customer = customers.meet(session, channel, event.psid, language, event.created_at)
    return Known(customer.id, customer.language)


def heard_from(session: Session, customer_id: int, at: datetime, *, wrote: bool) -> None:
    """As `shop.customers.heard_from`, without reading the customer first.

    What they `wrote` is to be read by the person who has, or is wanted in, the chat, and sellers are told.
    """
    unread = session.connection().scalar(_heard, {"customer": customer_id, "at": at, "wrote": int(wrote)})
    if wrote and unread:
        alerts.note(session, alerts.Kind.CALL, customer_id, by="customer", now=utc_now())
    customers.was_in_chat(session, customer_id, at)
