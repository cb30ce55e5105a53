"""SQLite's one write lock, held by somebody else most of the time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator

import pytest

from shop.db import Database
from tests.gateway.fakes import FakeGraph
from tests.gateway.rows import all_done
from tests.gateway.waiting import until
from tests.gateway.world import Web, said


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def greedy_writer(database_url: str) -> Iterator[None]:
    """Holds the write lock 200 ms of every 250 ms."""
    over = threading.Event()

    def hold() -> None:
        connection = sqlite3.connect(
            database_url.removeprefix("sqlite:///"), timeout=30, isolation_level=None
        )
        while not over.is_set():
            connection.execute("BEGIN IMMEDIATE")
            over.wait(0.2)
            connection.execute("COMMIT")
            over.wait(0.05)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    yield
    over.set()
    thread.join()


async def test_a_writer_that_holds_the_lock_most_of_the_time_stops_nobody(
    web: Web, database: Database, graph: FakeGraph, greedy_writer: None
) -> None:
    people = [f"70{number:02d}" for number in range(15)]

    async def customer(psid: str) -> None:
        for words in ("one", "two"):
            assert await web.deliver(said(psid, words)) == 200

    await asyncio.gather(*map(customer, people))
    await until(lambda: all_done(database), seconds=60)
    assert {psid: graph.texts(psid) for psid in people} == {psid: ["re: one", "re: two"] for psid in people}
