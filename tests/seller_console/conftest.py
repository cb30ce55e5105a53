"""A running console over a real database, with two sellers, two channels and one order that waits."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserContext, async_playwright

from seller_console.app import create_app
from seller_console.pages import bot_files
from shop import passwords, people
from shop.db import Database
from shop.media import MediaStore
from shop.models import Channel, Order
from shop.roles import Role
from shop.vault import Vault
from talad.settings import Settings
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.factories import make_channel, make_shop
from tests.seller_console.browser import DESKTOP, PHONE, is_ours, sign_in
from tests.seller_console.joining import NEW
from tests.seller_console.support import EMAIL, OTHER_EMAIL, PASSWORD, Console, Visitor, place, send_slip
from tests.seller_console.whole_shop import fill
from tests.support.machine import ROOT
from training import files


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing a password is slow by design, and every test here signs somebody in."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def bot_files_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the pages find the files of the bot: an empty place, so that no test changes or commits the project's."""
    root = tmp_path / "project"
    monkeypatch.setattr(bot_files, "ROOT", root)
    return root


@pytest.fixture
def project(bot_files_of_nobody: Path) -> Path:
    """A checkout with the examples of the bot as they are in the repository, which the pages find."""
    root = bot_files_of_nobody
    for folder in (files.TRAINED, files.HELD_OUT):
        (root / folder).mkdir(parents=True)
        files.write(root, files.texts(ROOT, folder))
    for arguments in (
        "init -q -b main",
        "add .",
        "-c user.name=x -c user.email=x@example.com commit -qm Begin",
    ):
        subprocess.run(["git", *arguments.split()], cwd=root, check=True)
    return root


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var=tmp_path, TALAD_DATABASE_URL=database_url)  # type: ignore[call-arg]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.transaction() as session:
        make_shop(session)
        make_channel(session)
        make_channel(session, "200", "Chiang Mai")
        people.add_user(session, email=EMAIL, name="Ploy", password=PASSWORD)
        people.add_user(session, email=OTHER_EMAIL, name="Chai", password=PASSWORD)
    yield database
    database.close()


@pytest.fixture
def store(settings: Settings) -> MediaStore:
    return MediaStore(settings.media_url)


@pytest.fixture
def order(database: Database, store: MediaStore) -> Order:
    """Nok's order on the first channel, with a slip: its payment is pending."""
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
        send_slip(session, store, order)
    return order


@pytest.fixture
def whole_shop(
    database: Database, store: MediaStore, settings: Settings, order: Order, project: Path
) -> Order:
    """Every address of `who_may.py` leads to something. The order is `order`."""
    with database.transaction() as session:
        fill(session, store, Vault(settings.secret_key), order)
    return order


@pytest.fixture
async def console(settings: Settings, database: Database, store: MediaStore) -> AsyncIterator[Console]:
    app = create_app(settings)
    app.config.TOUCHUP = False  # it rewrites Sanic itself, which works once in a process
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    yield Console(f"http://127.0.0.1:{listener.getsockname()[1]}", database, store)
    await server.before_stop()
    await server.close()
    for connection in list(server.connections):
        connection.abort()
    await server.after_stop()


@pytest.fixture
async def visitor(console: Console) -> AsyncIterator[Callable[[], Visitor]]:
    """Makes browsers: each call is another person's."""
    async with AsyncExitStack() as stack:
        clients: list[aiohttp.ClientSession] = []

        def make() -> Visitor:
            client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
            clients.append(client)
            stack.push_async_callback(client.close)
            return Visitor(client, console.url)

        yield make


@pytest.fixture
async def stranger(visitor: Callable[[], Visitor]) -> Visitor:
    """Nobody is signed in."""
    return visitor()


@pytest.fixture
async def ploy(visitor: Callable[[], Visitor]) -> Visitor:
    """A seller who is signed in and reads English."""
    browser = visitor()
    await browser.sign_in()
    await browser.post("/language", language="en", next="/orders")
    return browser


@pytest.fixture
async def lek(database: Database, visitor: Callable[[], Visitor]) -> Visitor:
    """A packer who is signed in and reads English."""
    with database.transaction() as session:
        one = people.add_user(session, email=NEW, name="Lek", password=PASSWORD, role=Role.PACKER)
        one.language = "en"
    browser = visitor()
    await browser.sign_in(NEW)
    return browser


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser, console: Console) -> AsyncIterator[BrowserContext]:
    """A seller's phone, signed in and in Thai."""
    async with _signed_in(browser, console, viewport=PHONE, has_touch=True, locale="th") as context:
        yield context


@pytest.fixture
async def desktop(browser: Browser, console: Console) -> AsyncIterator[BrowserContext]:
    """A seller's computer, signed in and in Thai."""
    async with _signed_in(browser, console, viewport=DESKTOP, locale="th") as context:
        yield context


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
async def device(
    request: pytest.FixtureRequest, browser: Browser, console: Console
) -> AsyncIterator[BrowserContext]:
    """A seller's phone, and in a second run of the test their computer, signed in and in Thai."""
    async with _signed_in(browser, console, viewport=request.param, locale="th") as context:
        yield context


@asynccontextmanager
async def _signed_in(browser: Browser, console: Console, **options: Any) -> AsyncIterator[BrowserContext]:
    """It must never log an error, such as a script the policy refuses."""
    context = await browser.new_context(**options)
    errors: list[str] = []
    context.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    await (await sign_in(context, console.url)).close()
    yield context
    await context.close()
    assert errors == []
