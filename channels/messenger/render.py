"""A neutral reply of the shop as Messenger's `message` objects, within every limit and without losing a word.

One module for each kind that needs more than a line: choices.py, cards.py, receipt.py. Sending is in send.py.
"""

from __future__ import annotations

from collections.abc import Callable

from channels.messenger.cards import cards
from channels.messenger.choices import choices
from channels.messenger.receipt import receipt
from channels.messenger.wire import Message, Wire, texts
from shop.replies import Bill, Cards, Choices, Image, Reply, Text


def render(
    reply: Reply, *, sign: Callable[[str], str], more: Callable[[int], str], page: int = 0
) -> list[Message]:
    """The reply's messages, in order; each is the `message` of one Send API request.

    `sign` makes a button's payload into what travels. `more(page)` is the whole payload, as it travels, of a
    tap that asks for that page of this same reply; the tap's answer is `render(..., page=page)`. A page after
    the last is the last. A reply that says nothing has no messages.

    Raises BadReply for a payload longer than Messenger takes, or an amount no receipt can show.
    """
    wire = Wire(sign, more, max(page, 0))
    match reply:
        case Text(text):
            return texts(text)
        case Choices():
            return choices(reply, wire)
        case Cards():
            return cards(reply, wire)
        case Image():
            return _image(reply)
        case Bill():
            return receipt(reply)


def _image(image: Image) -> list[Message]:
    """Messenger's pictures have no words of their own: what a picture shows is said before it."""
    picture = {"attachment": {"type": "image", "payload": {"url": image.url, "is_reusable": True}}}
    return [*texts(image.alt), picture]
