"""Cards side by side: Messenger's generic template, ten elements a page."""

from __future__ import annotations

from collections.abc import Sequence

from channels.messenger import limits
from channels.messenger.text import length, shorten, split
from channels.messenger.wire import BLANK, Label, Message, Wire, labels, template, texts
from shop.replies import Card, Cards


def cards(reply: Cards, wire: Wire) -> list[Message]:
    """The messages of one page: what does not fit on its cards as text, then the cards."""
    elements = [element for card in reply.cards for element in _elements(card, wire)]
    if not elements:
        return []
    last_page = (len(elements) - 1) // limits.ELEMENTS
    page = min(wire.page, last_page)
    shown = elements[page * limits.ELEMENTS :][: limits.ELEMENTS]
    message = template({"template_type": "generic", "elements": [element for element, _ in shown]})
    if page < last_page:
        message["quick_replies"] = [wire.more_reply(reply.more)]
    return [*texts("\n\n".join(words for _, words in shown if words)), message]


def _elements(card: Card, wire: Wire) -> list[tuple[Message, str]]:
    """The card as elements, each with the words that have to be said beside it; more than three buttons take
    further elements with the same picture and words."""
    title, subtitle, complete = two_lines(card.title, card.subtitle)
    face = {"title": title, "subtitle": subtitle, "image_url": card.image_url}
    face = {name: value for name, value in face.items() if value}
    taps = labels(card.buttons)
    if not taps:
        # Messenger Platform, generic template: a title and "at least one more property".
        alone = {"subtitle": BLANK} if len(face) == 1 else {}
        return [(face | alone, "" if complete else _in_full(card, []))]
    elements = []
    for start in range(0, len(taps), limits.BUTTONS):
        some = taps[start : start + limits.BUTTONS]
        words = _in_full(card, some) if any(label.line for label in some) or not complete else ""
        elements.append((face | {"buttons": [wire.button(label) for label in some]}, words))
    return elements


def _in_full(card: Card, taps: Sequence[Label]) -> str:
    return "\n".join(part for part in (card.title, card.subtitle, *(label.line for label in taps)) if part)


def two_lines(title: str, subtitle: str) -> tuple[str, str, bool]:
    """Title and subtitle as an element can show them, and whether they still say everything.

    What the title cannot hold moves to the subtitle. If that cannot hold it either, both are shortened.
    """
    title, subtitle = title.strip(), subtitle.strip()
    if not title:
        title, subtitle = subtitle, ""
    head, *tail = split(title, limits.CARD_LINE) or [BLANK]
    below = " ".join([*tail, subtitle]).strip()
    if length(below) <= limits.CARD_LINE:
        return head, below, True
    return shorten(title, limits.CARD_LINE), shorten(subtitle or below, limits.CARD_LINE), False
