"""A running emulator, reset before each test, and a small shop that takes its webhooks."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.simulator.support import NOK, PAGE, Shop, Simulator
from tests.support.simulator import running_simulator
from tests.support.web import serving


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One emulator for all tests."""
    with running_simulator() as address:
        yield address


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    async with serving(shop.handle) as address:
        shop.url = f"{address}/webhook"
        yield shop


@pytest.fixture
async def sim(address: str, shop: Shop) -> AsyncIterator[Simulator]:
    """The emulator with one customer, Nok, whose Page posts to ``shop``."""
    async with aiohttp.ClientSession() as session:
        sim = Simulator(address, session)
        await sim.control("/reset", {})
        await sim.control(f"/pages/{PAGE}", {"webhook": shop.url})
        await sim.control("/customers", {"psid": NOK, "name": "นก ใจดี"})
        yield sim
        await sim.control("/reset", {})
