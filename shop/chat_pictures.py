"""Pictures that sellers send in a chat: made safe, stored where the platform fetches them, shown in the conversation.

Sending them is in `seller_words`, giving them up in `privacy`. Before a file is stored it is noted as one to be
deleted, which the transaction that sends it takes back: nothing that was not sent stays, whatever comes in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import media, privacy
from shop.errors import BadFields, BadInput, BadPicture, NotFound
from shop.media import MediaStore
from shop.models import OutboxMessage
from shop.slips.picture import cleaned_apart

#: So many are sent at once.
MOST = 10
#: By then one that was stored is sent, or never will be.
_SOON = timedelta(minutes=15)


@dataclass(frozen=True)
class Outgoing:
    """A picture to send: its key in the media store, the public address it has there, width and height in pixels."""

    key: str
    url: str
    width: int
    height: int
    jpeg: bytes


def made(files: Sequence[tuple[str, bytes]], public_url: str) -> list[Outgoing]:
    """The pictures (JPEG, PNG or WebP), given by file name and content, made safe and small: all of them, or none.

    Raises BadInput("pictures", "many"), BadFields with "large" or "picture" by file name. Decodes in child processes,
    and blocks.
    """
    if len(files) > MOST:
        raise BadInput("pictures", "many")
    pictures: list[Outgoing] = []
    refused: dict[str, str] = {}
    for name, data in files:
        try:
            clean = cleaned_apart(data, is_read=False)
        except BadPicture as error:
            refused[name] = "large" if str(error) == "too large" else "picture"
            continue
        key = media.new_key(media.PUBLIC, "chats", "jpg")
        url = media.public_address(public_url, key)
        pictures.append(Outgoing(key, url, clean.width, clean.height, clean.jpeg))
    if refused:
        raise BadFields(refused)
    return pictures


def announce(session: Session, pictures: Sequence[Outgoing], now: datetime) -> None:
    """The files are about to be stored, and deleted again unless they are sent."""
    privacy.leave(session, privacy.PICTURE, [picture.key for picture in pictures], now + _SOON)


def store(media_store: MediaStore, pictures: Sequence[Outgoing]) -> None:
    """Store the files. Blocks."""
    for picture in pictures:
        media_store.put(picture.key, picture.jpeg)


def are_sent(session: Session, pictures: Sequence[Outgoing]) -> None:
    """The files are part of the conversation from now on."""
    privacy.keep(session, privacy.PICTURE, [picture.key for picture in pictures])


def key(session: Session, customer_id: int, message_id: int) -> str:
    """The key of the picture that was sent to this customer in this message. Raises NotFound."""
    theirs = (OutboxMessage.id == message_id) & (OutboxMessage.customer_id == customer_id)
    found = session.scalar(select(OutboxMessage.picture).where(theirs))
    if found is None:
        raise NotFound(f"picture of message {message_id} to customer {customer_id}")
    return found
