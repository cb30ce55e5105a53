"""A gateway between fakes: Rasa's door on one side, the Graph API on the other, a real database behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from channels import base
from gateway import outbox
from gateway.service import Service
from shop.db import Database
from talad.settings import Settings, load
from tests.gateway.fakes import RASA_TOKEN, FakeGraph, FakeRasa
from tests.gateway.messenger import DEMO_SECRETS, Messenger
from tests.gateway.silence import Silence, reviewed
from tests.gateway.world import PAGE, SECRET_KEY, Web, connect, running, serving
from tests.support.simulator import running_simulator


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
    async with serving(settings) as web:
        yield web


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """The address of one simulated Messenger for all tests."""
    with running_simulator() as address:
        yield address


@pytest.fixture
async def messenger(simulator: str) -> AsyncIterator[Messenger]:
    """The simulated Messenger, with nobody in it and nothing wrong with it."""
    async with Messenger(simulator) as messenger:
        yield messenger


@pytest.fixture
def chat_environment(environment: dict[str, str], messenger: Messenger) -> dict[str, str]:
    """As `environment`, with the simulated Messenger in place of the fake Graph API."""
    return {**environment, "TALAD_GRAPH_URL": messenger.api}


@pytest.fixture
def chat_settings(
    settings: Settings, chat_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Settings:
    for name, value in chat_environment.items():
        monkeypatch.setenv(name, value)
    return load()


@pytest.fixture
def page(database: Database) -> int:
    """The id of the channel of the simulated Messenger's Page."""
    return connect(database, PAGE, **DEMO_SECRETS)


@pytest.fixture
async def chat(chat_settings: Settings, page: int, messenger: Messenger) -> AsyncIterator[Web]:
    """A running gateway whose customers chat in the simulated Messenger."""
    async with serving(chat_settings) as web:
        await messenger.deliver_to(web.url)
        yield web
        await messenger.reset()  # while somebody listens


@pytest.fixture
async def nok(chat: Web, database: Database, page: int, messenger: Messenger) -> AsyncIterator[Silence]:
    silence = Silence(database, page, messenger)
    await silence.begins()
    yield silence


@pytest.fixture
async def approved(nok: Silence) -> Silence:
    """As `nok`, where Meta has approved the Page's templates."""
    await reviewed(nok, "approve")
    return nok


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where gateways in processes of their own keep compiled modules."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again within moments, and waits for echoes no longer than the simulated Messenger needs."""
    monkeypatch.setattr(base, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(outbox, "ECHO_SECONDS", 0.3)
