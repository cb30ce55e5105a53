"""What is kept of a text that a customer typed and the model had to understand: masked, clean, or nothing at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from shop import masking, sameness

#: A longer text is a story, which teaches the model little and says much of whoever wrote it.
LONGEST = 300
#: The model's word for "I do not know", which cannot be taught.
FALLBACK = "nlu_fallback"
#: Meanings with which the customer was not helped, however sure the model was.
_NOT_HELPED = (FALLBACK, "out_of_scope")
_NOT_HELPED_COUNTS = 0.3
#: What is taken for somebody's name, telephone number or address.
_PERSONAL = "give_details"
_MOST_GUESSES = 3
_MOST_ENTITIES = 20


@dataclass(frozen=True)
class Understood:
    """What the model made of a text. `entities`: `entity`, `start`, `end` in the text; `guesses`: `intent`,
    `confidence`, the likeliest first.
    """

    intent: str
    confidence: float
    entities: tuple[Mapping[str, Any], ...] = ()
    guesses: tuple[Mapping[str, Any], ...] = ()


def kept(
    text: str, language: str, understood: Understood, names: Iterable[str] = ()
) -> dict[str, Any] | None:
    """The columns of `Utterance` that come of a text, None when it is not to be kept.

    That are long texts, those that say nothing, and those that say who or where somebody is. `names` are the
    customer's and of those whom they had parcels sent to.
    """
    if len(text) > LONGEST or _PERSONAL in (understood.intent, _likeliest(understood)):
        return None
    line, places = clean(text)
    if masking.says_who_or_where(line):
        return None
    masked = masking.masked(line, names)
    key = sameness.key(masked)
    if not key:
        return None
    return {
        "key": key,
        "text": masked,
        "language": language,
        "intent": understood.intent,
        "confidence": round(understood.confidence, 4),
        "certainty": certainty(understood),
        "entities": [mark for one in understood.entities[:_MOST_ENTITIES] if (mark := moved(one, places))],
        "guesses": [
            {"intent": guess["intent"], "confidence": round(guess["confidence"], 4)}
            for guess in understood.guesses[:_MOST_GUESSES]
        ],
    }


def certainty(understood: Understood) -> float:
    """How sure the model was, 0 to 1: no surer than it is of the likeliest meaning, and than that is ahead of the next.

    Where the customer was not helped it counts less, however sure the model was of it.
    """
    likely = [float(guess["confidence"]) for guess in understood.guesses[:2]]
    first, second = [*likely, 0.0, 0.0][:2]
    sure = min(first, 2 * (first - second)) if likely else understood.confidence
    counts = _NOT_HELPED_COUNTS if understood.intent in _NOT_HELPED else 1.0
    return round(max(0.0, min(sure, 1.0)) * counts, 4)


def _likeliest(understood: Understood) -> str:
    return str(understood.guesses[0]["intent"]) if understood.guesses else ""


def clean(text: str) -> tuple[str, list[int]]:
    """The text in one line, without what cannot be seen or stored; and where each place in it, and its end, went."""
    signs: list[str] = []
    last = " "
    for index, character in enumerate(text):
        sign = " " if character.isspace() else character
        is_kept = sign != last if sign == " " else _is_seen(text, index)
        signs.append(sign if is_kept else "")
        last = sign if is_kept else last
    places = [0, *accumulate(map(len, signs))]
    line = "".join(signs).rstrip()
    return line, [min(place, len(line)) for place in places]


def _is_seen(text: str, index: int) -> bool:
    """Not controls, marks of direction, halves of emoji; what joins emoji is part of them."""
    if text[index] == "\u200d":
        return 0 < index < len(text) - 1 and unicodedata.category(text[index - 1])[0] in "SM"
    return unicodedata.category(text[index])[0] != "C"


def moved(mark: Mapping[str, Any], places: list[int]) -> dict[str, Any] | None:
    """The mark in the cleaned text; None when there is nothing left of it, or never was."""
    if not 0 <= mark["start"] < mark["end"] < len(places):
        return None
    start, end = places[mark["start"]], places[mark["end"]]
    return {"entity": mark["entity"], "start": start, "end": end} if start < end else None
