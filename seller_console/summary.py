"""A queued message in one line, for people who look at a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seller_console.texts import text
from shop.replies import BadReply, Bill, Cards, Choices, Image, Text, from_json

_LONGEST = 140


def summary(body: Mapping[str, Any], language: str) -> str:
    """What the message says, at most 140 characters, in its own words where it has any."""
    try:
        reply = from_json(body)
    except BadReply:
        return text(language, "A message")
    match reply:
        case Text() | Choices():
            words = reply.text
        case Cards():
            words = ", ".join(card.title for card in reply.cards)
        case Bill():
            words = text(language, "Bill of %(number)s", number=reply.order_number)
        case Image():
            words = reply.alt or text(language, "A picture")
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1].rstrip() + "…"
