"""Tables of conversations as people read them, and of what they answer often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base, BigId


class QuickAnswer(Base):
    """An answer that is ready to send: `shortcut` is what one types after "/" for it. One of the texts may be empty."""

    __tablename__ = "quick_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcut: Mapped[str] = mapped_column(unique=True)
    text_th: Mapped[str]
    text_en: Mapped[str]


class ChatEntry(Base):
    """What a customer did in the chat, or what a person wrote to them from the platform's own inbox.

    What the shop itself says is in `OutboxMessage`; `shop.conversation` shows both together. `kind` is one of its
    `Kind`. `event_id` is the inbox event it was, so that an event that is done twice stands once, and by it the
    pictures that came along are found (Slip.cause). `mid` is the platform's name of the message, by which an edit
    finds it. `attachments`: objects with `type` and what else is known of them (shop.conversation.Attachment).
    """

    __tablename__ = "chat_entry"
    __table_args__ = (Index("ix_chat_entry_customer_id_at", "customer_id", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("inbox_event.id"), unique=True)
    kind: Mapped[str]
    text: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mid: Mapped[str | None]
    edited: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
