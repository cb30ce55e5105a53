"""A customer's photos become slips: nothing but pixels is kept, privately; what is no photo is told apart."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web as aiohttp_web
from PIL import ExifTags, Image
from sqlalchemy import select

from shop.db import Database
from shop.models import Slip
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import Web

_KEY = re.compile(r"private/slips/[A-Za-z0-9_-]{32}\.jpg")
LIKE = "369239263222822"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


@pytest.fixture(autouse=True)
async def nok(messenger: Messenger) -> None:
    """A customer, 7001."""
    await messenger.meet("7001")


def photo(colour: str = "white", kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 90), colour).save(out, kind, **options)
    return out.getvalue()


def colour_of(picture: bytes) -> tuple[int, ...]:
    """Which of its three channels are bright."""
    with Image.open(io.BytesIO(picture)) as opened:
        pixel = opened.convert("RGB").getpixel((30, 45))
    assert isinstance(pixel, tuple)
    return tuple(round(value / 255) for value in pixel)


async def sends(messenger: Messenger, *pictures: bytes, **more: Any) -> None:
    """Nok sends photos in one message."""
    files = [{"name": "IMG_1.jpg", "base64": base64.b64encode(picture).decode()} for picture in pictures]
    await messenger.does("7001", "photos", files=files, **more)


def slips(database: Database) -> Sequence[Slip]:
    with database.reading() as session:
        return session.scalars(select(Slip).order_by(Slip.id)).all()


def asked(rasa: FakeRasa) -> list[Any]:
    """What the bot was told: typed words, or an intent with what is known of it."""
    return [
        turn.get("text") or (turn["intent"], turn["metadata"]["media"] or turn["entities"].get("attachment"))
        for turn in rasa.asked
    ]


async def test_a_photo_is_kept_without_place_and_time_under_a_name_that_nobody_guesses(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "hidden maker"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (13.0, 44.0, 56.78)
    sent = photo("red", exif=exif, comment=b"hidden words")
    with Image.open(io.BytesIO(sent)) as opened:
        assert opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    await sends(messenger, sent)
    await until(messenger.has_seen("7001", 1))

    [slip] = slips(database)
    assert asked(rasa) == [("report_payment", [str(slip.id)])]
    assert _KEY.fullmatch(slip.picture)
    kept = chat.service.store.get(slip.picture)
    assert colour_of(kept) == (1, 0, 0)
    with Image.open(io.BytesIO(kept)) as opened:
        assert not opened.getexif()
        assert not opened.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert "comment" not in opened.info
    assert b"hidden" not in kept
    for path in (
        slip.picture,
        f"public/../{slip.picture}",
        f"public/{slip.picture.removeprefix('private/')}",
    ):
        assert (await chat.get(f"/media/{path}"))[0] == 404


async def test_two_photos_of_one_message_are_both_kept_in_their_order(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await sends(messenger, photo("red"), photo("blue", "PNG"))
    await until(messenger.has_seen("7001", 1))
    first, second = slips(database)
    assert asked(rasa) == [("report_payment", [str(first.id), str(second.id)])]
    assert [colour_of(chat.service.store.get(slip.picture)) for slip in (first, second)] == [
        (1, 0, 0),
        (0, 0, 1),
    ]
    assert first.picture != second.picture


async def test_two_photos_in_two_events_are_both_kept(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.behaves(photo_events="many")
    await sends(messenger, photo("red"), photo("blue"))
    await until(messenger.has_seen("7001", 2))
    assert asked(rasa) == [("report_payment", [str(slip.id)]) for slip in slips(database)]
    assert len(slips(database)) == 2


async def test_the_same_event_again_keeps_nothing_more(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.behaves(duplicate=3)
    await sends(messenger, photo())
    await until(messenger.has_seen("7001", 1))
    [delivery] = [
        delivery
        for delivery in (await messenger.control("webhooks"))["deliveries"]
        if "attachments" in delivery["raw"] and "is_echo" not in delivery["raw"]
    ]
    await messenger.control(f"webhooks/{delivery['id']}/replay", {"copies": 5})
    await until(lambda: all_done(database))
    assert len(slips(database)) == len(rasa.asked) == len(await messenger.seen("7001")) == 1


async def test_a_turn_that_is_tried_again_fetches_and_keeps_no_photo_twice(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, graph: FakeGraph
) -> None:
    fetched: list[str] = []

    def serve(request: aiohttp_web.Request) -> aiohttp_web.Response:
        fetched.append(request.path)
        return aiohttp_web.Response(body=photo())

    graph.files["1.jpg"] = serve
    broken = [aiohttp_web.json_response({}, status=500)]
    rasa.answer = lambda _: broken.pop() if broken else None
    await shows(messenger, f"{graph.url}/files/1.jpg")
    await until(messenger.has_seen("7001", 1))
    [slip] = slips(database)
    assert asked(rasa) == [("report_payment", [str(slip.id)])] * 2
    assert len(fetched) == 1


async def test_what_is_no_readable_picture_is_asked_for_again(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    page, document, half = b"<!DOCTYPE html><title>404</title>", b"%PDF-1.7 a document", photo()[:200]
    phone = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(5000)
    bad = [page, document, half, photo(kind="GIF"), phone, b""]
    for data in bad:
        await sends(messenger, data)
    await until(messenger.has_seen("7001", len(bad)))
    assert asked(rasa) == [("unreadable_picture", None)] * len(bad)
    assert not slips(database)


async def test_of_a_good_and_a_bad_picture_the_good_one_counts(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await sends(messenger, b"no picture", photo("blue"))
    await until(messenger.has_seen("7001", 1))
    [slip] = slips(database)
    assert asked(rasa) == [("report_payment", [str(slip.id)])]


async def test_words_beside_a_photo_are_a_turn_of_their_own(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await sends(messenger, photo(), text="โอนแล้วค่ะ")
    await until(messenger.has_seen("7001", 2))
    assert asked(rasa) == [("report_payment", [str(slips(database)[0].id)]), "โอนแล้วค่ะ"]
    assert len({turn["id"] for turn in rasa.asked}) == 2


async def test_a_host_that_is_away_for_a_moment_costs_no_slip(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, graph: FakeGraph
) -> None:
    answers = [aiohttp_web.Response(body=photo()), aiohttp_web.Response(status=503)]
    graph.files["1.jpg"] = lambda _: answers.pop()
    await shows(messenger, f"{graph.url}/files/1.jpg")
    await until(messenger.has_seen("7001", 1))
    assert len(slips(database)) == 1
    assert inbox(database)[0].attempts == 2


async def test_a_host_that_stays_away_ends_in_asking_for_another_picture(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, graph: FakeGraph
) -> None:
    graph.files["1.jpg"] = lambda _: aiohttp_web.Response(status=503)
    await shows(messenger, f"{graph.url}/files/1.jpg")
    await until(messenger.has_seen("7001", 1))
    assert asked(rasa) == [("unreadable_picture", None)]


async def test_an_address_that_has_expired_or_is_not_allowed_is_asked_for_again(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.behaves(media_lifetime=-1.0)
    await sends(messenger, photo())
    await shows(messenger, "http://localhost:1/slip.jpg")
    await shows(messenger, "file:///etc/passwd")
    await until(messenger.has_seen("7001", 3))
    assert asked(rasa) == [("unreadable_picture", None)] * 3


@pytest.mark.parametrize("style", ["old", "transition", "new"])
async def test_a_sticker_or_thumb_is_no_slip_in_any_way_that_messenger_has_sent_it(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, style: str
) -> None:
    await messenger.behaves(sticker_style=style)
    await messenger.does("7001", "sticker", sticker_id=LIKE)
    await messenger.does("7001", "sticker", sticker_id="1041")
    await until(messenger.has_seen("7001", 2))
    assert asked(rasa) == [("unsupported_attachment", "like"), ("unsupported_attachment", "sticker")]
    assert not slips(database)


async def test_other_attachments_get_one_answer_and_a_link_is_only_its_words(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await sends(messenger, b"%PDF-1.7", b"%PDF-1.7", kind="file")
    link = {"type": "fallback", "payload": {"url": "https://shop.example/", "title": "A shop"}}
    await messenger.does("7001", "attachment", attachments=[link], text="https://shop.example/")
    video = {"type": "video", "payload": {"url": f"{messenger.api}/slip.mp4"}}
    await messenger.does("7001", "attachment", attachments=[video])
    await messenger.does("7001", "attachment", attachments=[{"type": "hologram", "payload": {}}])
    await messenger.does("7001", "attachment", attachments=[{"type": "image"}])
    await until(messenger.has_seen("7001", 5))
    assert asked(rasa) == [
        ("unsupported_attachment", "file"),
        "https://shop.example/",
        ("unsupported_attachment", "video"),
        ("unsupported_attachment", "hologram"),
        ("unsupported_attachment", "image"),
    ]
    assert not slips(database)


async def shows(messenger: Messenger, url: str) -> None:
    """Nok sends a photo that lies at `url`."""
    await messenger.does("7001", "attachment", attachments=[{"type": "image", "payload": {"url": url}}])
