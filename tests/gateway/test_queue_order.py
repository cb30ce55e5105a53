"""In order within a conversation, side by side across conversations, each event once: on both databases."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import Any

from aiohttp import web as aiohttp_web

from gateway.queue import Lease, Queue
from gateway.service import Service
from shop import mailbox
from shop.db import Database, utc_now
from shop.models import InboxEvent
from talad.settings import Settings
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, QUICK_PAUSES, deliver, running, said

CUSTOMERS, EACH = 40, 10
PEOPLE = [f"70{number:02d}" for number in range(CUSTOMERS)]
WORDS = [f"message {number}" for number in range(EACH)]


async def burst(services: list[Service]) -> None:
    """Ten messages from each customer, each customer's one after the other, through any of the gateways."""

    async def customer(number: int) -> None:
        for turn, words in enumerate(WORDS):
            await deliver(services[(number + turn) % len(services)], said(PEOPLE[number], words))

    await asyncio.gather(*map(customer, range(CUSTOMERS)))


def assert_in_order(rasa: FakeRasa, graph: FakeGraph) -> None:
    assert rasa.overlaps == 0
    for psid in PEOPLE:
        assert rasa.order[f"1:{psid}"] == WORDS
        assert graph.texts(psid) == [f"re: {words}" for words in WORDS]


async def test_a_burst_is_answered_in_order(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.seconds = 0.002
    await burst([service])
    await until(lambda: all_done(database), seconds=60)
    assert_in_order(rasa, graph)


async def test_three_gateways_on_one_database_share_the_work_and_keep_the_order(
    settings: Settings, channel: int, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.seconds = 0.002
    async with AsyncExitStack() as stack:
        services = [await stack.enter_async_context(running(settings)) for _ in range(3)]
        await burst(services)
        await until(lambda: all_done(database), seconds=90)
        worked = [sum(service.turns.ended.values()) for service in services]
    assert_in_order(rasa, graph)
    assert sum(worked) == CUSTOMERS * EACH
    assert all(worked)


async def test_a_failing_event_keeps_its_place_then_is_set_aside_and_can_be_tried_again(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    tries: list[float] = []

    def answer(turn: dict[str, Any]) -> Any:
        if turn["text"] != "bad":
            return None
        tries.append(time.monotonic())
        return aiohttp_web.json_response({"error": "broken"}, status=500)

    rasa.answer = answer
    await deliver(service, said("7001", "bad"), said("7001", "later"), said("7002", "other"))
    await until(lambda: graph.texts("7002"))
    assert not graph.texts("7001")
    await until(lambda: all_done(database))

    assert [(row.state, row.attempts) for row in inbox(database)] == [("dead", 4), ("done", 1), ("done", 1)]
    assert graph.texts("7001") == ["re: later"]
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert all(gap >= 0.9 * pause for gap, pause in zip(gaps, QUICK_PAUSES, strict=True))

    rasa.answer = None
    with database.transaction() as session:
        assert mailbox.replay_event(session, inbox(database)[0].id)
    await until(lambda: all_done(database))
    assert graph.texts("7001") == ["re: later", "re: bad"]


async def test_a_result_of_a_lost_lease_is_refused(database: Database, channel: int) -> None:
    event = mailbox.open_event(
        account_id=PAGE, key="1", channel_id=1, conversation="1:7001", kind="message", raw={}, now=utc_now()
    )
    queue = Queue(InboxEvent, lease_seconds=0)
    with database.transaction() as session:
        ids = mailbox.keep_events(session, [event])
        first = Lease.of(queue.lease(session, ids)[0])
    with database.transaction() as session:
        second = Lease.of(queue.lease(session, ids)[0])  # a lease of no seconds is over at once
        for late in (queue.close(session, first, "done"), queue.postpone(session, first, 1)):
            assert late is False
        assert queue.close(session, second, "done")
        assert not queue.close(session, second, "dead")
    assert [(row.state, row.fence, row.attempts) for row in inbox(database)] == [("done", 2, 2)]
