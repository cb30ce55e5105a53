"""Test messages, by which an owner sees that a channel works: to somebody who wrote lately, through the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import catalogue, mailbox, once, reach
from shop.errors import BadInput
from shop.models import Customer, OutboxMessage
from shop.replies import Text, to_json

_MOST = 20
_CAUSE = "test:"


def reachable(session: Session, channel_id: int, now: datetime) -> Sequence[Customer]:
    """The customers who did something on the channel within 24 hours, the latest first."""
    lately = Customer.last_inbound_at > now - reach.WINDOW
    theirs = select(Customer).where(Customer.channel_id == channel_id, lately, Customer.erased_at.is_(None))
    return session.scalars(theirs.order_by(Customer.last_inbound_at.desc()).limit(_MOST)).all()


def send(
    session: Session, channel_id: int, customer_id: int | None, *, form: str, by: str, now: datetime
) -> bool:
    """Queue the message; False when the same `form` was sent before. `by` is the seller's email.

    Raises BadInput("customer", "unknown") for somebody who cannot be written to, or is of another channel.
    """
    customer = session.get(Customer, customer_id) if customer_id is not None else None
    is_theirs = customer is not None and customer.channel_id == channel_id and customer.erased_at is None
    if customer is None or not is_theirs or not reach.is_open(customer.last_inbound_at, now):
        raise BadInput("customer", "unknown")
    row = {
        "cause": f"{_cause(channel_id)}{once.named(form)}",
        "part": 0,
        "channel_id": channel_id,
        "customer_id": customer.id,
        "conversation": customer.conversation,
        "notice_id": None,
        "body": to_json(Text(_words(session, customer.language))),
        "page": 0,
        "written_by": by,
        "created_at": now,
    }
    return bool(mailbox.queue_messages(session, [row]))


def last(session: Session, channel_id: int | None = None) -> OutboxMessage | None:
    """The newest one of the channel, or of any."""
    cause = _CAUSE if channel_id is None else _cause(channel_id)
    # The first condition is that of an index: people write little of all that is sent.
    sent = select(OutboxMessage).where(
        OutboxMessage.written_by.is_not(None), OutboxMessage.cause.startswith(cause, autoescape=True)
    )
    return session.scalars(sent.order_by(OutboxMessage.id.desc()).limit(1)).first()


def _cause(channel_id: int) -> str:
    return f"{_CAUSE}{channel_id}:"


def _words(session: Session, language: str) -> str:
    shop = catalogue.the_shop(session)
    if language == "en":
        return f"This is a test message from {shop.name_en}. The shop's messages arrive."
    return f"นี่คือข้อความทดสอบจากร้าน{shop.name_th} ระบบส่งข้อความถึงลูกค้าได้แล้วค่ะ"
