"""Meta's data-deletion callback, from the signed request to the erased customer and the page that says so."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gateway import deletions as chore
from shop import customers, orders
from shop.db import Database, utc_now
from shop.models import Channel, Customer, DeletionRequest
from simulator.events import signed_request
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import FakeGraph
from tests.gateway.messenger import Messenger
from tests.gateway.waiting import until
from tests.gateway.world import APP_SECRET, Web

PSID = "7001"


def met(database: Database, psid: str = PSID, *, with_order: bool = False) -> int:
    with database.transaction() as session:
        make_shop(session)
        customer = customers.meet(session, session.get_one(Channel, 1), psid, "th", utc_now())
        customer.name = "Nok"
        if with_order:
            order = make_order(session, customer, make_variant(session))
            order.pay_before = utc_now() + timedelta(hours=1)  # or the gateway would end it
        return customer.id


def requests(database: Database) -> list[DeletionRequest]:
    with database.reading() as session:
        return list(session.scalars(select(DeletionRequest).order_by(DeletionRequest.id)))


def state(database: Database) -> str:
    return requests(database)[-1].state


def is_erased(database: Database, customer: int) -> bool:
    with database.reading() as session:
        return session.get_one(Customer, customer).erased_at is not None


async def status_page(web: Web, url: str) -> str:
    code = re.fullmatch(r".*/data-deletion/([0-9a-f]{24})", url)
    assert code
    async with web.http.get(f"{web.url}/data-deletion/{code[1]}") as answer:
        assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
        return await answer.text()


async def test_who_removes_the_app_is_found_through_meta_and_erased(
    chat: Web, messenger: Messenger, database: Database
) -> None:
    customer = met(database)
    await messenger.meet(PSID, name="Nok Jaidee")
    asked = await messenger.does(PSID, "data-deletion")
    assert asked["status"] == 200
    answer = json.loads(asked["answer"])
    assert answer["url"].endswith(answer["confirmation_code"])
    await until(lambda: state(database) == "erased")
    assert is_erased(database, customer)
    page = await status_page(chat, answer["url"])
    assert "ลบข้อมูลของคุณเรียบร้อยแล้ว" in page and "Your data has been deleted." in page
    [kept] = requests(database)
    assert (kept.user_id, kept.customer_id) == ("", None)  # nor does the request name them any more


async def test_the_same_request_again_is_the_same_one(
    chat: Web, messenger: Messenger, database: Database
) -> None:
    met(database)
    await messenger.meet(PSID)
    answers = {
        (await messenger.does(PSID, "data-deletion", issued_at=1766000000))["answer"] for _ in range(3)
    }
    await until(lambda: state(database) == "erased")
    answers.add((await messenger.does(PSID, "data-deletion", issued_at=1766000000))["answer"])
    assert len(answers) == 1 and len(requests(database)) == 1
    await messenger.does(PSID, "data-deletion", issued_at=1766000001)
    assert len(requests(database)) == 2


async def test_an_id_that_is_the_pages_own_needs_no_question(
    chat: Web, messenger: Messenger, database: Database
) -> None:
    customer = met(database)
    await messenger.meet(PSID)
    await messenger.does(PSID, "data-deletion", user_id=PSID)
    await until(lambda: is_erased(database, customer))
    calls = (await messenger.control("graph-calls", limit=100))["calls"]
    assert [call for call in calls if "ids_for_pages" in call["path"]] == []


async def test_with_an_open_order_it_waits_and_goes_on_by_itself(
    chat: Web, messenger: Messenger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = met(database, with_order=True)
    await messenger.meet(PSID)
    answer = json.loads((await messenger.does(PSID, "data-deletion"))["answer"])
    await until(lambda: state(database) == "waiting")
    assert not is_erased(database, customer)
    assert "You still have an open order." in await status_page(chat, answer["url"])
    with database.transaction() as session:
        orders.cancel(session, 1, now=utc_now())
        session.scalars(select(DeletionRequest)).one().looked_at = utc_now().replace(year=2020)
    chat.service.deletions._wake.set()  # ten minutes later
    await until(lambda: state(database) == "erased")
    assert is_erased(database, customer)


async def test_whom_nobody_knows_waits_for_a_person(
    chat: Web, messenger: Messenger, database: Database
) -> None:
    customer = met(database)
    await messenger.meet(PSID)
    asked = await messenger.does(PSID, "data-deletion", user_id="12345")
    await until(lambda: state(database) == "unknown")
    assert requests(database)[0].user_id == "12345" and not is_erased(database, customer)
    page = await status_page(chat, json.loads(asked["answer"])["url"])
    assert "We have not found you" in page and "12345" not in page


async def test_while_meta_is_away_it_is_tried_again_later(
    chat: Web, messenger: Messenger, database: Database
) -> None:
    customer = met(database)
    await messenger.meet(PSID)
    await messenger.goes_wrong({"error": "temporary", "edge": "ids_for_pages", "times": 1})
    await messenger.does(PSID, "data-deletion")
    await until(lambda: requests(database)[0].looked_at is not None)
    assert state(database) == "received" and not is_erased(database, customer)
    with database.transaction() as session:
        session.scalars(select(DeletionRequest)).one().looked_at = utc_now().replace(year=2020)
    chat.service.deletions._wake.set()
    await until(lambda: is_erased(database, customer))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 403),
        ({"signed_request": ""}, 403),
        ({"signed_request": "x.y"}, 403),
        ({"signed_request": signed_request("wrong", {"algorithm": "HMAC-SHA256", "user_id": PSID})}, 403),
        ({"signed_request": signed_request(APP_SECRET, {"algorithm": "HMAC-SHA256"})}, 400),
        ({"signed_request": "x" * 20_000}, 413),
        (b"\xff\x00=%zz", 403),
    ],
)
async def test_what_meta_did_not_sign_is_refused_and_not_kept(
    web: Web, database: Database, graph: FakeGraph, body: Any, status: int
) -> None:
    customer = met(database)
    async with web.http.post(web.url + chore.PATH, data=body) as answer:
        assert answer.status == status
    assert requests(database) == [] and not is_erased(database, customer)
    async with web.http.get(web.url + chore.PATH) as answer:
        assert answer.status == 405


async def test_the_status_of_a_code_that_was_never_given(web: Web) -> None:
    for code in ("0" * 24, "x", "%E0%B8%81", "<script>"):
        async with web.http.get(f"{web.url}/data-deletion/{code}") as answer:
            assert answer.status == 404 and "There is no such request." in await answer.text()
