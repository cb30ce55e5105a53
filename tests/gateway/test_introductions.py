"""A new customer's name and language are asked of Messenger once, and no reply waits for them for long."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import select

from shop import order_search
from shop.db import Database
from shop.models import Customer, Variant
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import FakeRasa
from tests.gateway.messenger import Messenger
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, Web

#: What the app has to be allowed to read of a profile, so that the locale is among it.
WITH_LOCALE = ["id", "name", "first_name", "last_name", "profile_pic", "locale"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


def customer(database: Database, psid: str = "7001") -> Customer:
    with database.reading() as session:
        return session.scalars(select(Customer).where(Customer.external_id == psid)).one()


async def profile_calls(messenger: Messenger) -> list[dict[str, Any]]:
    calls = (await messenger.control("graph-calls"))["calls"]
    return [call for call in calls if call["method"] == "GET"]


async def test_a_new_customer_is_known_by_name_and_asked_about_once(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    await messenger.meet("7001", name="นก ใจดี")
    await messenger.says("7001", "hello", "again")
    await until(messenger.has_seen("7001", 2))
    await until(lambda: customer(database).name == "นก ใจดี")
    await messenger.says("7001", "once more")
    await until(messenger.has_seen("7001", 3))
    assert {call["path"] for call in await profile_calls(messenger)} == {"7001"}
    assert len(await profile_calls(messenger)) <= 2  # with the locale, and without when that is refused


async def test_where_one_language_is_offered_everybody_is_answered_in_it(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    with database.transaction() as session:
        make_shop(session, languages=["th"])
    await chat.service.directory.refresh()
    await messenger.behaves(profile_fields=WITH_LOCALE)
    await messenger.meet("7001", locale="en_US")
    await messenger.says("7001", "hello, do you speak English?")
    await until(messenger.has_seen("7001", 1))
    await messenger.says("7001", "I would like to buy a shirt please")
    await until(messenger.has_seen("7001", 2))
    assert [turn["language"] for turn in rasa.asked] == ["th", "th"]
    await until(lambda: customer(database).name)
    assert customer(database).language == "th"


@pytest.mark.parametrize(("locale", "language"), [("th_TH", "th"), ("en_US", "en"), ("de_DE", "en")])
async def test_a_first_tap_is_answered_in_the_language_of_the_customers_messenger(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, locale: str, language: str
) -> None:
    await messenger.behaves(profile_fields=WITH_LOCALE)
    await messenger.meet("7001", locale=locale)
    await messenger.does("7001", "get-started", payload="anything")
    await until(messenger.has_seen("7001", 1))
    assert [turn["language"] for turn in rasa.asked] == [language]
    assert customer(database).language == language


async def test_their_own_words_count_more_than_their_messengers_language(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.behaves(profile_fields=WITH_LOCALE)
    await messenger.meet("7001", locale="en_US", name="Nok")
    await messenger.says("7001", "สวัสดีค่ะ")
    await until(lambda: rasa.asked)
    await until(lambda: customer(database).name == "Nok")
    assert rasa.asked[0]["language"] == customer(database).language == "th"


async def test_without_a_locale_the_shops_language_is_spoken(
    chat: Web, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.meet("7001", locale="en_US")
    await messenger.does("7001", "get-started", payload="anything")
    await until(messenger.has_seen("7001", 1))
    assert [turn["language"] for turn in rasa.asked] == ["th"]


async def test_the_language_changes_with_what_the_customer_speaks(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    spoken = ["hello", "สวัสดี", "Somsri Jaidee", "can you speak English please", "12"]
    await messenger.says("7001", *spoken)
    await until(messenger.has_seen("7001", len(spoken)))
    assert [turn["language"] for turn in rasa.asked] == ["en", "th", "th", "en", "en"]
    assert customer(database).language == "en"


async def test_a_slow_answer_holds_the_first_reply_up_for_a_second_at_most_and_counts_from_the_next(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.introductions._PATIENCE", 0.3)
    await messenger.behaves(profile_fields=WITH_LOCALE, graph_delay=1.5)
    await messenger.meet("7001", locale="en_US", name="Alex Carter")
    started = time.monotonic()
    await messenger.does("7001", "get-started", payload="anything")
    await until(lambda: rasa.asked)
    assert time.monotonic() - started < 1.2
    assert rasa.asked[0]["language"] == "th"
    await until(lambda: customer(database).name == "Alex Carter")
    await messenger.behaves(graph_delay=0.0)
    await messenger.says("7001", "12")
    await until(lambda: len(rasa.asked) == 2)
    assert rasa.asked[1]["language"] == "en"


async def test_an_order_is_found_by_a_name_that_was_learnt_after_it(
    chat: Web, database: Database, rasa: FakeRasa, messenger: Messenger
) -> None:
    with database.transaction() as session:
        make_shop(session)
        variant_id = make_variant(session).id
    await messenger.behaves(graph_delay=1.0)
    await messenger.meet("7001", name="Alex Carter")
    await messenger.says("7001", "hello")
    await until(lambda: rasa.asked)
    with database.transaction() as session:
        nok = session.scalars(select(Customer)).one()
        assert nok.name is None
        order_id = make_order(session, nok, session.get_one(Variant, variant_id)).id
    await until(lambda: customer(database).name)
    with database.reading() as session:
        assert order_search.find(session, "carter").ids == {order_id}


async def test_who_cannot_be_looked_up_is_answered_all_the_same(
    chat: Web, database: Database, messenger: Messenger
) -> None:
    refusals: dict[str, Any] = {
        "7001": "permission",
        "7002": "temporary",
        "7003": "html",
        "7004": {"code": 230},
    }
    await messenger.meet(*refusals)
    await messenger.goes_wrong(*({"error": error, "edge": psid} for psid, error in refusals.items()))
    for psid in refusals:
        await messenger.says(psid, "hello")
        await until(messenger.has_seen(psid, 1))
        assert customer(database, psid).name is None
    assert len(await profile_calls(messenger)) == 2 * len(refusals)


async def test_a_burst_of_strangers_is_not_asked_about_all_at_once(
    chat: Web, database: Database, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"70{number:02d}" for number in range(24)]
    await messenger.meet(*people, name="Nok")
    client = chat.service.directory.by_account(PAGE)
    assert client is not None
    at_once, most = 0, 0
    ask = type(client.client).profile

    async def counted(self: Any, psid: str) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        try:
            await asyncio.sleep(0.02)
            return await ask(self, psid)
        finally:
            at_once -= 1

    monkeypatch.setattr(type(client.client), "profile", counted)
    await messenger.control("burst", {"messages": [{"psid": psid, "text": "hello"} for psid in people]})
    for psid in people:
        await until(messenger.has_seen(psid, 1))
        await until(lambda psid=psid: customer(database, psid).name == "Nok")  # type: ignore[misc]
    assert 1 < most <= 8
