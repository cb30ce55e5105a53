"""A gateway between fakes: Rasa's door on one side, the Graph API on the other, a real database behind."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from gateway.app import create_app
from gateway.service import Service
from shop.db import Database
from talad.settings import Settings, load
from tests.gateway.fakes import RASA_TOKEN, FakeGraph, FakeRasa
from tests.gateway.world import PAGE, QUICK_PAUSES, SECRET_KEY, Web, connect, running


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    fake = FakeGraph()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def environment(database_url: str, tmp_path: Path, rasa: FakeRasa, graph: FakeGraph) -> dict[str, str]:
    """The settings of a gateway as environment variables."""
    return {
        "TALAD_VAR": str(tmp_path),
        "TALAD_DATABASE_URL": database_url,
        "TALAD_SECRET_KEY": SECRET_KEY,
        "TALAD_RASA_URL": rasa.url,
        "TALAD_RASA_TOKEN": RASA_TOKEN,
        "TALAD_GRAPH_URL": graph.api,
        "TALAD_MEDIA_HOSTS": "fbcdn.net, 127.0.0.1",
        "MESSENGER_VERIFY_TOKEN": "of the settings",
    }


@pytest.fixture
def settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.chdir(tmp_path)  # where no .env lies
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The gateway's database as a test looks at it."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def channel(database: Database) -> int:
    """The id of a connected Page."""
    return connect(database, PAGE)


@pytest.fixture
async def service(settings: Settings, channel: int) -> AsyncIterator[Service]:
    """A running gateway without its web server."""
    async with running(settings) as service:
        yield service


@pytest.fixture
async def web(settings: Settings, channel: int) -> AsyncIterator[Web]:
    """A running gateway with its web server."""
    app = create_app(settings, pauses=QUICK_PAUSES)
    app.config.TOUCHUP = False  # Sanic rewrites its own code for an app, which works once in a process
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    port = listening.getsockname()[1]
    try:
        async with aiohttp.ClientSession() as http:
            yield Web(http, f"http://127.0.0.1:{port}", app.ctx.service)
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()
        listening.close()
