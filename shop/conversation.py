"""The conversation with a customer as a person reads it: what they did, what the bot answered, what people wrote.

What customers do is kept by the gateway (`keep`) in the transaction that ends the event; what the shop says is the
outbox, which also knows whether it arrived. `page` puts both in one order, newest last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert

from shop import chat_positions, people
from shop.bill_links import QR
from shop.chat_positions import LAST, Position
from shop.media import PUBLIC
from shop.models import ChatEntry, Customer, OutboxMessage, ProductPicture, Slip
from shop.replies import BadReply, Bill, Card, Cards, Choices, Image, Text, from_json
from shop.sql import insert_into

_PER_PAGE = 30
#: In the address of a public picture, what its key goes on after.
_PUBLIC_AT = f"/media/{PUBLIC}/"


class Kind(StrEnum):
    """What a kept entry is."""

    WORDS = "words"  # text, attachments, or both
    TAP = "tap"
    REACTION = "reaction"
    LINK = "link"  # the chat was opened through a link or an advertisement
    INBOX = "inbox"  # a person's words to the customer from the platform's own inbox


class By(StrEnum):
    """Whose entry it is."""

    CUSTOMER = "customer"
    BOT = "bot"
    SELLER = "seller"  # a person in the console
    INBOX = "inbox"  # a person in the platform's own inbox


@dataclass(frozen=True)
class Said:
    """What is kept of an event.

    `attachments`: `{"type": …}`, with `title`, `place` (latitude, longitude), or `part`: of a photo, which one of the
    event's photos it is (Slip.part).
    """

    kind: Kind
    text: str = ""
    attachments: tuple[Mapping[str, Any], ...] = ()
    mid: str | None = None


@dataclass(frozen=True)
class Attachment:
    """One attached thing. `slip` is the kept picture; None for other things, and for a photo that could not be read."""

    type: str
    title: str = ""
    place: tuple[float, float] | None = None
    slip: Slip | None = None


@dataclass(frozen=True)
class SentPicture:
    """A kept picture that a seller sent to the customer in this message; width and height in pixels."""

    customer_id: int
    message_id: int
    width: int
    height: int


@dataclass(frozen=True)
class Entry:
    """One thing that was said. `id` names it in the conversation.

    `kind` is of customers' entries and those of the platform's inbox. The shop's own have the rest: `offers`, the
    titles of the taps below the words; `cards` or a `bill` in place of words; `shows_picture`, whether it `is_qr` to
    pay with, and the `picture` where a seller sent it; the `seller` who wrote it (their email); whether it `is_notice`;
    and what became of it: `state` and `error` of the outbox. `event_id`: the inbox event that a customer's entry was.
    """

    id: str
    at: datetime
    by: By
    event_id: int | None = None
    kind: Kind | None = None
    text: str = ""
    edited: bool = False
    attachments: Sequence[Attachment] = ()
    offers: Sequence[str] = ()
    cards: Sequence[Card] = ()
    bill: Bill | None = None
    shows_picture: bool = False
    is_qr: bool = False
    picture: SentPicture | None = None
    seller: str = ""
    is_notice: bool = False
    state: str = ""
    error: str | None = None


@dataclass(frozen=True)
class Page:
    """A part of the conversation, oldest entry first. `older` is the `before` of the part that precedes it; "" at the
    beginning. `names` are those of the sellers in it, by email, `pictures` those of products on cards, by a card's
    `image_url`.
    """

    entries: Sequence[Entry]
    older: str
    names: Mapping[str, str]
    pictures: Mapping[str, ProductPicture] = field(default_factory=dict)


def keep(session: Session, customer_id: int, event_id: int, said: Said, at: datetime) -> None:
    """Keep what the event said; done twice, it stands once."""
    row = {
        "customer_id": customer_id,
        "event_id": event_id,
        "kind": said.kind,
        "text": said.text,
        "attachments": [dict(one) for one in said.attachments],
        "mid": said.mid,
        "edited": False,
        "at": at,
    }
    connection = session.connection()
    connection.execute(_insert(connection.dialect.name), row)


def edit(session: Session, customer_id: int, mid: str, text: str) -> None:
    """The customer has changed their words; harmless when they were not kept."""
    theirs = (ChatEntry.customer_id == customer_id) & (ChatEntry.mid == mid) & (ChatEntry.kind == Kind.WORDS)
    session.execute(update(ChatEntry).where(theirs).values(text=text, edited=True))


def page(session: Session, customer_id: int, *, before: str = "", limit: int = _PER_PAGE) -> Page:
    """The newest `limit` entries, or those before the entry named by `before`; a name that is none is passed over."""
    end = Position.read(before)
    newest = [*_did(session, customer_id, end, limit + 1), *_said(session, customer_id, end, limit + 1)]
    newest.sort(key=lambda entry: Position.read(entry.id) or LAST, reverse=True)
    entries = newest[:limit][::-1]
    sellers = {entry.seller for entry in entries if entry.seller}
    more = len(newest) > limit
    names = people.names(session, sellers) if sellers else {}
    return Page(entries, entries[0].id if more else "", names, _pictures(session, entries))


def _pictures(session: Session, entries: Sequence[Entry]) -> dict[str, ProductPicture]:
    """The pictures on the entries' cards that products still have. A card has the customers' address of one."""
    addresses = {card.image_url for entry in entries for card in entry.cards if card.image_url}
    keys = {f"{PUBLIC}/{address.partition(_PUBLIC_AT)[2]}": address for address in addresses}
    if not keys:
        return {}
    found = session.scalars(select(ProductPicture).where(ProductPicture.key.in_(keys)))
    return {keys[picture.key]: picture for picture in found}


def around(session: Session, event_id: int, *, before: int, after: int) -> Sequence[Entry] | None:
    """What was said before and after what a customer did in an event, that in between; None when it is not kept."""
    row = session.scalar(select(ChatEntry).where(ChatEntry.event_id == event_id))
    if row is None:
        return None
    here, customer_id = Position(row.at, False, row.id), row.customer_id
    following = [
        *_did(session, customer_id, here, after + 1, onwards=True),
        *_said(session, customer_id, here, after + 1, onwards=True),
    ]
    following.sort(key=lambda entry: Position.read(entry.id) or LAST)
    return [*page(session, customer_id, before=str(here), limit=before).entries, *following[: after + 1]]


def last_words(session: Session, customer_ids: Sequence[int]) -> dict[int, ChatEntry]:
    """What each of the customers did last, by customer."""
    newest = (
        select(ChatEntry.id)
        .where(ChatEntry.customer_id == Customer.id, ChatEntry.kind != Kind.INBOX)
        .order_by(ChatEntry.at.desc(), ChatEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    ids = session.scalars(select(newest).select_from(Customer).where(Customer.id.in_(customer_ids)))
    found = session.scalars(
        select(ChatEntry).where(ChatEntry.id.in_([one for one in ids if one is not None]))
    )
    return {entry.customer_id: entry for entry in found}


def _did(
    session: Session, customer_id: int, end: Position | None, limit: int, *, onwards: bool = False
) -> list[Entry]:
    query = select(ChatEntry).where(ChatEntry.customer_id == customer_id).limit(limit)
    rows = session.scalars(
        chat_positions.part(query, end, ChatEntry.at, ChatEntry.id, ours=False, onwards=onwards)
    ).all()
    slips = _slips(session, rows)
    return [
        Entry(
            id=str(Position(row.at, False, row.id)),
            at=row.at,
            by=By.INBOX if row.kind == Kind.INBOX else By.CUSTOMER,
            event_id=row.event_id,
            kind=Kind(row.kind),
            text=row.text,
            edited=row.edited,
            attachments=[_attachment(row, one, slips) for one in row.attachments],
        )
        for row in rows
    ]


def _slips(session: Session, rows: Sequence[ChatEntry]) -> dict[tuple[str, int], Slip]:
    causes = [
        str(row.event_id) for row in rows if any(one.get("part") is not None for one in row.attachments)
    ]
    if not causes:
        return {}
    found = session.scalars(select(Slip).where(Slip.cause.in_(causes)))
    return {(slip.cause, slip.part): slip for slip in found}


def _attachment(row: ChatEntry, one: Mapping[str, Any], slips: Mapping[tuple[str, int], Slip]) -> Attachment:
    place, part = one.get("place"), one.get("part")
    return Attachment(
        type=one["type"],
        title=one.get("title") or "",
        place=(place[0], place[1]) if place else None,
        slip=slips.get((str(row.event_id), part)) if part is not None else None,
    )


def _said(
    session: Session, customer_id: int, end: Position | None, limit: int, *, onwards: bool = False
) -> list[Entry]:
    query = select(OutboxMessage).where(OutboxMessage.customer_id == customer_id).limit(limit)
    ordered = chat_positions.part(
        query, end, OutboxMessage.created_at, OutboxMessage.id, ours=True, onwards=onwards
    )
    rows = session.scalars(ordered)
    return [
        Entry(
            id=str(Position(row.created_at, True, row.id)),
            at=row.created_at,
            by=By.BOT if row.written_by is None else By.SELLER,
            seller=row.written_by or "",
            is_notice=row.notice_id is not None,
            state=row.state,
            error=row.error,
            picture=_picture(row),
            **_content(row.body),
        )
        for row in rows
    ]


def _picture(row: OutboxMessage) -> SentPicture | None:
    if row.picture is None or row.picture_width is None or row.picture_height is None:
        return None
    return SentPicture(row.customer_id, row.id, row.picture_width, row.picture_height)


def _content(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the message says, as fields of an entry; nothing for one that cannot be read any more."""
    try:
        reply = from_json(body)
    except BadReply:
        return {}
    match reply:
        case Text(words):
            return {"text": words}
        case Choices():
            return {"text": reply.text, "offers": [button.title for button in reply.buttons]}
        case Cards():
            return {"cards": reply.cards}
        case Bill():
            return {"bill": reply}
        case Image():
            return {"text": reply.alt, "shows_picture": True, "is_qr": reply.url.endswith(QR)}


@cache
def _insert(dialect: str) -> Insert:
    # Made once: putting such a statement together takes longer than running it.
    return insert_into(cast(Table, ChatEntry.__table__), dialect).on_conflict_do_nothing(
        index_elements=["event_id"]
    )
