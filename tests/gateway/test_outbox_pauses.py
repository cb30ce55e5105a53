"""What concerns a whole Page rests that Page: its messages wait, none is lost, other Pages go on."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from channels.messenger import errors
from shop import views
from shop.db import Database, utc_now
from shop.models import Channel
from talad.settings import Settings
from tests.gateway.fakes import FakeGraph
from tests.gateway.messenger import DEMO_SECRETS, Messenger
from tests.gateway.rows import all_done, outbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, Web, connect, deliver, running, said

OTHER_PAGE = "100000000000002"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url  # which database it is makes no difference here


@pytest.fixture(autouse=True)
def alert(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks into the outbox, and at the channels, more often than it would."""
    monkeypatch.setattr("gateway.worker.POLL_SECONDS", 0.1)
    monkeypatch.setattr("gateway.directory.REFRESH_SECONDS", 0.1)


@pytest.fixture
async def other(chat: Web, database: Database, messenger: Messenger) -> str:
    """A customer of a second Page."""
    await messenger.control("pages", {"id": OTHER_PAGE, "token": "other-token"})
    await messenger.deliver_to(chat.url, OTHER_PAGE)
    connect(database, OTHER_PAGE, **{**DEMO_SECRETS, "token": "other-token"})
    await chat.service.directory.refresh()
    await messenger.meet("8001", page=OTHER_PAGE)
    return "8001"


def channel_of(database: Database, channel_id: int) -> Channel:
    with database.reading() as session:
        return session.get_one(Channel, channel_id)


def end_pause(database: Database, channel_id: int) -> None:
    with database.transaction() as session:
        session.get_one(Channel, channel_id).paused_until = utc_now()


async def assert_nothing_more_is_sent(messenger: Messenger, psid: str, calls: int) -> None:
    await asyncio.sleep(0.5)  # in which the gateway looks into its outbox several times
    assert len(await messenger.sends(psid)) == calls


async def test_a_rate_limit_rests_the_page_as_long_as_meta_says_and_nothing_is_lost(
    chat: Web, database: Database, page: int, messenger: Messenger, other: str
) -> None:
    await messenger.meet("7001", "7002")
    await messenger.behaves(regain_minutes=7)
    await messenger.goes_wrong({"error": "rate_limit", "page": PAGE, "times": 1})
    await messenger.says("7001", "one")
    await until(lambda: channel_of(database, page).paused_until)
    left = _left(channel_of(database, page).paused_until)
    assert timedelta(minutes=6, seconds=55) < left <= timedelta(minutes=7)
    assert channel_of(database, page).problem is None  # it passes by itself

    await messenger.says("7001", "two")
    await messenger.says("7002", "three")
    await messenger.says(other, "four")
    await until(messenger.has_seen(other, 1))
    await until(lambda: len(outbox(database)) == 4)
    before = [row.fence for row in outbox(database)]
    await assert_nothing_more_is_sent(messenger, "7002", 0)
    assert len(await messenger.sends("7001")) == 1
    assert [row.fence for row in outbox(database)] == before  # nobody takes them up in vain

    end_pause(database, page)
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one", "re: two"]
    assert await messenger.texts("7002") == ["re: three"]
    assert {(row.state, row.attempts) for row in outbox(database)} == {("sent", 1)}
    await until(lambda: channel_of(database, page).paused_until is None)


async def test_of_many_messages_under_way_at_a_rate_limit_none_is_tried_twice_before_its_end(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    people = [f"70{number:02d}" for number in range(30)]
    await messenger.meet(*people)
    await messenger.behaves(graph_delay=0.3)
    await messenger.goes_wrong({"error": "rate_limit"})
    await messenger.control("burst", {"messages": [{"psid": psid, "text": "hello"} for psid in people]})
    await until(lambda: channel_of(database, page).paused_until)
    await until(lambda: len(outbox(database)) == len(people) and not chat.service.outbox.worker.in_hand)
    calls = await messenger.sends()
    assert len({call["body"]["recipient"]["id"] for call in calls}) == len(calls)

    await messenger.behaves(graph_delay=0.0, graph_errors=[])
    end_pause(database, page)
    await until(lambda: all_done(database))
    for psid in people:
        assert await messenger.texts(psid) == ["re: hello"]


async def test_a_dead_token_is_shown_and_messages_wait_until_the_page_is_connected_again(
    chat: Web, database: Database, page: int, messenger: Messenger, other: str
) -> None:
    connect(database, PAGE, **{**DEMO_SECRETS, "token": "revoked"})
    await chat.service.directory.refresh()
    await messenger.meet("7001")
    await messenger.says("7001", "one", "two")
    await until(lambda: channel_of(database, page).problem)
    with database.reading() as session:
        [troubled] = views.troubled_channels(session)
        assert views.count_problems(session) == 1
    assert (troubled.id, json.loads(troubled.problem or "")) == (page, errors.TOKEN.sentence)
    assert troubled.paused_until is None  # no time heals it

    await messenger.says(other, "three")
    await until(messenger.has_seen(other, 1))
    await until(lambda: len(outbox(database)) == 3)
    await assert_nothing_more_is_sent(messenger, "7001", 1)
    assert [row.state for row in outbox(database) if row.channel_id == page] == ["open", "open"]

    connect(database, PAGE, **DEMO_SECRETS)
    await until(lambda: all_done(database))
    assert await messenger.texts("7001") == ["re: one", "re: two"]
    with database.reading() as session:
        assert not views.troubled_channels(session)


async def test_what_a_person_has_to_mend_at_meta_is_shown_and_looked_at_again_in_a_quarter_of_an_hour(
    chat: Web, database: Database, page: int, messenger: Messenger
) -> None:
    await messenger.meet("7001")
    await messenger.goes_wrong({"error": "restricted", "times": 2})
    await messenger.says("7001", "one", "two")
    await until(lambda: channel_of(database, page).problem)
    rests = channel_of(database, page)
    assert json.loads(rests.problem or "") == errors.POLICY.sentence
    assert timedelta(minutes=14) < _left(rests.paused_until) <= timedelta(minutes=15)
    await assert_nothing_more_is_sent(messenger, "7001", 1)

    end_pause(database, page)
    await until(lambda: _left(channel_of(database, page).paused_until) > timedelta(minutes=14))
    assert len(await messenger.sends("7001")) == 2
    assert channel_of(database, page).problem is not None

    end_pause(database, page)
    await until(lambda: all_done(database))
    await until(lambda: channel_of(database, page).problem is None)
    assert await messenger.texts("7001") == ["re: one", "re: two"]


async def test_while_messenger_is_out_of_reach_messages_wait_and_no_try_is_counted(
    settings: Settings, channel: int, database: Database, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.pauses.FIRST_PAUSE", 0.05)
    async with running(settings) as service:
        await graph.stop()
        await deliver(service, said("7001", "one"), said("7001", "two"))
        await until(lambda: service.outbox.ended["paused"] >= 3)
        assert {(row.state, row.code) for row in outbox(database)} == {("open", None)}
        await graph.start()
        await until(lambda: outbox(database) and all_done(database), seconds=30)
    assert graph.texts("7001") == ["re: one", "re: two"]
    assert {(row.state, row.attempts) for row in outbox(database)} == {("sent", 1)}


def _left(until: datetime | None) -> timedelta:
    assert until is not None
    return until - utc_now()
