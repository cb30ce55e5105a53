"""Notifications reach the browsers' push services: readable for the browser only, signed by the shop, told once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import web
from py_vapid import Vapid02
from sqlalchemy import select

from gateway.groupcommit import GroupCommit
from gateway.push_service import Outcome, PushService
from gateway.pushes import Pushes
from shop import alerts, customers, handoff, people, push_devices, push_key, sign_ins
from shop.db import Database, utc_now
from shop.models import Alert, Channel, PushDevice
from shop.pushes import Letter
from shop.vault import Vault
from talad.media_hosts import MediaHosts
from talad.settings import Settings
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import Server
from tests.gateway.waiting import until
from tests.gateway.world import SECRET_KEY, Web, said
from tests.support.push import Browser

NOK = "7001"


class FakePushService(Server):
    """Takes what is sent, or answers what `answers` says, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[str, Any, bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/to/{number}", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        self.taken.append((request.path, request.headers, await request.read()))
        status, headers = self.answers.pop(0) if self.answers else (201, {})
        return web.Response(status=status, headers=headers)


@pytest.fixture
async def service_of_browsers() -> AsyncIterator[FakePushService]:
    fake = FakePushService()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def environment(environment: dict[str, str], service_of_browsers: FakePushService) -> dict[str, str]:
    hosts = {"TALAD_PUSH_HOSTS": f"127.0.0.1:{service_of_browsers.port}"}
    return {**environment, **hosts, "TALAD_PUBLIC_URL": "https://shop.example.com/talad"}


@pytest.fixture
def browser(database: Database, service_of_browsers: FakePushService) -> Browser:
    """Where Ploy is told, at the fake push service."""
    browser = Browser(service_of_browsers.url)
    with database.transaction() as session:
        make_shop(session)
        ploy = people.save(session, email="ploy@example.com", name="Ploy", password_hash="x")
        token = sign_ins.hashed(sign_ins.sign_in(session, ploy, utc_now()))
        push_devices.keep(session, ploy.id, token, **browser.fields, now=utc_now())
    return browser


@pytest.fixture
async def pushes(settings: Settings, database: Database, browser: Browser) -> AsyncIterator[Pushes]:
    """What a gateway sends with, nothing else of it."""
    writer = GroupCommit(database)
    pushes = Pushes(settings, database, writer, pauses=(0.01, 0.02))
    yield pushes
    await pushes.close()
    await writer.close()


@pytest.fixture
def devices(database: Database) -> Iterator[Any]:
    def look() -> list[tuple[int, str]]:
        with database.reading() as session:
            return [(one.failures, one.why) for one in session.scalars(select(PushDevice))]

    yield look


def note(database: Database, *numbers: str) -> None:
    with database.transaction() as session:
        for number in numbers:
            alerts.note(session, alerts.Kind.ORDER, number, by="customer", now=utc_now())


async def test_order_and_call_go_from_the_chat_to_the_phone_in_the_pocket(
    web: Web, channel: int, database: Database, service_of_browsers: FakePushService, browser: Browser
) -> None:
    with database.transaction() as session:
        customer = customers.meet(session, session.get_one(Channel, channel), NOK, "en", utc_now())
        customer.name = "Nok"
        customers.heard_from(customer, utc_now())
        order = make_order(session, customer, make_variant(session))
        session.execute(select(Alert)).scalar_one().at = utc_now()
    await until(lambda: service_of_browsers.taken)
    with database.transaction() as session:
        handoff.person_wrote(session, channel, NOK, utc_now())
    assert await web.deliver(said(NOK, "are you there?")) == 200
    await until(lambda: len(service_of_browsers.taken) == 2)
    shown = [browser.read(body) for _, _, body in service_of_browsers.taken]
    page = f"/orders/{order.number}"
    assert shown == [
        {"title": "คำสั่งซื้อใหม่", "body": order.number, "tag": f"order {page}", "address": page},
        {
            "title": "ลูกค้ารอคำตอบจากร้าน",
            "body": "Nok",
            "tag": f"call /chats/{customer.id}",
            "address": f"/chats/{customer.id}",
        },
    ]
    _, headers, body = service_of_browsers.taken[0]
    assert order.number.encode() not in body and order.number not in str(headers)
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("3600", "high", "aes128gcm")
    assert len(headers["Topic"]) == 32 and headers["Topic"] != service_of_browsers.taken[1][1]["Topic"]
    # signed with the key that browsers are told, for this push service only, by somebody who can be asked
    assert Vapid02.verify(headers["Authorization"])
    with database.reading() as session:
        key = push_key.get(session, Vault(SECRET_KEY))
    assert key is not None and headers["Authorization"].endswith(f",k={key.public}")
    claims = push_devices.decoded(headers["Authorization"].split(".")[1]).decode()
    assert '"sub":"https://shop.example.com"' in claims and f'"aud":"{service_of_browsers.url}"' in claims


async def test_two_gateways_tell_a_burst_once_and_together(
    pushes: Pushes,
    settings: Settings,
    database: Database,
    service_of_browsers: FakePushService,
    browser: Browser,
) -> None:
    other = Pushes(settings, database, writer := GroupCommit(database))
    note(database, "TL-1", "TL-2", "TL-3")
    await asyncio.gather(pushes.send_due(), other.send_due(), pushes.send_due(), other.send_due())
    await asyncio.gather(pushes.idle(), other.idle())
    [(_, _, body)] = service_of_browsers.taken
    assert browser.read(body)["body"] == "TL-1, TL-2, TL-3"
    assert pushes.ended + other.ended == {"taken": 1}
    await other.close()
    await writer.close()


@pytest.mark.parametrize(
    ("answers", "tries", "left"),
    [
        ([(410, {})], 1, []),
        ([(404, {})], 1, []),
        ([(429, {"Retry-After": "0"}), (500, {})], 3, [(0, "")]),
        ([(500, {})] * 3, 3, [(1, "HTTP 500")]),
        ([(403, {})], 1, [(1, "HTTP 403")]),
        ([(429, {"Retry-After": "86400"})], 1, [(1, "HTTP 429")]),
        ([(307, {"Location": "http://127.0.0.1:1/"})], 1, [(1, "HTTP 307")]),
    ],
)
async def test_what_a_push_service_answers_is_understood(
    pushes: Pushes,
    database: Database,
    service_of_browsers: FakePushService,
    devices: Any,
    answers: list[tuple[int, dict[str, str]]],
    tries: int,
    left: list[tuple[int, str]],
) -> None:
    service_of_browsers.answers = [*answers]
    note(database, "TL-1")
    await pushes.send_due()
    await pushes.idle()
    assert len(service_of_browsers.taken) == tries and devices() == left


async def test_a_push_service_that_is_away_or_the_feature_off_loses_a_notification_and_nothing_else(
    pushes: Pushes,
    settings: Settings,
    database: Database,
    service_of_browsers: FakePushService,
    devices: Any,
) -> None:
    off = Pushes(settings.model_copy(update={"push_hosts": MediaHosts(())}), database, pushes._writer)
    note(database, "TL-1")
    await off.send_due()
    await off.idle()
    await off.close()
    assert service_of_browsers.taken == [] and devices() == [(0, "")]
    await service_of_browsers.stop()
    note(database, "TL-2")
    await pushes.send_due()
    await pushes.idle()
    assert devices() == [(1, "ClientConnectorError")]
    with database.reading() as session:
        assert session.scalars(select(Alert)).all() == []


@pytest.mark.parametrize(
    ("hosts", "endpoint", "why"),
    [
        ("fcm.googleapis.com", "https://evil.example.com/x", "not an allowed host"),
        ("fcm.googleapis.com", "https://fcm.googleapis.com.evil.example/x", "not an allowed host"),
        ("fcm.googleapis.com", "http://fcm.googleapis.com/x", "not an allowed host"),
        ("fcm.googleapis.com", "https://127.0.0.1/x", "not an allowed host"),
        ("fcm.googleapis.com", "https://[::1]/x", "not an allowed host"),
        ("fcm.googleapis.com", "https://fcm.googleapis.com:x/", "not an allowed host"),
        ("home.arpa", "https://talad.home.arpa/x", "the name leads to a private address"),
    ],
)
async def test_no_address_of_a_browser_leads_into_the_shops_own_network(
    hosts: str, endpoint: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_self: Any, host: str, port: int = 0, family: Any = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "10.0.0.5", "port": port, "family": 2, "proto": 6, "flags": 0}]

    monkeypatch.setattr("aiohttp.ThreadedResolver.resolve", resolve)
    fields = {**Browser().fields, "endpoint": endpoint}
    letter = Letter(device_id=1, **fields, title="", body="", tag="t", address="/")
    service = PushService(MediaHosts.parse(hosts), "https://localhost")
    answer = await service.deliver(letter, push_key._new())
    assert (answer.outcome, answer.why) == (Outcome.REFUSED, why)
    await service.close()
