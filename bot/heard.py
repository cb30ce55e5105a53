"""What the gateway is told of typed words: what the model made of them, for those who teach it.

Not told: what a form took as the answer to its question, which is somebody's name, number or address rather than an
example of anything; and what was typed when such was asked for, unless the model was sure that it is something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event

_FALLBACK = "nlu_fallback"
#: Slots that are filled by typing who or where somebody is.
_DETAILS = ("recipient", "phone", "address")
_SURE = 0.8
_MOST_GUESSES = 3


def understood(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """`intent`, `confidence`, `entities` (entity, start, end) and the likeliest `guesses` (intent, confidence).

    `found` is as `bot.understanding` gives it of a text. None when the model knows no intents.
    """
    if found["intent"]["name"] is None:
        return None
    guesses = [one for one in found["intent_ranking"] if one["name"] != _FALLBACK]
    return {
        "intent": found["intent"]["name"],
        "confidence": found["intent"]["confidence"],
        "entities": [{name: one[name] for name in ("entity", "start", "end")} for one in found["entities"]],
        "guesses": [
            {"intent": one["name"], "confidence": one["confidence"]} for one in guesses[:_MOST_GUESSES]
        ],
    }


def is_told(found: Mapping[str, Any], form: str | None, asked: str | None, then: Iterable[Event]) -> bool:
    """Whether the gateway may know of it. `form` had asked for the slot `asked`; `then` is what happened after it."""
    if form is None:
        return True
    if asked in _DETAILS and (found["intent"]["name"] == _FALLBACK or found["intent"]["confidence"] < _SURE):
        return False
    for event in then:
        if isinstance(event, (ActionExecuted, ActionExecutionRejected)):
            return not (isinstance(event, ActionExecuted) and event.action_name == form)
    return True
