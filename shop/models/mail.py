"""Tables of what came in from a conversation and what goes out to it, and of notices.

How the rows are worked off (leases, retries, giving up) is the gateway's; that a row is written once, in
order and together with its cause is `shop.mailbox`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base, BigId


def _open_rows(name: str) -> tuple[Index, Index]:
    """The index that finds the heads of conversations among the open rows, whatever else the table holds.

    Without `state` in front SQLite's planner prefers the index on (state, id); with it PostgreSQL cannot go
    straight to a conversation.
    """
    is_open = text("state = 'open'")
    return (
        Index(name, "conversation", "id", postgresql_where=is_open).ddl_if(dialect="postgresql"),
        Index(name, "state", "conversation", "id", sqlite_where=is_open).ddl_if(dialect="sqlite"),
    )


class Queued:
    """Columns of a row that waits its turn in its conversation.

    `state` is `open` until it is worked off; only an open row may be leased. `fence` counts the leases, so that
    the result of a worker that has lost its lease is refused. `not_before` holds back a retry.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation: Mapped[str | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class InboxEvent(Queued, Base):
    """One event for the bot: from a platform's webhook, or a notice of the shop itself.

    `account_id` and `key` name it for ever: the pair is unique, so a second delivery changes nothing.
    `state`: open, done, ignored (with `reason`), dead (set aside after the last try).
    `raw` is the event as it came; it is emptied some time after the work is done.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        *_open_rows("ix_inbox_event_open"),
        Index("ix_inbox_event_state_id", "state", "id"),
    )

    account_id: Mapped[str]
    key: Mapped[str]
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    kind: Mapped[str]
    reason: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


_WRITTEN = text("written_by IS NOT NULL")


class OutboxMessage(Queued, Base):
    """One reply or notice to a customer, as neutral JSON (`shop.replies`).

    `cause` and `part` name it for ever, so that work done twice queues it once.
    `state`: open, sent, failed (with `code` and `error`), uncertain (the platform's answer was lost), dropped (not
    missed: something else tells the customer, or nothing has to).
    `sent_parts` counts the platform's messages already sent, `message_ids` are their ids.
    `page` is which page of a long list of cards or choices it shows. `written_by`: the seller who wrote it; the bot's
    own messages have none. Of these and of notices `begun` is the platform's message that was last begun to be sent, so
    that after a crash it is known that it may have gone out, and `way` is how (shop.reach). `picture`: the key in the
    media store of a picture that a seller sent, with its size in pixels; whoever deletes the row gives the file up.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("cause", "part"),
        *_open_rows("ix_outbox_message_open"),
        Index("ix_outbox_message_state_id", "state", "id"),
        Index("ix_outbox_message_customer_id_created_at", "customer_id", "created_at", "id"),
        Index("ix_outbox_message_written", "id", sqlite_where=_WRITTEN, postgresql_where=_WRITTEN),
    )

    cause: Mapped[str]
    part: Mapped[int]
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)
    body: Mapped[dict[str, Any]]
    page: Mapped[int] = mapped_column(default=0)
    sent_parts: Mapped[int] = mapped_column(default=0)
    message_ids: Mapped[list[str]] = mapped_column(default=list)
    code: Mapped[str | None]
    written_by: Mapped[str | None]
    begun: Mapped[int | None]
    way: Mapped[str | None]
    picture: Mapped[str | None]
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]


class Notice(Base):
    """Something the shop tells a customer unasked, such as "Paid".

    `state`: waiting, told, not_told (with `reason`), uncertain (sent, and nobody knows whether it arrived), over (no
    longer so when it could be told). Written in the transaction of the change that causes it. `parked`: not told, and
    told again as soon as the customer does something; `rounds` counts how often that was. `waits_for`, of a parked one:
    the disconnected channel that it waits for; it is told when that is used again.
    `detail` holds what only this notice knows, such as why a slip was rejected (shop.notices).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("transition_id", "kind"),
        # Each as SQLAlchemy writes a condition on `parked` for that database: else the index is not used.
        Index(
            "ix_notice_waits_for",
            "waits_for",
            "id",
            sqlite_where=text("parked = 1"),
            postgresql_where=text("parked"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    transition_id: Mapped[int] = mapped_column(ForeignKey("transition.id"))
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    state: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    parked: Mapped[bool] = mapped_column(default=False, server_default=false())
    waits_for: Mapped[int | None] = mapped_column(ForeignKey("channel.id"))
    rounds: Mapped[int] = mapped_column(default=0, server_default="0")


class MessageTemplate(Base):
    """A text that the platform has to approve before it may be sent to customers who were silent for 24 hours.

    `status` is the platform's word: APPROVED, PENDING, REJECTED (with `reason`), PAUSED, DISABLED; or REFUSED, when it
    did not take the text at all.
    """

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("channel_id", "name", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    name: Mapped[str]
    language: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    changed_at: Mapped[datetime]


class StoreVisit(Base):
    """What a customer has done in the web store and the chat does not know yet; told at `due_at` (shop.store_visits).

    `cause` names it for ever. `order_id`: an order was placed; else the cart has changed.
    """

    __tablename__ = "store_visit"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    cause: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    due_at: Mapped[datetime] = mapped_column(index=True)
