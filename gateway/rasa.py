"""Client of Rasa's door (`bot/channel.py`): one turn goes in, neutral replies come out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from shop.replies import BadReply, Reply, from_json
from shop.understood import Understood

#: As long as a slow action may take; a turn that was lost is given back from the conversation when asked again.
TURN_SECONDS = 30.0
_CONNECT_SECONDS = 3.0
_LONGEST_NAME = 100

_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class RasaAway(Exception):
    """Rasa cannot be reached or is not ready: no fault of the turn, any turn has to wait."""


class TurnFailed(Exception):
    """Rasa could not do this turn. The text says why, without the customer's words."""


@dataclass(frozen=True)
class Ask:
    """One turn: what the customer typed, or an intent that was tapped or that the shop started (`notice`).

    `id` is the same when the turn is tried again.
    """

    conversation: str
    id: str
    language: str
    text: str | None = None
    intent: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    notice: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The turn as the door reads it."""
        said: dict[str, Any] = {"text": self.text}
        if self.intent is not None:
            said = {"intent": self.intent, "entities": dict(self.entities), "notice": self.notice}
        metadata = {**self.metadata, "cause": self.id, "language": self.language}
        who = {"conversation": self.conversation, "id": self.id, "language": self.language}
        return {**who, **said, "metadata": metadata}


@dataclass(frozen=True)
class Answer:
    """The replies of a turn, in order, and what was `understood` of typed words, if there is anything to learn."""

    replies: Sequence[Reply]
    understood: Understood | None = None


class Rasa:
    """The door at `url` (Rasa's own address), opened by `token`. The session belongs to the caller."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._address = f"{url}/webhooks/talad/turn"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._timeout = aiohttp.ClientTimeout(total=TURN_SECONDS, sock_connect=_CONNECT_SECONDS)

    async def turn(self, ask: Ask) -> Answer:
        """The answer to one turn. Raises RasaAway and TurnFailed."""
        try:
            async with self._session.post(
                self._address, data=json.dumps(ask.body()), headers=self._headers, timeout=self._timeout
            ) as answer:
                status, raw = answer.status, await answer.read()
        except _NOT_SENT as error:
            raise RasaAway(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TurnFailed(f"no answer from Rasa: {type(error).__name__}") from error
        if status == 401:
            raise RasaAway("Rasa has another TALAD_RASA_TOKEN")
        if status == 404 or (status == 503 and b"no model" in raw):
            raise RasaAway(f"Rasa is not ready: HTTP {status}")
        if status != 200:
            raise TurnFailed(f"Rasa answered HTTP {status}")
        return _answer(raw)


def _answer(raw: bytes) -> Answer:
    try:
        answer = json.loads(raw)
        replies = [reply for response in answer["replies"] for reply in neutral(response)]
        return Answer(replies, _understood(answer.get("understood")))
    except BadReply as error:
        raise TurnFailed(f"a reply that no channel can show: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TurnFailed(f"Rasa's answer is not as agreed: {type(error).__name__}") from error


def _understood(told: Any) -> Understood | None:
    """What the door tells of typed words; None for what is not as agreed, as no turn fails for it."""
    try:
        return Understood(
            intent=_name(told["intent"]),
            confidence=_share(told["confidence"]),
            entities=tuple(
                {"entity": _name(mark["entity"]), "start": int(mark["start"]), "end": int(mark["end"])}
                for mark in told["entities"]
            ),
            guesses=tuple(
                {"intent": _name(guess["intent"]), "confidence": _share(guess["confidence"])}
                for guess in told["guesses"]
            ),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_NAME:
        raise ValueError("no name of an intent or an entity")
    return value


def _share(value: Any) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError("no confidence")
    return number


def neutral(response: Mapping[str, Any]) -> Sequence[Reply]:
    """A Rasa response dict (`text`, `buttons`, `image`, `custom`) as neutral replies, usually one. Raises BadReply."""
    words, buttons, image = response.get("text"), response.get("buttons") or (), response.get("image")
    found: list[Any] = []
    if buttons:
        taps = [{name: tap.get(name) for name in ("title", "payload", "url")} for tap in buttons]
        found.append({"kind": "choices", "text": words or "", "buttons": taps})
    elif words:
        found.append({"kind": "text", "text": words})
    if image:
        found.append({"kind": "image", "url": image})
    if custom := response.get("custom"):
        found.append(custom)
    return [from_json(reply) for reply in found]
