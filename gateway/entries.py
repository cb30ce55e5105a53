"""What is kept of a platform's event for people who read the conversation (shop.conversation)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from channels.base import Attachment, Incoming, Kind
from channels.messenger.text import shorten
from shop import conversation
from shop.conversation import Said

#: As long as Messenger's own messages may be. What a person typed beyond stays in the event only.
MOST_CHARACTERS = 2000
_MOST_ATTACHMENTS = 30
_MOST_TITLE = 200
#: The thumb of Messenger's composer in its three sizes.
_THUMBS = frozenset({"369239263222822", "369239343222814", "369239383222810"})


def kind_of(attachment: Attachment) -> str:
    """The attachment's type; "like" for the thumb."""
    return "like" if attachment.sticker_id in _THUMBS else attachment.type


def of(incoming: Incoming) -> Said | None:
    """What the event says to a reader; None when it says nothing, such as "was read"."""
    kinds = conversation.Kind
    match incoming.kind:
        case Kind.MESSAGE:
            return _words(incoming, kinds.WORDS)
        case Kind.ECHO:
            return _words(incoming, kinds.INBOX)
        case Kind.TAP if incoming.tap is not None and incoming.tap.title:
            return Said(kinds.TAP, incoming.tap.title, mid=incoming.mid)
        case Kind.REACTION if incoming.action != "unreact" and incoming.text:
            return Said(kinds.REACTION, shorten(incoming.text, 40), mid=incoming.mid)
        case Kind.REFERRAL:
            return Said(kinds.LINK)
    return None


def _words(incoming: Incoming, kind: conversation.Kind) -> Said:
    attached = tuple(_attached(incoming.attachments[:_MOST_ATTACHMENTS], bool(incoming.text)))
    return Said(kind, shorten(incoming.text or "", MOST_CHARACTERS), attached, incoming.mid)


def _attached(attachments: Sequence[Attachment], has_text: bool) -> Iterator[dict[str, Any]]:
    """As `Said.attachments` says. Addresses are left out: they end soon, and lead away from us."""
    parts = count()
    for one in attachments:
        if one.type == "fallback" and has_text:
            continue  # a link's preview beside its text
        described: dict[str, Any] = {"type": kind_of(one)}
        if one.title:
            described["title"] = shorten(one.title, _MOST_TITLE)
        if one.coordinates:
            described["place"] = list(one.coordinates)
        if one.is_photo:
            described["part"] = next(parts)
        yield described
