"""What an event asks Rasa, and the answers: taps, photos, other attachments and typed words, each in its way.

What a customer types is only ever text. An intent comes from a tap whose payload is proved to be ours, from a
photo, or from the shop itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.base import Attachment, Incoming, Tap
from channels.messenger.text import shorten
from gateway import commands, entries, payloads
from gateway.events import Event, Known
from gateway.payloads import Intent, MorePage
from gateway.pictures import Pictures
from gateway.rasa import Ask, Rasa
from shop.db import Database
from shop.models import OutboxMessage
from shop.replies import to_json
from shop.understood import Understood

#: So many tries are worth waiting for a picture; then the customer is asked to send it again.
_TRIES_FOR_A_PICTURE = 3


@dataclass(frozen=True)
class Saying:
    """One reply: neutral JSON, and which page of it."""

    body: dict[str, Any]
    page: int = 0


@dataclass(frozen=True)
class Typed:
    """Words of a customer that the model had to understand."""

    text: str
    understood: Understood


@dataclass(frozen=True)
class Answers:
    """What is said in answer to an event, and what was `typed` in it, if there is anything to learn from that."""

    says: Sequence[Saying] = ()
    typed: Typed | None = None


class Asking:
    """Asks Rasa on behalf of customers."""

    def __init__(self, database: Database, rasa: Rasa, pictures: Pictures, secret_key: str) -> None:
        self._database = database
        self._rasa = rasa
        self._pictures = pictures
        self._secret_key = secret_key

    def calls_the_bot(self, event: Event, incoming: Incoming) -> bool:
        """Whether the customer wants the bot, whoever has the chat: a tap on a button of ours, or its own word."""
        if incoming.tap is not None:
            return self._proved(event.channel_id, incoming.tap.payload) is not None
        return commands.calls_the_bot(incoming.text)

    async def answers(self, event: Event, incoming: Incoming, customer: Known) -> Answers | None:
        """The answers to a customer's event, None when it says nothing. Raises RasaAway, TurnFailed, FetchFailed."""
        if incoming.tap is not None:
            asks = await self._tapped(event, incoming.tap)
            if isinstance(asks, Saying):
                return Answers([asks])
        elif commands.calls_the_bot(incoming.text) and customer.person_until is not None:
            asks = [{"intent": "back_to_bot"}]
        else:
            asks = [*await self._attached(event, incoming, customer)]
            if incoming.text:
                asks.append({"text": shorten(incoming.text, entries.MOST_CHARACTERS)})
        return await self._ask(event, customer, asks, is_typed=incoming.tap is None) if asks else None

    async def notice(self, event: Event, customer: Known, notice_id: int) -> Sequence[Saying]:
        """The words of a notice. Raises RasaAway and TurnFailed."""
        asks = [{"intent": "notice", "entities": {"notice": str(notice_id)}, "notice": True}]
        return (await self._ask(event, customer, asks)).says

    async def bot_is_back(self, event: Event, customer: Known) -> Sequence[Saying]:
        """The words with which the bot comes back. Raises RasaAway and TurnFailed."""
        return (await self._ask(event, customer, [{"intent": "back_to_bot", "notice": True}])).says

    async def store_news(self, event: Event, customer: Known) -> Sequence[Saying]:
        """The words for what the customer has done in the web store. Raises RasaAway and TurnFailed."""
        entities = {"news": str(event.raw["news"]), "order_number": str(event.raw["order"] or "")}
        asks = [{"intent": "store_news", "entities": entities, "notice": True}]
        return (await self._ask(event, customer, asks)).says

    async def photos(self, event: Event, incoming: Incoming, customer: Known) -> list[int]:
        """The slips kept of the event's photos that can be read. Raises FetchFailed."""
        photos = [
            attachment.url for attachment in incoming.attachments if attachment.is_photo and attachment.url
        ]
        if not photos:
            return []
        return await self._pictures.keep(
            photos,
            customer_id=customer.id,
            cause=event.cause,
            now=event.created_at,
            last_try=event.lease.attempts >= _TRIES_FOR_A_PICTURE,
        )

    async def _ask(
        self, event: Event, customer: Known, asks: Sequence[dict[str, Any]], *, is_typed: bool = False
    ) -> Answers:
        """`is_typed`: a text among them was written by the customer, letter by letter."""
        said: list[Saying] = []
        typed = None
        for number, ask in enumerate(asks, 1):
            metadata = {
                "channel_id": event.channel_id,
                "customer_id": customer.id,
                "at": event.created_at.isoformat(),
                "media": ask.pop("media", []),
            }
            turn = Ask(
                conversation=event.lease.conversation,
                id=event.cause if number == 1 else f"{event.cause}:{number}",
                language=customer.language,
                metadata=metadata,
                **ask,
            )
            answer = await self._rasa.turn(turn)
            said += [Saying(to_json(reply)) for reply in answer.replies]
            if is_typed and turn.text and answer.understood is not None:
                typed = Typed(turn.text, answer.understood)
        return Answers(said, typed)

    async def _tapped(self, event: Event, tap: Tap) -> list[dict[str, Any]] | Saying:
        """A tap of ours as its intent or the next page; any other as if its title had been typed."""
        asked = self._proved(event.channel_id, tap.payload)
        if isinstance(asked, Intent):
            return [{"intent": asked.name, "entities": asked.entities}]
        if isinstance(asked, MorePage):
            body = await self._database.read(_body, asked.message_id, event.lease.conversation)
            if body:
                return Saying(body, asked.page)
        return [{"text": tap.title}] if tap.title.strip() else []

    def _proved(self, channel_id: int, travelled: str | None) -> Intent | MorePage | None:
        payload = payloads.verified(self._secret_key, channel_id, travelled or "")
        return payloads.read(payload) if payload is not None else None

    async def _attached(self, event: Event, incoming: Incoming, customer: Known) -> Sequence[dict[str, Any]]:
        if not any(attachment.is_photo for attachment in incoming.attachments):
            return [*_unsupported(incoming.attachments, bool(incoming.text))]
        slips = await self.photos(event, incoming, customer)
        if not slips:
            return [{"intent": "unreadable_picture"}]
        return [{"intent": "report_payment", "media": [str(slip) for slip in slips]}]


def _unsupported(attachments: Sequence[Attachment], has_text: bool) -> Iterator[dict[str, Any]]:
    """One answer for all attachments that are no photos. A link's preview beside its text is no attachment."""
    for attachment in attachments:
        if attachment.type == "fallback" and has_text:
            continue
        kind = entries.kind_of(attachment)
        yield {"intent": "unsupported_attachment", "entities": {"attachment": kind}}
        return


def _body(session: Session, message_id: int, conversation: str) -> dict[str, Any] | None:
    wanted = select(OutboxMessage.body).where(
        OutboxMessage.id == message_id, OutboxMessage.conversation == conversation
    )
    return session.scalar(wanted)
