"""The console as a process: ready, and quickly gone when told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import aiohttp
import pytest

from tests.seller_console.support import EMAIL, PASSWORD, Visitor, free_port

#: The console as `talad run console` starts it, but that it would wait an hour for connections that do not end by
#: themselves, instead of tearing them after some seconds: so it ends only when they do, however slow the machine is.
PROGRAM = """
from seller_console import app
from talad import settings

create_app = app.create_app

def patient(settings):
    made = create_app(settings)
    made.config.GRACEFUL_SHUTDOWN_TIMEOUT = 3600
    return made

app.create_app = patient
app.run(settings.load())
"""


@pytest.fixture
async def process(settings, database):
    """The console as a process of its own, and its address."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TALAD_")}
    environment |= {
        "TALAD_ENV_FILE": os.devnull,
        "TALAD_VAR": str(settings.var),
        "TALAD_DATABASE_URL": settings.database_url,
        "TALAD_CONSOLE_BIND": f"127.0.0.1:{port}",
    }
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(120):
            while not await ready(url):
                assert child.returncode is None
                await asyncio.sleep(0.1)
        yield child, url
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def ready(url):
    try:
        async with aiohttp.request("GET", url + "/health/ready") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def test_open_streams_and_idle_connections_do_not_delay_the_stop(process):
    child, url = process
    host, port = url.removeprefix("http://").split(":")
    _, silent = await asyncio.open_connection(host, int(port))
    answered, idle = await asyncio.open_connection(host, int(port))
    idle.write(f"GET /health/live HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert b" 200 " in await answered.readline()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        seller = Visitor(client, url)
        assert (await seller.sign_in(EMAIL, PASSWORD)).status == 303
        async with client.get(url + "/events") as one, client.get(url + "/events") as other:
            assert await one.content.readline() and await other.content.readline()
            child.send_signal(signal.SIGTERM)
            async with asyncio.timeout(300):
                await one.content.read()  # raises when the stream was torn instead of ended
                await other.content.read()
                assert await child.wait() == 0
    silent.close()
    idle.close()


async def test_live_and_ready_are_open_to_all(stranger):
    assert (await stranger.get("/health/live"))[0].status == 200
    assert (await stranger.get("/health/ready"))[0].status == 200


async def test_without_its_tables_the_console_is_alive_but_not_ready(database, stranger):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE channel RENAME TO elsewhere")
        connection.exec_driver_sql("ALTER TABLE shop RENAME TO somewhere")
    assert (await stranger.get("/health/live"))[0].status == 200
    assert (await stranger.get("/health/ready"))[0].status == 503
    answer, body = await stranger.get("/sign-in")
    assert answer.status in (500, 503) and "<h1>" in body and "กรุณาลองใหม่" in body


async def test_noise_instead_of_http_gets_an_answer_and_the_console_goes_on(console, stranger):
    host, port = console.url.removeprefix("http://").split(":")
    for noise in (
        b"\x16\x03\x01\x02\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(noise)
        answer = await asyncio.wait_for(reader.read(15), 60)
        assert answer.split()[1] in (b"400", b"303", b"401"), noise
        writer.close()
        await writer.wait_closed()
    assert (await stranger.get("/sign-in"))[0].status == 200
