"""Two things in one line: "ราคาเท่าไหร่คะ ส่งกี่วัน" asks for a price and about shipping.

A classifier gives a whole text one meaning. Here the text is cut where people cut it, and each piece is looked at by
itself; only questions that the shop's data answers are taken from pieces, and only when a piece is clearly one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: What a piece may add: questions that can be answered beside something else.
QUESTIONS = frozenset({"ask_payment", "ask_price", "ask_shipping", "ask_stock"})
#: What matters more than a question beside it.
_FIRST = "buy_now"
#: How sure the classifier must be of a piece.
_SURE = 0.6
#: More pieces than this are a story, which nobody wants cut up.
_MOST_PIECES = 4
_LONGEST = 300
_FALLBACK = "nlu_fallback"
_THAI = "\u0e00-\u0e7f"
_BETWEEN = re.compile(
    rf"""
    [\n.?!;,/]+                                   # signs
    | (?<=[{_THAI}]) \s+ (?=[{_THAI}])            # in Thai a space ends a thought
    | (?: ค่ะ | คะ | ครับ | คับ | จ้า | จ้ะ ) \s* (?= \S) # so does a polite word
    | แล้วก็ | แล้ว(?=ค่าส่ง|ส่ง|โอน|จ่าย|มี|ราคา) | และ
    | \b(?: and | also | plus | then )\b | &
    """,
    re.IGNORECASE | re.VERBOSE,
)

#: A piece that only points at what the others are about: "ยังมีมั้ยคะ ตัวนี้" orders nothing.
_POINTING = re.compile(
    r"(?:ตัว|อัน|ใบ|ชิ้น|คู่|แบบ|สี|รุ่น)(?:นี้|นั้น|โน้น)|(?:for )?(?:this|that|these|those)(?: ones?)?", re.IGNORECASE
)

Understood = Mapping[str, Any]


def pieces(text: str) -> list[str]:
    """The pieces of a text that may mean something of their own; none for a text that is one piece, or too many."""
    if len(text) > _LONGEST:
        return []
    found = [piece for piece in (part.strip() for part in _BETWEEN.split(text)) if len(piece) > 1]
    found = [piece for piece in found if not _POINTING.fullmatch(piece)]
    return found if 1 < len(found) <= _MOST_PIECES else []


def further(
    whole: Understood, text: str, understand: Callable[[str], Understood]
) -> tuple[str | None, Sequence[str]]:
    """What the pieces of `text` add to what the `whole` means: a meaning instead of it, and further questions.

    Instead: the first question, where the whole means nothing; an order, where the whole was taken for a question.

    `understand` gives what a piece means, in the form of `whole`: `{"intent": {"name": …, "confidence": …}, …}`.
    """
    meant = whole["intent"]["name"]
    found = [intent for intent in map(_sure_of, map(understand, pieces(text))) if intent]
    asked = [intent for intent in found if intent in QUESTIONS]
    instead = None
    if meant in QUESTIONS and _FIRST in found:
        instead = _FIRST
    elif asked and meant in (_FALLBACK, None):
        instead = asked[0]
    others = dict.fromkeys(intent for intent in asked if intent != (instead or meant))
    return instead, list(others)


def _sure_of(found: Understood) -> str | None:
    intent = found["intent"]
    return str(intent["name"]) if intent["confidence"] >= _SURE else None
