from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from channels.base import Credentials
from channels.messenger.send import Client
from tests.channels.messenger.fake_graph import FakeGraph
from tests.support.web import serving

PAGE = "100000000000001"


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    fake = FakeGraph()
    async with serving(fake.handle) as address:
        fake.url = f"{address}/v26.0"
        yield fake


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(graph: FakeGraph, session: aiohttp.ClientSession) -> Client:
    return Client(session, Credentials(PAGE, "page-token", "app-secret", graph.url))
