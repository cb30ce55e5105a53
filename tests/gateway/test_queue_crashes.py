"""Gateways that die at any moment, or stop and come back too late: nothing lost, nothing out of order."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text

from gateway.outbox import HANDS
from shop.db import Database
from tests.gateway.child import Child
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox, outbox
from tests.gateway.waiting import until
from tests.gateway.world import said

CUSTOMERS, EACH, KILLS = 50, 6, 4
PEOPLE = [f"70{number:02d}" for number in range(CUSTOMERS)]
WORDS = [f"message {number}" for number in range(EACH)]
_TRANSACTIONS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def child(environment: dict[str, str], channel: int, compiled: Path) -> AsyncIterator[Child]:
    child = Child(environment, compiled)
    await child.start()
    yield child
    await child.kill()


@pytest.fixture
async def other(environment: dict[str, str], child: Child, compiled: Path) -> AsyncIterator[Child]:
    """A second gateway on the same database, not started yet."""
    other = Child(environment, compiled)
    yield other
    await other.kill()


def in_flight(database: Database) -> int:
    return sum(row.state == "open" for row in [*inbox(database), *outbox(database)])


def is_unlocked(database: Database) -> bool:
    """Whether nobody is in the midst of a transaction."""
    if not database.is_sqlite:
        with database.reading() as session:
            return not session.scalar(_TRANSACTIONS)
    try:
        with closing(sqlite3.connect(database.url.database or "", timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def first_of_each(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


async def test_kill_9_at_any_moment_loses_nothing(
    child: Child, database: Database, rasa: FakeRasa, graph: FakeGraph, http: aiohttp.ClientSession
) -> None:
    rasa.seconds = graph.seconds = 0.05
    moments = random.Random(7)

    async def customer(psid: str) -> None:
        for words in WORDS:
            await child.deliver(http, said(psid, words))
            await asyncio.sleep(moments.random())

    talking = asyncio.gather(*map(customer, PEOPLE))
    for _ in range(KILLS):
        await asyncio.sleep(0.1 + 0.8 * moments.random())
        await child.kill()
        assert in_flight(database)
        await child.start()
    await talking
    await until(lambda: all_done(database), seconds=90)

    assert [row.state for row in inbox(database)] == ["done"] * (CUSTOMERS * EACH)
    assert len(graph.sent) <= CUSTOMERS * EACH + KILLS * HANDS  # only what was just being sent may repeat
    sent = outbox(database)
    assert len(sent) == CUSTOMERS * EACH
    unsure = {row.conversation for row in sent if row.state == "uncertain"}
    assert {row.state for row in sent} <= {"sent", "uncertain"}
    for psid in PEOPLE:
        assert rasa.order[f"1:{psid}"] == WORDS
        seen = first_of_each(graph.texts(psid))
        expected = [f"re: {words}" for words in WORDS]
        if f"1:{psid}" in unsure:
            assert seen == [reply for reply in expected if reply in seen]
        else:
            assert seen == expected


async def test_a_gateway_that_never_comes_back_is_taken_over_from(
    child: Child,
    other: Child,
    database: Database,
    rasa: FakeRasa,
    graph: FakeGraph,
    http: aiohttp.ClientSession,
) -> None:
    people = PEOPLE[:20]
    rasa.seconds = 60
    await asyncio.gather(*(child.deliver(http, said(psid, "hello")) for psid in people))
    await until(lambda: len(rasa.asked) == len(people))
    await child.kill()
    rasa.seconds = 0
    await other.start()
    await until(lambda: all_done(database), seconds=30)
    assert [row.fence for row in inbox(database)] == [2] * len(people)
    assert {psid: graph.texts(psid) for psid in people} == {psid: ["re: hello"] for psid in people}


async def test_a_gateway_that_comes_back_too_late_changes_nothing(
    child: Child,
    other: Child,
    database: Database,
    rasa: FakeRasa,
    graph: FakeGraph,
    http: aiohttp.ClientSession,
) -> None:
    people = PEOPLE[:10]
    rasa.seconds = 3
    await asyncio.gather(*(child.deliver(http, said(psid, "hello")) for psid in people))
    await until(lambda: len(rasa.asked) == len(people))
    await child.freeze(lambda: is_unlocked(database))  # between its heartbeats, with ten turns in hand
    rasa.seconds = 0
    await other.start()
    await until(lambda: all_done(database), seconds=30)
    before = [(row.state, row.fence) for row in inbox(database)]
    child.send(signal.SIGCONT)
    child.send(signal.SIGTERM)  # it finishes what it believes to have in hand
    await child.ended()
    assert before == [(row.state, row.fence) for row in inbox(database)] == [("done", 2)] * len(people)
    assert {psid: graph.texts(psid) for psid in people} == {psid: ["re: hello"] for psid in people}
