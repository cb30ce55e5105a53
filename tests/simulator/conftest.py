"""A running emulator, reset before each test, and a small shop that takes its webhooks."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web

from tests.simulator.support import NOK, PAGE, Shop, Simulator
from tests.support.simulator import running_simulator


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One emulator for all tests."""
    with running_simulator() as address:
        yield address


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    app = web.Application()
    app.router.add_route("*", "/webhook", shop.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    shop.url = f"http://{host}:{port}/webhook"
    yield shop
    await runner.cleanup()


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
