"""Where a customer opens their bill: the token is the only key, for one order, and it ends."""

from __future__ import annotations

import io
import secrets
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import zxingcpp
from PIL import Image
from sanic import Sanic

from bills import addresses
from shop import bill_links, payments, store_links
from shop.db import Database, utc_now
from shop.models import Customer, Order
from tests.bills.conftest import ADDRESS

KEY = "k" * 40


@dataclass
class Phone:
    """Opens addresses."""

    http: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
        async with self.http.get(f"{self.url}{path}", headers=headers) as answer:
            return answer, await answer.read()


@pytest.fixture
async def phone(database: Database) -> AsyncIterator[Phone]:
    app: Sanic[Any, Any] = Sanic(f"bills-{secrets.token_hex(4)}", configure_logging=False)
    app.config.TOUCHUP = False  # it rewrites Sanic itself, which works once in a process
    app.config.FALLBACK_ERROR_FORMAT = "text"
    addresses.mount(app)
    addresses.opened(app, KEY, database)
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    async with aiohttp.ClientSession() as http:
        yield Phone(http, f"http://127.0.0.1:{listener.getsockname()[1]}")
    await server.before_stop()
    await server.close()
    for connection in list(server.connections):
        connection.abort()
    await server.after_stop()


def path(order_id: int, ends_in: timedelta = timedelta(days=1), key: str = KEY) -> str:
    return f"/bills/{bill_links.token(key, order_id, utc_now() + ends_in)}"


async def test_the_bill_opens_as_page_and_as_pdf(phone: Phone, order: Order) -> None:
    answer, body = await phone.get(path(order.id))
    assert answer.status == 200 and order.number in body.decode() and ADDRESS in body.decode()
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    answer, body = await phone.get(path(order.id) + ".pdf")
    assert answer.content_type == "application/pdf" and body.startswith(b"%PDF-")
    assert f'filename="{order.number}-bill.pdf"' in answer.headers["content-disposition"]


async def test_the_language_is_the_customers(phone: Phone, database: Database, order: Order) -> None:
    _, body = await phone.get(path(order.id))
    assert "บิลคำสั่งซื้อ" in body.decode()
    with database.transaction() as session:
        session.get_one(Customer, order.customer_id).language = "en"
    _, body = await phone.get(path(order.id))
    assert "Order bill" in body.decode()


async def test_the_qr_is_there_while_the_order_waits_and_then_says_so(
    phone: Phone, database: Database, order: Order
) -> None:
    answer, body = await phone.get(path(order.id) + "/promptpay.png")
    assert answer.content_type == "image/png"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(body)))
    assert "5406540.00" in code.text
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy@example.com", now=utc_now())
    answer, body = await phone.get(path(order.id) + "/promptpay.png")
    assert answer.status == 410 and "ไม่ต้องโอนเงินแล้ว" in body.decode()
    answer, body = await phone.get(path(order.id))
    assert answer.status == 200 and b"data:image/png" not in body


@pytest.mark.parametrize("ending", ["", ".pdf", "/promptpay.png"])
async def test_nothing_opens_without_a_right_token(phone: Phone, order: Order, ending: str) -> None:
    of_the_store = store_links.token(KEY, order.id, utc_now() + timedelta(days=1))
    good = path(order.id)
    for bad in (
        path(order.id, timedelta(seconds=-1)),
        path(order.id, key="x" * 40),
        f"/bills/{of_the_store}",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(f"/bills/{order.id}.", f"/bills/{order.id + 1}."),
        path(order.id + 1),
        "/bills/1",
    ):
        answer, body = await phone.get(bad + ending, **{"accept-language": "en"})
        assert answer.status == 403 and "This link has ended" in body.decode()
        assert order.number not in body.decode()


async def test_an_erased_customers_bill_is_gone(phone: Phone, database: Database, order: Order) -> None:
    with database.transaction() as session:
        session.get_one(Customer, order.customer_id).erased_at = utc_now()
    answer, _ = await phone.get(path(order.id))
    assert answer.status == 403


async def test_a_link_lives_for_sixty_days() -> None:
    now = utc_now()
    url = bill_links.bill_url("https://shop.example/", KEY, 7, ".pdf", now=now)
    token = url.removeprefix("https://shop.example/bills/").removesuffix(".pdf")
    assert bill_links.order_of(KEY, token, now + timedelta(days=59)) == 7
    assert bill_links.order_of(KEY, token, now + timedelta(days=60, seconds=1)) is None
