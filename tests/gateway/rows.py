"""Looking at the inbox and the outbox from a test."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select

from shop.db import Database
from shop.models import InboxEvent, OutboxMessage


def inbox(database: Database) -> Sequence[InboxEvent]:
    """Every event, in order."""
    with database.reading() as session:
        return session.scalars(select(InboxEvent).order_by(InboxEvent.id)).all()


def outbox(database: Database) -> Sequence[OutboxMessage]:
    """Every message, in order."""
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def all_done(database: Database) -> bool:
    """Whether nothing waits any more."""
    with database.reading() as session:
        tables = (InboxEvent, OutboxMessage)
        return not any(session.scalar(select(exists().where(table.state == "open"))) for table in tables)
