"""Words with taps: a button template for up to three, quick replies for more, further pages beyond thirteen.

Buttons that open a page are never quick replies (Messenger Platform: quick replies carry text only), so they
get button templates of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from channels.messenger import limits
from channels.messenger.text import shorten
from channels.messenger.wire import Label, Message, Wire, labels, texts, with_buttons, with_quick_replies
from shop.replies import Choices

PER_PAGE = limits.QUICK_REPLIES - 1
"""Choices on a page that has a next one: one quick reply is the way there."""


def choices(reply: Choices, wire: Wire) -> list[Message]:
    """The messages of one page of the choices. Links and the whole text are on the first page."""
    offered = labels(reply.buttons)
    if not offered:
        return texts(reply.text)
    if len(offered) <= limits.BUTTONS:
        return _templates(reply.text, offered, wire)
    taps = [label for label in offered if label.button.url is None]
    links = [label for label in offered if label.button.url is not None]
    if not taps:
        return _templates(reply.text, links, wire)
    # Quick replies vanish as soon as something follows them: the links go before.
    before = _templates("", links, wire) if wire.page == 0 else []
    if len(taps) <= limits.BUTTONS:
        return before + _templates(reply.text, taps, wire)
    return before + _quick_replies(reply, taps, wire)


def _quick_replies(reply: Choices, taps: Sequence[Label], wire: Wire) -> list[Message]:
    last_page = max(0, -(-(len(taps) - limits.QUICK_REPLIES) // PER_PAGE))
    page = min(wire.page, last_page)
    shown = taps[page * PER_PAGE :] if page == last_page else taps[page * PER_PAGE :][:PER_PAGE]
    words = reply.text if page == 0 else shorten(reply.text.strip(), limits.BUTTON_TEXT)
    replies = [wire.quick_reply(label) for label in shown]
    if page < last_page:
        replies.append(wire.more_reply(reply.more))
    return with_quick_replies(_with_lines(words, shown), replies)


def _templates(words: str, offered: Sequence[Label], wire: Wire) -> list[Message]:
    """Button templates of three; the first says the words, each further one the titles of its own buttons."""
    messages = []
    for start in range(0, len(offered), limits.BUTTONS):
        some = offered[start : start + limits.BUTTONS]
        own = _with_lines(words, some) if start == 0 and words.strip() else _titles(some)
        messages += with_buttons(own, [wire.button(label) for label in some])
    return messages


def _with_lines(words: str, offered: Sequence[Label]) -> str:
    """The words, and below them in full what was shortened on a tap."""
    return "\n".join([words, *(label.line for label in offered if label.line)])


def _titles(offered: Sequence[Label]) -> str:
    return "\n".join(label.line or label.title for label in offered)
