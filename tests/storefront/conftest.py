"""A served store over a real database, with one shop, one customer, and the customer's own address."""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from shop import store_links
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import Customer, Product, Variant
from storefront import app as storefront
from talad.settings import Settings
from tests.factories import make_channel, make_customer, make_shop

SECRET_KEY = "k" * 40


@dataclass
class Browser:
    """One customer's phone: keeps no cookies, follows no redirect, fills in a page's forms."""

    http: aiohttp.ClientSession
    url: str
    token: str
    body: str = ""

    async def get(self, path: str = "") -> tuple[aiohttp.ClientResponse, str]:
        return await self._asked(self.http.get(self.address(path), allow_redirects=False))

    async def post(self, path: str, data: Any = None, **fields: str) -> tuple[aiohttp.ClientResponse, str]:
        """Send a form with the `once` of the page seen last, unless the fields have one."""
        once = re.search(r'name="once" value="([0-9a-f]{16})"', self.body)
        fields = {"once": once[1] if once else "", **fields}
        sent = fields if data is None else data
        if isinstance(sent, aiohttp.FormData):
            for name, value in fields.items():
                sent.add_field(name, value)
        return await self._asked(self.http.post(self.address(path), data=sent, allow_redirects=False))

    def address(self, path: str) -> str:
        return f"{self.url}/store/{self.token}/{path}" if not path.startswith("/") else self.url + path

    async def _asked(self, request: Any) -> tuple[aiohttp.ClientResponse, str]:
        async with request as answer:
            text = await answer.text()
            self.body = text or self.body
            return answer, text


@pytest.fixture
def customer(database: Database) -> Customer:
    """Nok, in a shop that sells a T-shirt in two sizes and a mug."""
    with database.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        nok.language = "en"
        session.add(
            Product(
                name_th="เสื้อยืด",
                name_en="T-shirt",
                options=[{"th": "ไซส์", "en": "Size"}],
                variants=[
                    Variant(sku=f"SHIRT-{size}", values=[{"th": size, "en": size}], price=25000, stock=stock)
                    for size, stock in (("M", 5), ("L", 0))
                ],
            )
        )
        session.add(
            Product(name_th="แก้ว", name_en="Mug", variants=[Variant(sku="MUG", price=12000, stock=9)])
        )
    return nok


@pytest.fixture
async def browser(database: Database, customer: Customer, tmp_path: Path) -> AsyncIterator[Browser]:
    settings = Settings(_env_file=None, var=tmp_path, TALAD_SECRET_KEY=SECRET_KEY)  # type: ignore[call-arg]
    app: Sanic[Any, Any] = Sanic(f"store-{secrets.token_hex(4)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 2 * storefront.MOST_BYTES
    app.config.TOUCHUP = False  # it rewrites Sanic itself, which works once in a process
    storefront.mount(app)
    storefront.opened(app, settings, database, MediaStore(str(tmp_path)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    token = store_links.token(SECRET_KEY, customer.id, utc_now() + store_links.LIFETIME)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Browser(http, f"http://127.0.0.1:{listener.getsockname()[1]}", token)
    await server.before_stop()
    await server.close()
    for connection in list(server.connections):
        connection.abort()
    await server.after_stop()
