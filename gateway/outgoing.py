"""A leased outbox row with what sending it takes, as outbox.py and forms.py work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.queue import Lease
from shop.reach import Author


@dataclass(frozen=True)
class Outgoing:
    """One message, in hand.

    `last_inbound_at` is when the customer last did something. `part` counts the messages of one cause. `begun`, `way`
    and `error` are what earlier tries have left (shop.models.OutboxMessage).
    """

    lease: Lease
    channel_id: int
    customer_id: int
    psid: str
    notice_id: int | None
    written_by: str | None
    body: dict[str, Any]
    part: int
    page: int
    sent_parts: int
    message_ids: tuple[str, ...]
    begun: int | None
    way: str | None
    error: str | None
    last_inbound_at: datetime | None

    @property
    def author(self) -> Author:
        """Whose words these are. The bot's own never count as a person's."""
        if self.written_by is not None:
            return Author.PERSON
        return Author.BOT if self.notice_id is None else Author.NOTICE

    @property
    def is_kept_count_of(self) -> bool:
        """Whether each sending is noted beforehand, so that a crash sends nothing twice."""
        return self.author != Author.BOT

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody began to send it and did not live to write what became of it."""
        return self.begun is not None and self.begun == self.sent_parts and self.error is None

    @property
    def was_lost(self) -> bool:
        """Whether the platform's answer to an earlier try was lost, so that the customer may read it twice."""
        return self.begun is not None and self.begun == self.sent_parts and self.error is not None
