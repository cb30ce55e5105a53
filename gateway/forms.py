"""In which form a message of the outbox may go out now: as it is, as Meta's approved template, or not at all.

The table of it is `shop.reach`; here it is asked, and the messages are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from channels.base import Sentence
from channels.messenger import utility
from channels.messenger.render import render
from gateway import payloads, sentences
from gateway.outgoing import Outgoing
from shop import message_templates, notices, reach, telling
from shop.db import Database, utc_now
from shop.reach import Author, Closed, Way
from shop.replies import from_json

WINDOW_CODE = "10/2018278"  # what Messenger itself would answer

_SENTENCES: Mapping[Closed, Sentence] = {
    Closed.WINDOW: sentences.WINDOW_CLOSED,
    Closed.NO_TEMPLATE: sentences.NO_TEMPLATE,
    Closed.TEMPLATE_PENDING: sentences.TEMPLATE_PENDING,
    Closed.TEMPLATE_REJECTED: sentences.TEMPLATE_REJECTED,
    Closed.SEVEN_DAYS: sentences.SEVEN_DAYS,
}


@dataclass(frozen=True)
class Form:
    """The platform's messages, and the way in which they go."""

    way: Way
    parts: list[dict[str, Any]]


@dataclass(frozen=True)
class NotNow:
    """Why it does not go out. `heals`: as soon as the customer does something. `is_left_out`: nobody misses it."""

    sentence: Sentence
    code: str | None
    heals: bool = True
    is_left_out: bool = False


@dataclass(frozen=True)
class _Late:
    """What it takes to tell a notice by template; `status` is None where there is no template for it."""

    template: utility.Template | None
    status: str | None
    facts: Mapping[str, str]


class Forms:
    """Finds the form of messages."""

    def __init__(self, database: Database, secret_key: str) -> None:
        self._database = database
        self._secret_key = secret_key

    async def of(self, message: Outgoing, *, is_refused: bool = False) -> Form | NotNow:
        """The form now. `is_refused`: the platform says that the 24 hours are over.

        Raises BadReply and others for a message that cannot be shown, SQLAlchemyError when the database is away.
        """
        if message.way == Way.UTILITY and message.sent_parts:
            return Form(Way.UTILITY, [{}] * message.sent_parts)  # its echo came; nothing is left to send
        late = await self._late(message, is_refused)
        way = reach.way(
            message.author,
            last_inbound_at=message.last_inbound_at,
            now=utc_now(),
            template=late.status if late else None,
            is_refused=is_refused,
        )
        if way == Way.UTILITY and late is not None:
            return self._by_template(message, late)
        parts = self._render(message)
        if isinstance(way, Closed):
            return _not_now(message, way) if message.sent_parts < len(parts) else Form(Way.UPDATE, parts)
        return Form(way, parts)

    def _by_template(self, message: Outgoing, late: _Late) -> Form | NotNow:
        if message.part or message.sent_parts or late.template is None:
            return NotNow(sentences.LEFT_OUT, None, is_left_out=True)
        payload = payloads.intent("show_order", order_number=late.facts["order"])
        signed = payloads.sign(self._secret_key, message.channel_id, payload)
        return Form(Way.UTILITY, [utility.message(late.template, late.facts, signed)])

    async def _late(self, message: Outgoing, is_refused: bool) -> _Late | None:
        """What is needed only when the 24 hours are over."""
        is_open = reach.is_open(message.last_inbound_at, utc_now()) and not is_refused
        if message.author != Author.NOTICE or is_open:
            return None
        return await self._database.read(_read_late, message)

    def _render(self, message: Outgoing) -> list[dict[str, Any]]:
        def sign(payload: str) -> str:
            return payloads.sign(self._secret_key, message.channel_id, payload)

        def more(page: int) -> str:
            return sign(payloads.more_page(message.lease.id, page))

        return render(from_json(message.body), sign=sign, more=more, page=message.page)


def _not_now(message: Outgoing, why: Closed) -> NotNow:
    is_left_out = message.author == Author.NOTICE and message.part > 0
    return NotNow(_SENTENCES[why], WINDOW_CODE, is_left_out=is_left_out)


def _read_late(session: Session, message: Outgoing) -> _Late:
    assert message.notice_id is not None
    notice, order = notices.get(session, message.notice_id)
    facts = telling.facts(session, message.notice_id)
    try:
        template = utility.template(notice.kind, order.customer.language)
    except KeyError:
        return _Late(None, None, facts)
    if any(not facts.get(name) for name in template.values):
        return _Late(None, None, facts)  # such as a parcel without a number
    status = message_templates.status(session, message.channel_id, template.name, template.language)
    return _Late(template, status, facts)
