from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from tests.verifiers.service import FakeService
from verifiers.base import Question, Verifier
from verifiers.make import make

KEY = "key-of-the-shop-5f2c"


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    fake = FakeService()
    app = web.Application()
    app.router.add_post("/{tail:.*}", fake.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def slipok(service: FakeService, session: aiohttp.ClientSession) -> Verifier:
    return _made(make("slipok", session, key=KEY, branch="4711", address=service.url))


@pytest.fixture
def easyslip(service: FakeService, session: aiohttp.ClientSession) -> Verifier:
    return _made(make("easyslip", session, key=KEY, branch="", address=service.url))


@pytest.fixture(params=["slipok", "easyslip"])
def verifier(request: pytest.FixtureRequest) -> Verifier:
    """Each service in turn."""
    found: Verifier = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def question() -> Question:
    """About a transfer of 1,234.50 baht, with an invented reference."""
    payload = "0041000600000101030040220016001093000BPP000015102TH910496E6"
    return Question("004", "016001093000BPP00001", payload, 123450)


def _made(verifier: Verifier | None) -> Verifier:
    assert verifier is not None
    return verifier
