"""What has become of our message templates at the platform, by channel, name and language.

They are made when a Page is set up; the platform tells later changes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shop.models import MessageTemplate
from shop.sql import insert_into

APPROVED, PENDING = "APPROVED", "PENDING"


def note(
    session: Session,
    channel_id: int,
    name: str,
    language: str,
    *,
    status: str,
    reason: str | None,
    now: datetime,
) -> MessageTemplate:
    """At `now` the template was in `status` (the platform's word), unless something newer is known."""
    # Setting up and the platform's own word may come at the same moment.
    dialect = session.connection().dialect.name
    new = insert_into(MessageTemplate, dialect).values(
        channel_id=channel_id, name=name, language=language, status=status, reason=reason, changed_at=now
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["channel_id", "name", "language"]))
    known = session.scalars(_one(channel_id, name, language).with_for_update()).one()
    if (known.status, known.reason) != (status, reason) and known.changed_at <= now:
        known.status, known.reason, known.changed_at = status, reason, now
    session.flush()
    return known


def status(session: Session, channel_id: int, name: str, language: str) -> str | None:
    """The platform's word for the template's state; None when the channel has no such template."""
    known = session.scalar(_one(channel_id, name, language))
    return known.status if known else None


def of_channel(session: Session, channel_id: int) -> Sequence[MessageTemplate]:
    """The channel's templates by name."""
    mine = select(MessageTemplate).where(MessageTemplate.channel_id == channel_id)
    return session.scalars(mine.order_by(MessageTemplate.name, MessageTemplate.language)).all()


def _one(channel_id: int, name: str, language: str) -> Select[MessageTemplate]:
    return select(MessageTemplate).where(
        MessageTemplate.channel_id == channel_id,
        MessageTemplate.name == name,
        MessageTemplate.language == language,
    )
