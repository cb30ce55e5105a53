"""How much of a request is read, and from whom."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest

from shop import people
from shop.roles import Role
from tests.seller_console.support import HTML, PASSWORD

LARGE = 5_000_000


async def answered(url, path, visitor, *, body=b""):
    """The status that the console answers to the head of a large upload, and so much of its body."""
    host, port = url.removeprefix("http://").split(":")
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in visitor.client.cookie_jar)
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nX-CSRF-Token: {visitor.csrf}\r\n"
        f"Content-Length: {LARGE}\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    writer.write(head.encode() + body)
    status = (await asyncio.wait_for(reader.readline(), 60)).split()[1]
    writer.close()
    return status


@pytest.mark.parametrize(("path", "wanted"), [("/products/import", b"409"), ("/products/1/pictures", b"404")])
async def test_a_large_body_is_asked_of_those_whose_page_it_is_and_of_nobody_else(
    console, database, visitor, ploy, path, wanted
):
    with database.transaction() as session:
        people.add_user(session, email="pim@example.com", name="Pim", password=PASSWORD, role=Role.PACKER)
    packer, stranger = visitor(), visitor()
    await packer.sign_in("pim@example.com")
    assert await answered(console.url, path, stranger) == b"401"
    assert await answered(console.url, path, packer) == b"403"
    assert await answered(console.url, path, ploy, body=b"x" * LARGE) == wanted


@pytest.mark.parametrize("path", ["/products/new", "/language"])
async def test_what_is_too_large_is_told_so_and_not_that_the_page_is_old(ploy, path):
    form = aiohttp.FormData({"csrf": ploy.csrf})
    size = 33 * 1024 * 1024 if path == "/products/new" else 100_000
    form.add_field("pictures", io.BytesIO(b"x" * size), filename="a.jpg")
    async with ploy.client.post(ploy.url + path, data=form, headers=HTML, allow_redirects=False) as answer:
        assert answer.status == 413 and "fewer or smaller files" in await answer.text()


async def test_what_no_page_takes_is_refused_to_all(console, ploy):
    assert await answered(console.url, "/language", ploy) == b"413"
