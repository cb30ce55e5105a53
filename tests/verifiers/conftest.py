from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.web import serving
from tests.verifiers.service import FakeService
from verifiers.base import Question, Verifier
from verifiers.make import make

KEY = "key-of-the-shop-5f2c"


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    fake = FakeService()
    async with serving(fake.handle) as address:
        fake.url = f"{address}/api"
        yield fake


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
