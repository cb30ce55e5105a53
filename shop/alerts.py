"""What sellers are told while their console is closed: written down with its cause, taken once by one gateway.

Whoever takes it has it alone and tells it afterwards (gateway.pushes): a gateway that dies in between has told nobody,
and the order, the slip or the chat still stands in the console's lists. The words are in `pushes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from shop.models import Alert, PushDevice

#: So long more of the same may come, to be told together.
GATHERED = timedelta(seconds=2)
#: What nobody has taken for so long is no news.
STALE = timedelta(minutes=30)
_AT_ONCE = 500


class Kind(StrEnum):
    """What it is about."""

    ORDER = "order"  # a new one
    SLIP = "slip"  # for an order, to be checked
    CALL = "call"  # a customer began to wait for a person, or wrote more to one
    TEST = "test"  # a seller tries a device


def note(session: Session, kind: Kind, subject: str | int, *, by: str, now: datetime) -> None:
    """Have sellers told, but for the one who did it (`by`). Call it in the transaction of the cause."""
    session.add(Alert(kind=kind, subject=str(subject), by=by, at=now))


def is_due(session: Session, now: datetime) -> bool:
    """Whether there may be something to take: a look that writes nothing."""
    news = exists().where(Alert.at <= now - GATHERED)
    signed_out = exists().where(PushDevice.until <= now)
    return bool(session.scalar(select(or_(news, signed_out))))


def take(session: Session, now: datetime) -> Sequence[Alert]:
    """Take what waits, oldest first; nobody else gets it. What is no news any more is left out."""
    waiting = select(Alert).order_by(Alert.id).limit(_AT_ONCE).with_for_update(skip_locked=True)
    taken = session.scalars(waiting).all()
    session.execute(delete(Alert).where(Alert.id.in_([alert.id for alert in taken])))
    return [alert for alert in taken if alert.at > now - STALE]
