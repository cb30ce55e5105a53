"""A running emulator, reset before each test, and a small shop that takes its webhooks."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web

from tests.simulator.support import NOK, PAGE, Shop, Simulator


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One emulator for all tests, as its users start it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIMULATOR_")}
    command = [sys.executable, "-m", "simulator", "--bind", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found, "the simulator does not say its address"
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


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
        for _ in range(200):
            try:
                await sim.control("/reset", {})
                break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
        await sim.control(f"/pages/{PAGE}", {"webhook": shop.url})
        await sim.control("/customers", {"psid": NOK, "name": "นก ใจดี"})
        yield sim
        await sim.control("/reset", {})
