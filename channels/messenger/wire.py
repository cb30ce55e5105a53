"""The small parts that Messenger's messages are made of: texts, taps, labels cut to what a tap can show.

Which parts a reply needs is in render.py, choices.py, cards.py and receipt.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from channels.messenger import limits
from channels.messenger.text import length, shorten, split
from shop.replies import BadReply, Button

Message = dict[str, Any]

BLANK = "–"  # where Messenger wants words and there are none


@dataclass(frozen=True)
class Label:
    """A button with the title that fits on it; `line` says the full title where it does not fit."""

    button: Button
    title: str
    line: str | None


def labels(buttons: Sequence[Button]) -> list[Label]:
    """Each button's label. Titles too long are numbered, so that each tap can be told from the others."""
    return [_label(number, button) for number, button in enumerate(buttons, 1)]


def _label(number: int, button: Button) -> Label:
    if length(button.title) <= limits.TAP_TITLE:
        return Label(button, button.title.strip() or BLANK, None)
    numbered = f"{number}. {button.title.strip()}"
    return Label(button, shorten(numbered, limits.TAP_TITLE), numbered)


@dataclass(frozen=True)
class Wire:
    """How this conversation's payloads are made: `sign` for a reply's taps, `more` for the tap to a page."""

    sign: Callable[[str], str]
    more: Callable[[int], str]
    page: int

    def button(self, label: Label) -> Message:
        """The label as a button of a template."""
        if label.button.url is not None:
            return {"type": "web_url", "title": label.title, "url": label.button.url}
        return {"type": "postback", "title": label.title, "payload": self._payload(label)}

    def quick_reply(self, label: Label) -> Message:
        """The label of a payload button as a quick reply."""
        return {"content_type": "text", "title": label.title, "payload": self._payload(label)}

    def more_reply(self, title: str) -> Message:
        """The quick reply that shows the next page."""
        payload = checked_payload(self.more(self.page + 1))
        return {"content_type": "text", "title": more_title(title), "payload": payload}

    def _payload(self, label: Label) -> str:
        return checked_payload(self.sign(label.button.payload or ""))


def more_title(title: str) -> str:
    """The words of a "more" tap, cut to what fits."""
    return shorten(title.strip(), limits.TAP_TITLE) or BLANK


def checked_payload(payload: str) -> str:
    """The payload, if Messenger takes it. Raises BadReply when it is too long."""
    if length(payload) > limits.PAYLOAD:
        raise BadReply(f"a payload of {length(payload)} characters; Messenger takes {limits.PAYLOAD}")
    return payload


def texts(words: str) -> list[Message]:
    """The words as text messages."""
    return [{"text": piece} for piece in split(words, limits.TEXT)]


def with_quick_replies(words: str, replies: Sequence[Message]) -> list[Message]:
    """The words as text messages, the last one with the quick replies."""
    *before, last = texts(words) or [{"text": BLANK}]
    return [*before, {**last, "quick_replies": list(replies)}]


def with_buttons(words: str, buttons: Sequence[Message]) -> list[Message]:
    """The words in a button template; what is too long for it goes before as text messages."""
    *before, last = split(words, limits.TEXT) or [BLANK]
    if length(last) > limits.BUTTON_TEXT:
        *middle, last = split(last, limits.BUTTON_TEXT)
        before += middle
    payload = {"template_type": "button", "text": last, "buttons": list(buttons)}
    return [*({"text": piece} for piece in before), template(payload)]


def template(payload: Message) -> Message:
    """A message that is one template."""
    return {"attachment": {"type": "template", "payload": payload}}
