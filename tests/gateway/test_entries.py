"""What happens in a chat is kept for people to read, also where the bot has nothing to do with it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from channels.messenger.events import parse_item
from gateway import entries
from gateway.service import Service
from shop import conversation, customers, handoff
from shop.conversation import By, Entry, Kind, Said
from shop.db import Database, utc_now
from shop.models import Channel
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, deliver, happened, said, tapped

NOK = "7001"


@pytest.fixture
def nok(database: Database, channel: int) -> int:
    """The id of a customer who has written before."""
    with database.transaction() as session:
        row = session.get_one(Channel, channel)
        row.app_id = "200000000000001"
        customer = customers.meet(session, row, NOK, "en", utc_now())
        customers.heard_from(customer, utc_now())
        return customer.id


def read(database: Database, customer_id: int = 1) -> list[Entry]:
    with database.reading() as session:
        return list(conversation.page(session, customer_id).entries)


def written(database: Database) -> list[tuple[By, str]]:
    return [(entry.by, entry.text) for entry in read(database)]


def echoed(mid: str, **message: Any) -> dict[str, Any]:
    """The Page has said something to Nok."""
    content = {"mid": mid, "is_echo": True, **message}
    return {**happened(NOK, message=content), "sender": {"id": PAGE}, "recipient": {"id": NOK}}


async def test_the_first_words_and_their_answer_are_kept_with_their_fate(
    service: Service, database: Database, graph: FakeGraph
) -> None:
    await deliver(service, said(NOK, "hello"))
    await until(lambda: graph.texts(NOK) == ["re: hello"])
    await until(lambda: all_done(database))
    assert written(database) == [(By.CUSTOMER, "hello"), (By.BOT, "re: hello")]
    assert [entry.state for entry in read(database)] == ["", "sent"]


async def test_what_a_person_writes_in_the_pages_inbox_and_the_reply_to_it_are_kept_once(
    nok: int, service: Service, database: Database, rasa: FakeRasa
) -> None:
    echo = echoed("m_echo", text="may I help?")
    await deliver(service, echo)
    await deliver(service, echo, said(NOK, "yes please"))
    await until(lambda: all_done(database))
    assert written(database) == [(By.INBOX, "may I help?"), (By.CUSTOMER, "yes please")]
    assert rasa.asked == []


async def test_our_own_echo_is_not_kept_beside_the_message(
    nok: int, service: Service, database: Database
) -> None:
    await deliver(service, said(NOK, "hello"))
    await until(lambda: all_done(database))
    await deliver(service, echoed("m_own", text="re: hello", app_id=200000000000001, metadata="talad:1:0"))
    assert written(database) == [(By.CUSTOMER, "hello"), (By.BOT, "re: hello")]


async def test_a_tap_a_reaction_and_an_edit(nok: int, service: Service, database: Database) -> None:
    words = said(NOK, "helo")
    reaction = {"reaction": "love", "emoji": "❤", "action": "react", "mid": "m_x"}
    await deliver(service, words, tapped(NOK, None, "Products"), happened(NOK, reaction=reaction))
    await until(lambda: all_done(database))
    mid = words["message"]["mid"]
    await deliver(service, happened(NOK, message_edit={"mid": mid, "text": "hello", "num_edit": 1}))
    theirs = [entry for entry in read(database) if entry.by == By.CUSTOMER]
    assert [(entry.kind, entry.text, entry.edited) for entry in theirs] == [
        (Kind.WORDS, "hello", True),
        (Kind.TAP, "Products", False),
        (Kind.REACTION, "❤", False),
    ]


async def test_a_photo_sent_to_a_person_is_shown(
    nok: int, service: Service, database: Database, graph: FakeGraph
) -> None:
    with database.transaction() as session:
        handoff.ask_for_person(session, nok, utc_now())
    picture = io.BytesIO()
    Image.new("RGB", (30, 40), "white").save(picture, "JPEG")
    graph.files["shirt.jpg"] = lambda _: web.Response(body=picture.getvalue(), content_type="image/jpeg")
    photos = [
        {"type": "image", "payload": {"url": f"{graph.url}/files/{name}"}} for name in ("no", "shirt.jpg")
    ]
    await deliver(service, said(NOK, attachments=photos))
    await until(lambda: all_done(database))
    [entry] = read(database)
    assert [one.type for one in entry.attachments] == ["image", "image"]
    gone, shown = (one.slip for one in entry.attachments)
    assert gone is None and shown is not None and (shown.width, shown.height) == (30, 40)


async def test_what_the_bot_cannot_do_anything_with_can_still_be_read(
    nok: int, service: Service, database: Database, rasa: FakeRasa
) -> None:
    def fails(_: Any) -> Any:
        raise RuntimeError("cannot")

    rasa.answer = fails
    await deliver(service, said(NOK, "help me"))
    await until(lambda: [row.state for row in inbox(database)] == ["dead"])
    assert written(database) == [(By.CUSTOMER, "help me")]


def message(**content: Any) -> Said | None:
    item = {"sender": {"id": NOK}, "recipient": {"id": PAGE}, "message": {"mid": "m_1", **content}}
    return entries.of(parse_item(PAGE, "messaging", item))


def test_hostile_and_unknown_things_are_kept_short_and_without_addresses() -> None:
    kept = message(
        text="a" * 5000,
        attachments=[{"type": "file", "payload": {"url": "https://evil.example", "title": "t" * 500}}] * 99,
    )
    assert kept is not None
    assert len(kept.text) <= 2000
    assert len(kept.attachments) == 30
    assert set(kept.attachments[0]) == {"type", "title"} and len(kept.attachments[0]["title"]) <= 200


def test_stickers_places_and_links() -> None:
    thumb = {"type": "image", "payload": {"url": "https://x.fbcdn.net/1", "sticker_id": 369239263222822}}
    place = {"type": "location", "payload": {"coordinates": {"lat": 13.75, "long": 100.5}}}
    link = {"type": "fallback", "payload": {"url": "https://a.example", "title": "A page"}}
    kept = message(attachments=[thumb, place, link])
    assert kept is not None
    assert list(kept.attachments) == [
        {"type": "like"},
        {"type": "location", "place": [13.75, 100.5]},
        {"type": "fallback", "title": "A page"},
    ]
    beside_its_words = message(text="https://a.example", attachments=[link])
    assert beside_its_words is not None and beside_its_words.attachments == ()


def test_what_says_nothing_is_not_kept() -> None:
    item = {"sender": {"id": NOK}, "recipient": {"id": PAGE}, "read": {"watermark": 1}}
    assert entries.of(parse_item(PAGE, "messaging", item)) is None
