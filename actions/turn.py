"""What the customer just did, read once from Rasa's tracker. What is said in return is `actions.say`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

from shop.db import utc_now

#: Meanings that leave the customer without what they wanted.
NOT_UNDERSTOOD = ("nlu_fallback", "out_of_scope")
#: A meaning that is less likely is no guess worth offering.
_LEAST_LIKELY = 0.1
#: Rasa's mark of what the user did not say (IS_EXTERNAL), set by bot.turn.
_BY_SHOP = "is_external"

Event = dict[str, Any]
Events = list[Event]


@dataclass(frozen=True)
class Turn:
    """One turn: who, what, when, and what the bot had asked.

    `text` is None for a tap, a picture and a notice; `intent` is what the text or tap means, `confidence` 0 to 1.
    `also` are further questions in the same text, `guesses` what it may mean, likeliest first. `missed_before`: nor was
    what was typed before understood. `cause` names the event for ever: a write that carries it is done once. `form`
    is the form in progress and `asked` its open question. `is_answer` is False when the form comes back after another
    action has answered this turn. `by_shop`: it is news of the shop's, and the customer did nothing.
    """

    customer: int | None
    cause: str
    at: datetime
    language: str
    intent: str
    confidence: float
    text: str | None
    entities: Mapping[str, str]
    media: tuple[int, ...]
    slots: Mapping[str, Any]
    form: str | None
    asked: str | None
    is_answer: bool
    said_before: bool
    also: tuple[str, ...]
    guesses: tuple[str, ...]
    missed_before: bool
    by_shop: bool

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """The turn that the tracker ends with.

        The gateway's metadata rides on the message; a notice may come without, then its entities say enough.
        """
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        entities = _entities(message.get("entities") or [])
        text = message.get("text") or None
        return cls(
            customer=metadata.get("customer_id") or _customer_before(tracker.events),
            cause=str(metadata.get("cause") or entities.get("cause") or message.get("message_id") or ""),
            at=datetime.fromisoformat(metadata["at"]) if "at" in metadata else utc_now(),
            language="en" if tracker.slots.get("language") == "en" else "th",
            intent=intent.get("name") or "nlu_fallback",
            confidence=float(intent.get("confidence") or 0.0),
            text=text,
            entities=entities,
            media=tuple(int(slip) for slip in metadata.get("media") or ()),
            slots=tracker.slots,
            form=(tracker.active_loop or {}).get("name"),
            asked=tracker.slots.get("requested_slot"),
            is_answer=_nothing_done_since_message(tracker.events),
            said_before=text is not None and _typed_before(tracker.events) == text,
            also=tuple(message.get("also") or ()),
            guesses=_guesses(message.get("intent_ranking") or []),
            missed_before=_intent_before(tracker.events) in NOT_UNDERSTOOD,
            by_shop=bool(metadata.get(_BY_SHOP)),
        )

    @property
    def customer_id(self) -> int:
        """The customer's id. Raises ValueError where only a notice without metadata is known."""
        if self.customer is None:
            raise ValueError(f"turn {self.cause!r} does not say whose it is")
        return self.customer


def _entities(found: list[dict[str, Any]]) -> dict[str, str]:
    """The first value of each entity, as text."""
    values: dict[str, str] = {}
    for entity in found:
        values.setdefault(entity["entity"], str(entity["value"]))
    return values


def _guesses(ranking: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(guess["name"] for guess in ranking if guess["confidence"] >= _LEAST_LIKELY)


def _intent_before(events: list[Event]) -> str | None:
    """What the message before the last one meant."""
    messages = (event for event in reversed(events) if event["event"] == "user")
    next(messages, None)
    meant = (next(messages, {}).get("parse_data") or {}).get("intent") or {}
    return meant.get("name")


def _nothing_done_since_message(events: list[Event]) -> bool:
    """Whether no other action ran before this one. A form's validation sees the form itself as the last action."""
    names = (event["name"] for event in reversed(events) if event["event"] == "action")
    last = next(names, "action_listen")
    if last.endswith("_form"):
        last = next(names, "action_listen")
    return last == "action_listen"


def _customer_before(events: list[Event]) -> int | None:
    """Whose conversation it is, by what was said before: a notice may come without."""
    known = ((event.get("metadata") or {}).get("customer_id") for event in reversed(events))
    return next((customer for customer in known if customer is not None), None)


def _typed_before(events: list[Event]) -> str | None:
    """What the customer typed in the message before the last one."""
    messages = (event for event in reversed(events) if event["event"] == "user")
    next(messages, None)
    return next(messages, {}).get("text")
