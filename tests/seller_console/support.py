"""A browser without a screen, and small things the console's tests share."""

from __future__ import annotations

import io
import re
import socket
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
from PIL import Image
from sqlalchemy.orm import Session

from shop import media, orders
from shop.db import Database
from shop.media import MediaStore
from shop.models import Channel, Customer, Order, Slip
from shop.slips import intake
from shop.slips.picture import cleaned
from tests.factories import NOW, make_customer, make_order, make_variant

EMAIL, PASSWORD = "ploy@example.com", "a long password"
OTHER_EMAIL = "chai@example.com"
HTML = {"Accept": "text/html"}
#: A sum of the tests' orders (a shirt, a mug, with shipping), but not the same digits in a number, a time or a token.
SUMS = re.compile(r"(?<![\w.-])(?:290|250)(?![\w-])")


@dataclass
class Console:
    """A running console: its address, and the database and store behind it."""

    url: str
    database: Database
    store: MediaStore


class Visitor:
    """Someone's browser: keeps cookies, follows no redirect, fills in a page's forms."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client = client
        self.url = url
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, str]:
        async with self.client.get(
            self.url + path, headers={**HTML, **headers}, allow_redirects=False
        ) as answer:
            return answer, self._read(await answer.read())

    async def post(self, path: str, **fields: str) -> tuple[aiohttp.ClientResponse, str]:
        """Send a form with the token of the last page that had one."""
        return await self.send(path, {"csrf": self.csrf, **fields})

    async def send(
        self, path: str, fields: dict[str, str], **headers: str
    ) -> tuple[aiohttp.ClientResponse, str]:
        """Send exactly these fields."""
        async with self.client.post(
            self.url + path, data=fields, headers={**HTML, **headers}, allow_redirects=False
        ) as answer:
            return answer, self._read(await answer.read())

    async def send_files(
        self, path: str, fields: dict[str, str], *files: tuple[str, bytes], **headers: str
    ) -> tuple[aiohttp.ClientResponse, str]:
        """Send a form with pictures, given by file name and content, as browsers do."""
        form = aiohttp.FormData({"csrf": self.csrf, **fields}, quote_fields=False)
        for name, data in files:
            form.add_field("pictures", io.BytesIO(data), filename=name, content_type="image/jpeg")
        async with self.client.post(
            self.url + path, data=form, headers={**HTML, **headers}, allow_redirects=False
        ) as answer:
            return answer, self._read(await answer.read())

    async def weight(self, page: str) -> int:
        """Bytes of a page with the styles and scripts that it names, unpacked and without pictures."""
        named = {*re.findall(r'(?:href|src)="(/static/[^"]+)"', page)}
        files = [address for address in named if not address.endswith((".svg", ".png"))]
        return len(page.encode()) + sum([len((await self.get(address))[1].encode()) for address in files])

    async def sign_in(
        self, email: str = EMAIL, password: str = PASSWORD, **fields: str
    ) -> aiohttp.ClientResponse:
        await self.get("/sign-in")
        answer, _ = await self.post("/sign-in", email=email, password=password, **fields)
        if answer.status == 303:
            await self.get("/menu")  # for the session's own form token
        return answer

    def _read(self, body: bytes) -> str:
        text = body.decode(errors="replace")
        token = re.search(r'name="csrf" value="([^"]+)"', text)
        self.csrf = token[1] if token else self.csrf
        return text


def place(
    session: Session, channel: Channel, *, customer: str = "nok", name: str = "Nok", cause: str = "e1"
) -> Order:
    """An order of one thing, with its delivery details."""
    buyer = make_customer(session, channel, customer, name)
    order = make_order(session, buyer, make_variant(session, f"SKU-{cause}"), cause=cause)
    orders.set_delivery(
        session, order.id, recipient="สมหญิง ใจดี", phone="0812345678", address="99 ถนนสุขุมวิท กรุงเทพฯ"
    )
    return order


def send_slip(
    session: Session, store: MediaStore, order: Order, cause: str = "s1", *, codes: tuple[str, ...] = ()
) -> Slip:
    """The order's customer sends a slip, whose picture is in the store; `codes` are the texts of its QR codes."""
    buyer = session.get_one(Customer, order.customer_id)
    png = io.BytesIO()
    Image.new("RGB", (300, 600), "white").save(png, "PNG")
    picture = replace(cleaned(png.getvalue()), codes=codes)
    key = media.new_key(media.PRIVATE, "slips", "jpg")
    store.put(key, picture.jpeg)
    slip = intake.keep(session, buyer.id, picture, key, cause=cause, part=0, now=NOW + timedelta(minutes=5))
    intake.take(session, buyer.id, [slip.id], now=NOW + timedelta(minutes=5))
    return slip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
