"""An event that fails holds up its own conversation and no other, and is seen when it is given up."""

from __future__ import annotations

from typing import Any

from aiohttp import web as aiohttp_web

from shop import mailbox, views
from shop.db import Database, utc_now
from shop.models import InboxEvent
from talad.settings import Settings
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import Web, deliver, running, said

LONG_PAUSES = (600.0,)


def broken_for(text: str) -> Any:
    """Rasa's answer when it fails at one text only."""

    def answer(turn: dict[str, Any]) -> Any:
        return aiohttp_web.json_response({"error": "broken"}, status=500) if turn["text"] == text else None

    return answer


async def test_while_one_waits_for_its_next_try_other_customers_are_answered(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.answer = broken_for("bad")
    others = [f"71{number:02d}" for number in range(40)]
    async with running(settings, LONG_PAUSES) as service:
        await deliver(service, said("7001", "before"), said("7001", "bad"), said("7001", "after"))
        await until(lambda: len(inbox(database)) == 3 and inbox(database)[1].not_before)
        await deliver(service, *(said(psid, "hello") for psid in others))
        await until(lambda: len(graph.sent) == 1 + len(others))
        _, bad, after = inbox(database)[:3]
        assert (bad.state, bad.attempts, after.state, after.attempts) == ("open", 1, "open", 0)
        assert bad.error and "500" in bad.error
        rasa.answer = None
        with database.transaction() as session:  # the pause is over
            session.get_one(InboxEvent, bad.id).not_before = utc_now()
        await until(lambda: all_done(database))
    assert graph.texts("7001") == ["re: before", "re: bad", "re: after"]


async def test_an_event_that_is_given_up_is_seen_with_its_reason(
    web: Web, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.answer = broken_for("bad")
    assert await web.deliver(said("7001", "bad")) == 200
    await until(lambda: inbox(database) and all_done(database))
    with database.reading() as session:
        [dead] = views.set_aside(session)
    assert dead.raw is not None
    assert (dead.raw["item"]["message"]["text"], dead.attempts) == ("bad", 4)
    assert dead.error and "500" in dead.error
    _, page, _ = await web.get("/metrics")
    assert 'talad_worked_off_total{end="dead",queue="inbox"} 1.0' in page
    assert 'talad_worked_off_total{end="retry",queue="inbox"} 3.0' in page
    assert not graph.sent


async def test_an_event_that_fails_again_when_replayed_has_all_its_tries_again(
    web: Web, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.answer = broken_for("bad")
    await web.deliver(said("7001", "bad"), said("7001", "good"))
    await until(lambda: inbox(database) and all_done(database))
    bad, good = inbox(database)
    with database.transaction() as session:
        assert mailbox.replay_event(session, bad.id)
        assert not mailbox.replay_event(session, good.id)
    await until(lambda: all_done(database))
    assert [turn["text"] for turn in rasa.asked] == ["bad"] * 4 + ["good"] + ["bad"] * 4
    assert [row.state for row in inbox(database)] == ["dead", "done"]
    assert graph.texts("7001") == ["re: good"]


async def test_an_event_that_takes_its_process_down_each_time_is_given_up(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    async with running(settings, LONG_PAUSES) as service:
        service.turns.worker.hold(600)  # so that the row is there before anybody looks
        await deliver(service, said("7001", "deadly"), said("7001", "after"))
        with database.transaction() as session:
            session.get_one(InboxEvent, inbox(database)[0].id).attempts = len(LONG_PAUSES) + 1
    async with running(settings, LONG_PAUSES):
        await until(lambda: all_done(database))
    assert [row.state for row in inbox(database)] == ["dead", "done"]
    assert graph.texts("7001") == ["re: after"]
