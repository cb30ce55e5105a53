"""Requests that no browser sends: broken hosts, bytes that are no text, characters that no database takes."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from yarl import URL

from shop.models import QuickAnswer, User
from tests.seller_console.forms_of import forms_of
from tests.seller_console.support import EMAIL, PASSWORD
from tests.seller_console.who_may import WHO_MAY, filled

NOT_TEXT = b"\xff\xfe\x80"
#: What is put in the place of, or beside, the headers that a browser sends.
HOSTS = (b"[", b"[::1", NOT_TEXT, b"a b", b"", b"x" * 300, b"//", b"evil.example@shop", b"\x00")
HEADERS = (
    b"Cookie: talad_session=" + NOT_TEXT,
    b"Cookie: talad_form=" + NOT_TEXT + b"; talad_language=" + NOT_TEXT + b"; talad_half_way=" + NOT_TEXT,
    b"X-CSRF-Token: " + NOT_TEXT,
    b"Accept-Language: " + NOT_TEXT,
    b"User-Agent: " + NOT_TEXT,
    b"X-Forwarded-For: " + NOT_TEXT,
    b"X-Forwarded-For: fe80::1%" + NOT_TEXT,
    b"X-Forwarded-Proto: " + NOT_TEXT,
    b"Forwarded: host=" + NOT_TEXT,
    b"Last-Event-Id: " + NOT_TEXT,
    b"Content-Type: multipart/form-data; boundary=" + NOT_TEXT,
    b"Content-Type: " + NOT_TEXT,
)
#: Names in addresses that pages read, and what may stand there.
ASKED = (
    "next", "since", "until", "from", "to", "words", "q", "before", "after", "by", "kind", "subject", "period", "of",
    "category", "channel", "said", "last", "language", "show", "days", "least", "most", "why", "order", "ask", "meant",
)  # fmt: skip
QUERIES = ("%00", "%ff", "//[", "0001-01-01", "9999-12-31", "-1", "9" * 30)
#: Where every single header is tried: what strangers and sellers reach, files, nothing at all.
SOME = (
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/join/1"),
    ("GET", "/orders"),
    ("POST", "/language"),
    ("GET", "/static/x/icon.svg"),
    ("GET", "/health/live"),
    ("GET", "/nothing"),
)


async def ask(
    url: str, method: str, path: str, *lines: bytes, host: bytes = b"shop", body: bytes = b""
) -> int:
    """The status of the answer to exactly these bytes; 0 when the connection was closed without one."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = [f"{method} {path} HTTP/1.1".encode("latin-1"), b"Host: " + host, b"Accept: text/html", *lines]
    if method == "POST":
        head.append(b"Content-Length: %d" % len(body))
    try:
        writer.write(b"\r\n".join([*head, b"Connection: close", b"", body]))
        await writer.drain()
        first = await asyncio.wait_for(reader.readline(), 60)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return int(first.split()[1]) if first else 0


def every_address(order):
    for line in WHO_MAY:
        method, path = line.split(" ")
        if path not in ("/events", "/sign-out", "/account/sessions/end"):
            yield method, filled(path, order.number)


def session_of(console, person):
    """The header of somebody who is signed in."""
    cookies = person.client.cookie_jar.filter_cookies(URL(console.url))
    return b"Cookie: talad_session=" + cookies["talad_session"].value.encode()


@pytest.mark.parametrize("who", ["nobody", "owner"])
async def test_no_header_makes_a_page_fail(console, order, ploy, who):
    known = [session_of(console, ploy)] if who == "owner" else []
    tries = [(*place, [header], b"shop") for place in SOME for header in HEADERS]
    tries += [(*place, [], host) for place in SOME for host in HOSTS]
    tries += [(*place, HEADERS, b"shop") for place in every_address(order)]
    tries += [(*place, [], b"[") for place in every_address(order)]
    failed = []
    for method, path, headers, host in tries:
        status = await ask(console.url, method, path, *known, *headers, host=host)
        if not 200 <= status < 500:
            failed.append((method, path, headers, host, status))
    assert failed == []


async def test_no_address_makes_a_page_fail(console, order, ploy):
    known, failed = session_of(console, ploy), []
    for method, path in every_address(order):
        for value in QUERIES if method == "GET" else ():
            query = "&".join(f"{name}={value}" for name in ASKED)
            status = await ask(console.url, method, f"{path}?{query}", known)
            if not 200 <= status < 500:
                failed.append((path, value, status))
    assert failed == []


async def test_a_character_that_no_database_takes_is_left_out_of_every_field(whole_shop, ploy):
    """What is typed is otherwise kept as it was."""
    forms = await forms_of(ploy, whole_shop.number)
    names = {name for fields in forms.values() for name in fields} - {"csrf"}
    assert len(forms) > 30 and len(names) > 40
    everything = {**dict.fromkeys(names, "1"), "email": "lek@example.com", "name": "Ploy", "role": "staff"}
    failed = []
    for method, path in every_address(whole_shop):
        if method == "POST" and not path.endswith("/deactivate"):
            for fields in (forms.get(path, {}), everything | forms.get(path, {}), everything):
                typed = {name: f"\0{value or 1}\0" for name, value in fields.items() if name != "csrf"}
                answer, _ = await ploy.send(path, typed, **{"X-CSRF-Token": ploy.csrf})
                if answer.status >= 500:
                    failed.append((path, answer.status))
    assert failed == []


async def test_what_is_typed_around_such_a_character_is_kept(database, ploy, stranger):
    answer, _ = await ploy.post("/account", name="Plo\0y P.", language="en")
    assert answer.status == 303
    answer, _ = await ploy.post("/chats/answers", shortcut="h\0i", text_th="สวัสดี\0", text_en="")
    assert answer.status == 303
    answer = await stranger.sign_in(f"{EMAIL}\0", PASSWORD)
    assert answer.status == 303
    with database.reading() as session:
        assert session.scalars(select(User.name).where(User.email == EMAIL)).one() == "Ploy P."
        kept = session.scalars(select(QuickAnswer).where(QuickAnswer.shortcut == "hi")).one()
        assert kept.text_th == "สวัสดี"
