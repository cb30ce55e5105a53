"""Rows into and out of a conversation: written once, and in the order in which they are committed.

Working them off is the gateway's. Here is what must happen in the transaction of the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from shop.models import InboxEvent, Notice, OutboxMessage
from shop.sql import insert_into

#: Channels of PostgreSQL's NOTIFY that say "look into the table"; only hints, readers poll as well.
INBOX_SIGNAL = "talad_inbox"
OUTBOX_SIGNAL = "talad_outbox"


def keep_events(session: Session, events: Sequence[Mapping[str, Any]]) -> list[int]:
    """Keep the inbox rows that are new (`account_id`, `key` unseen) and return the ids of those, in order.

    Each event has the columns `account_id, key, channel_id, conversation, kind, state, reason, raw, at, created_at`.
    """
    return _keep(session, InboxEvent, events, ("account_id", "key"), INBOX_SIGNAL)


def queue_messages(session: Session, messages: Sequence[Mapping[str, Any]]) -> list[int]:
    """Queue the outbox rows that are new (`cause`, `part` unseen) and return the ids of those, in order.

    Each has the columns `cause, part, channel_id, customer_id, conversation, notice_id, body, page, created_at`, a
    seller's also `written_by`, and of a picture `picture`, `picture_width` and `picture_height`.
    """
    return _keep(
        session,
        OutboxMessage,
        [{"state": "open", **row} for row in messages],
        ("cause", "part"),
        OUTBOX_SIGNAL,
    )


def hold_conversation(session: Session, conversation: str) -> None:
    """Let nobody else add a row to the conversation until this transaction ends. SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_LOCK, {"conversations": [conversation]})


def _keep(
    session: Session,
    table: type[InboxEvent] | type[OutboxMessage],
    rows: Sequence[Mapping[str, Any]],
    key: tuple[str, str],
    signal: str,
) -> list[int]:
    if not rows:
        return []
    connection = session.connection()
    on_postgres = connection.dialect.name == "postgresql"
    if on_postgres:
        # Ids are given at insert but seen at commit: without the lock a later row of a conversation could
        # be seen, and worked off, before an earlier one. Sorted, so that two writers cannot deadlock.
        conversations = sorted({row["conversation"] for row in rows if row["conversation"]})
        connection.execute(_LOCK, {"conversations": conversations})
    statement = _insert(table, key, connection.dialect.name)
    new: list[int] = []
    for row in rows:  # one by one: RETURNING of a many-row insert promises no order
        kept: int | None = connection.scalar(statement, dict(row))
        if kept is not None:
            new.append(kept)
    if new:
        _signal(session, signal)
    return new


def _signal(session: Session, signal: str) -> None:
    """Tell the gateways, at commit. Of a SQLite file they see by themselves that it was written to."""
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(signal, "")))


_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(conversation, 0))"
    " FROM unnest(CAST(:conversations AS text[])) AS conversation"
)


@cache
def _insert(
    table: type[InboxEvent] | type[OutboxMessage], key: tuple[str, str], dialect: str
) -> ReturningInsert[int]:
    # Made once: putting such a statement together takes longer than running it.
    return (
        insert_into(cast(Table, table.__table__), dialect)
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(table.id)
    )


def open_event(
    *,
    account_id: str,
    key: str,
    channel_id: int,
    conversation: str,
    kind: str,
    raw: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """The columns of an event of the shop's own making that waits for the bot."""
    return {
        "account_id": account_id,
        "key": key,
        "channel_id": channel_id,
        "conversation": conversation,
        "kind": kind,
        "state": "open",
        "reason": None,
        "raw": dict(raw),
        "at": now,
        "created_at": now,
    }


def replay_event(session: Session, event_id: int) -> bool:
    """Have an event that was set aside tried again, with all its tries; False when it is not set aside."""
    again = (
        update(InboxEvent)
        .where(InboxEvent.id == event_id, InboxEvent.state == "dead")
        .values(state="open", attempts=0, not_before=_after_lease(InboxEvent), done_at=None)
        .returning(InboxEvent.id)
    )
    return _reopen(session, again, INBOX_SIGNAL)


def retry_message(session: Session, message_id: int) -> bool:
    """Have a message that failed, or may not have arrived, sent again; False when it is neither."""
    again = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state.in_(("failed", "uncertain")))
        .values(
            state="open",
            attempts=0,
            not_before=_after_lease(OutboxMessage),
            done_at=None,
            code=None,
            error=None,
            begun=None,
        )
        .returning(OutboxMessage.id)
    )
    reopened = _reopen(session, again, OUTBOX_SIGNAL)
    if reopened:  # then this is how its notice is told, and not once more when the customer writes
        about = select(OutboxMessage.notice_id).where(OutboxMessage.id == message_id).scalar_subquery()
        session.execute(update(Notice).where(Notice.id == about).values(parked=False))
    return reopened


def _reopen(session: Session, again: ReturningUpdate[Any], signal: str) -> bool:
    reopened = session.scalar(again) is not None
    if reopened:
        _signal(session, signal)
    return reopened


def _after_lease(table: type[InboxEvent] | type[OutboxMessage]) -> Any:
    """When the work in hand of the row's conversation is over at the latest: the reopened row is older and comes first,
    but must not run beside it."""
    other = aliased(table)
    in_hand = select(func.max(other.leased_until)).where(
        other.conversation == table.conversation, other.state == "open"
    )
    return in_hand.scalar_subquery()
