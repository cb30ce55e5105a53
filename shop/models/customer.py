"""Tables of the channels the shop is on, and of the customers met there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Base


class Channel(Base):
    """One connected account on a chat platform: for Messenger a Page. The secrets are encrypted (shop.vault).

    `token_at` and `app_secret_at` are when these came to be what they are, `seen_at` when an event came last (to the
    minute), `shown_at` when greeting and menu last reached the platform.
    """

    __tablename__ = "channel"
    __table_args__ = (UniqueConstraint("platform", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(default="messenger")
    account_id: Mapped[str]
    name: Mapped[str]
    token: Mapped[str]
    app_secret: Mapped[str]
    verify_token: Mapped[str]
    app_id: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    paused_until: Mapped[datetime | None]
    problem: Mapped[str | None]
    token_at: Mapped[datetime | None]
    app_secret_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]


_UNREAD = text("unread > 0")
#: Whose chat a person has, and has read (shop.in_hands).
_HELD = text("unread = 0 AND person_until IS NOT NULL")


class Customer(Base):
    """One person on one channel. Platforms number people per account, so the same person elsewhere is another row.

    `wants_person_since`: they asked for a person and none has answered. `person_until`: until then a person has the
    chat and the bot keeps silent. `unread`: in these two cases, how often they wrote since a person has looked.
    `erased_at`: who they were is forgotten (shop.privacy); `external_id` is then no platform's any more.
    """

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_customer_unread", "last_inbound_at", "id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_customer_held", "last_inbound_at", "id", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_customer_last_inbound_at", "last_inbound_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str]
    name: Mapped[str | None]
    language: Mapped[str]
    created_at: Mapped[datetime]
    last_inbound_at: Mapped[datetime | None]
    wants_person_since: Mapped[datetime | None] = mapped_column(index=True)
    person_until: Mapped[datetime | None] = mapped_column(index=True)
    unread: Mapped[int] = mapped_column(default=0, server_default="0")
    erased_at: Mapped[datetime | None]
    channel: Mapped[Channel] = relationship(lazy="joined")

    @property
    def conversation(self) -> str:
        """The conversation's id: `<channel id>:<psid>`."""
        return f"{self.channel_id}:{self.external_id}"


class ChatDay(Base):
    """That a customer did something in the chat on a day (in Thailand's time): what orders are compared with."""

    __tablename__ = "chat_day"
    __table_args__ = (Index("ix_chat_day_day_customer_id", "day", "customer_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
