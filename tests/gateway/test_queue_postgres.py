"""PostgreSQL that falls over in mid-run and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from shop import db
from shop.db import Database
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import Web, said
from tests.support.postgres import Postgres, running_postgres

PEOPLE = [f"70{number:02d}" for number in range(20)]
WORDS = ["one", "two", "three", "four"]


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of this test's own, whose commits outlive it."""
    with running_postgres(durable=True) as server:
        yield server


@pytest.fixture
def database_url(server: Postgres) -> str:
    url = server.create("talad_falls")
    db.migrate(url)
    return url


async def test_nothing_is_lost_when_the_server_falls_over(
    web: Web, server: Postgres, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    rasa.seconds = 0.05
    refused: list[int] = []

    async def customer(psid: str) -> None:
        for words in WORDS:
            event = said(psid, words)
            while (status := await web.deliver(event)) != 200:  # the platform sends it again
                refused.append(status)
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.1)

    talking = asyncio.gather(*map(customer, PEOPLE))
    await until(lambda: len(rasa.asked) > 20)
    await asyncio.to_thread(server.crash)
    assert (await web.get("/health/live"))[0] == 200
    assert (await web.get("/health/ready"))[0] == 503
    await until(lambda: refused)
    await asyncio.to_thread(server.start)
    await talking
    await until(lambda: all_done(database), seconds=60)

    assert set(refused) == {503}
    assert [row.state for row in inbox(database)] == ["done"] * (len(PEOPLE) * len(WORDS))
    for psid in PEOPLE:
        assert rasa.order[f"1:{psid}"] == WORDS
        assert list(dict.fromkeys(graph.texts(psid))) == [f"re: {words}" for words in WORDS]
