"""A seller's picture on its way to Messenger, which fetches it from the shop's public address."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from shop import chat_pictures, customers, seller_words
from shop.db import Database, utc_now
from shop.models import Channel
from tests.factories import make_shop
from tests.gateway.messenger import Messenger, now_ms
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import Web


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


def send(chat: Web, database: Database, page: int, *, last_heard: timedelta, stored: bool = True) -> None:
    """Ploy sends two photos and words to the customer 7001, who was last heard from so long ago."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(out, "JPEG")
    pictures = chat_pictures.made([("a.jpg", out.getvalue()), ("b.jpg", out.getvalue())], chat.url)
    if stored:
        chat_pictures.store(chat.service.store, pictures)
    with database.transaction() as session:
        make_shop(session)
        nok = customers.meet(session, session.get_one(Channel, page), "7001", "th", utc_now())
        customers.heard_from(nok, utc_now() - last_heard)
        session.flush()
        seller_words.write_in_chat(
            session, nok.id, "here it is", pictures=pictures, form="f1", by="ploy", now=utc_now()
        )


async def test_messenger_fetches_the_pictures_and_the_customer_sees_them_before_the_words(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.behaves(fetch_pictures="always")
    await messenger.meet("7001", window_opened_at=now_ms())
    send(chat, database, page, last_heard=timedelta(hours=1))
    await until(messenger.has_seen("7001", 3))
    await until(lambda: all_done(database))
    first, second, words = await messenger.seen("7001")
    addresses = [row.body["url"] for row in outbox(database)[:2]]
    for seen, address in zip((first, second), addresses, strict=True):
        payload = seen["message"]["attachment"]["payload"]
        assert (payload["url"], seen["request"]["messaging_type"]) == (address, "RESPONSE")
        status, _, answer = await chat.get(address.removeprefix(chat.url))
        assert (status, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert words["text"] == "here it is"
    assert [row.state for row in outbox(database)] == ["sent"] * 3


async def test_after_a_day_a_picture_goes_as_a_persons_message_too(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.behaves(human_agent=True)
    await messenger.meet("7001", window_opened_at=now_ms() - 25 * 3_600_000)
    send(chat, database, page, last_heard=timedelta(hours=25))
    await until(messenger.has_seen("7001", 3))
    for seen in await messenger.seen("7001"):
        request = seen["request"]
        assert (request["messaging_type"], request["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_one_that_messenger_cannot_fetch_is_said_so_and_the_words_go(
    chat: Web, database: Database, page: int, messenger: Messenger, hasty: None
) -> None:
    await messenger.meet("7001", window_opened_at=now_ms())
    send(chat, database, page, last_heard=timedelta(hours=1), stored=False)
    await until(lambda: all_done(database))
    assert [row.state for row in outbox(database)] == ["failed", "failed", "sent"]
    assert "could not fetch the picture" in (outbox(database)[0].error or "")
    assert await messenger.texts("7001") == ["here it is"]
