"""A customer in front of the real bot: types, taps and sends pictures through Rasa's door as the gateway does."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from shop import replies
from shop.db import Database, utc_now
from shop.models import Customer
from shop.replies import Bill, Button, Cards, Choices, Reply, Text
from shop.slips import intake
from shop.slips.picture import Picture

_ids = count(1)


@dataclass
class Rasa:
    """Where the door is."""

    url: str
    token: str

    def turn(self, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/webhooks/talad/turn",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@dataclass
class Answer:
    """What the customer sees after one turn."""

    replies: list[Reply]

    @property
    def text(self) -> str:
        """All words, those of cards included."""
        return "\n".join(words for reply in self.replies for words in _words(reply))

    @property
    def buttons(self) -> list[Button]:
        return [button for reply in self.replies for button in _buttons(reply)]

    @property
    def last(self) -> str:
        """The words of the last reply: the open question, if there is one."""
        return "\n".join(_words(self.replies[-1])) if self.replies else ""

    @property
    def bills(self) -> list[Bill]:
        return [reply for reply in self.replies if isinstance(reply, Bill)]


@dataclass
class Chat:
    """One customer's conversation. `seen` is the last answer; a tap is looked for there. `told`: what it meant."""

    rasa: Rasa
    db: Database
    customer_id: int
    conversation: str
    channel_id: int
    seen: Answer = field(default_factory=lambda: Answer([]))
    told: dict[str, Any] | None = None

    @property
    def language(self) -> str:
        with self.db.reading() as session:
            return session.get_one(Customer, self.customer_id).language

    def types(self, text: str) -> Answer:
        return self._turn({"text": text})

    def taps(self, title: str) -> Answer:
        """Tap the button with this title in the last answer; the first, if several have it."""
        payloads = [button.payload for button in self.seen.buttons if button.title == title]
        assert payloads, f"no {title!r} among {[button.title for button in self.seen.buttons]}"
        return self.sends(payloads[0] or "")

    def sends(self, payload: str) -> Answer:
        """An old tap, or one of the persistent menu, in Rasa's form `/intent{…}`."""
        intent, brace, entities = payload.removeprefix("/").partition("{")
        return self._turn({"intent": intent, "entities": json.loads(brace + entities) if brace else {}})

    def sends_photo(self, *codes: str, is_paper: bool = True) -> Answer:
        """A photo with these texts in its QR codes; without any it could be a slip if it `is_paper`."""
        cause = f"event-{next(_ids)}"
        with self.db.transaction() as session:
            picture = Picture(jpeg=b"", sha256=cause, width=10, height=20, codes=codes, is_paper=is_paper)
            key = f"private/slips/{cause}.jpg"
            slip = intake.keep(session, self.customer_id, picture, key, cause=cause, part=0, now=utc_now())
        return self._turn({"intent": "report_payment"}, cause=cause, media=[str(slip.id)])

    def is_told(self, notice_id: int, **metadata: Any) -> Answer:
        body = {"intent": "notice", "entities": {"notice": str(notice_id)}, "notice": True}
        return self._turn(body, bare=True, **metadata)

    def repeats(self, body: dict[str, Any]) -> Answer:
        return self._turn(body, cause=body["id"])

    def _turn(self, body: dict[str, Any], *, cause: str = "", bare: bool = False, **metadata: Any) -> Answer:
        cause = cause or f"event-{next(_ids)}"
        known = {
            "cause": cause,
            "channel_id": self.channel_id,
            "customer_id": self.customer_id,
            "at": utc_now().isoformat(),
            "language": self.language,
            "media": [],
        }
        self.last_body = {
            "conversation": self.conversation,
            "id": cause,
            "language": self.language,
            "metadata": metadata if bare else {**known, **metadata},
            **body,
        }
        answer = self.rasa.turn(self.last_body)
        self.seen, self.told = (
            Answer([_reply(message) for message in answer["replies"]]),
            answer["understood"],
        )
        return self.seen


def _reply(message: dict[str, Any]) -> Reply:
    if message.get("custom"):
        return replies.from_json(message["custom"])
    buttons = tuple(
        Button(button["title"], button.get("payload"), button.get("url"))
        for button in message.get("buttons", [])
    )
    return Choices(message["text"], buttons) if buttons else Text(message["text"])


def _buttons(reply: Reply) -> Iterator[Button]:
    if isinstance(reply, Choices):
        yield from reply.buttons
    if isinstance(reply, Cards):
        for card in reply.cards:
            yield from card.buttons


def _words(reply: Reply) -> Iterator[str]:
    if isinstance(reply, Text | Choices):
        yield reply.text
    if isinstance(reply, Cards):
        for card in reply.cards:
            yield from (card.title, card.subtitle)
