"""While a person has the chat the bot keeps silent, nothing is lost, and there are ways back."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from PIL import Image
from sqlalchemy import select

from gateway import due, outbox_echo, payloads
from gateway.commands import calls_the_bot
from gateway.service import Service
from shop import customers, handoff, in_hands
from shop.db import Database, utc_now
from shop.models import Channel, Customer, InboxEvent, Slip
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until
from tests.gateway.world import PAGE, SECRET_KEY, deliver, said, tapped

NOK = "7001"
PAGE_INBOX = 263902037430900


@pytest.fixture
def nok(database: Database, channel: int) -> int:
    """The id of a customer who has written before."""
    with database.transaction() as session:
        make_shop(session)
        row = session.get_one(Channel, channel)
        row.app_id = "200000000000001"
        customer = customers.meet(session, row, NOK, "en", utc_now())
        customers.heard_from(customer, utc_now())
        return customer.id


def echoed(mid: str = "m_echo", **message: Any) -> dict[str, Any]:
    """The Page has said something to Nok."""
    now = int(utc_now().timestamp() * 1000)
    content = {"mid": mid, "is_echo": True, "text": "hello from the shop", **message}
    return {"sender": {"id": PAGE}, "recipient": {"id": NOK}, "timestamp": now, "message": content}


def until_when(database: Database, customer_id: int) -> Any:
    with database.reading() as session:
        return session.get_one(Customer, customer_id).person_until


@pytest.mark.parametrize(
    "sender", [{"app_id": PAGE_INBOX}, {"app_id": str(PAGE_INBOX)}, {"app_id": "77"}, {}]
)
async def test_a_person_in_the_page_inbox_silences_the_bot(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph, sender: dict[str, Any]
) -> None:
    await deliver(service, echoed(**sender))
    await deliver(service, said(NOK, "do you have it in red?"))
    await until(lambda: all_done(database))
    assert (rasa.asked, graph.sent) == ([], [])
    last = inbox(database)[-1]
    assert (last.state, last.reason) == ("ignored", "a person has the chat")


@pytest.mark.parametrize(
    "sender",
    [{"app_id": 200000000000001}, {"metadata": outbox_echo.metadata(5, 0)}, {"app_id": "200000000000001"}],
)
async def test_the_bots_own_echo_never_does(
    nok: int, service: Service, database: Database, graph: FakeGraph, sender: dict[str, Any]
) -> None:
    await deliver(service, echoed(**sender), said(NOK, "hi"))
    await until(lambda: graph.texts(NOK) == ["re: hi"])
    assert until_when(database, nok) is None


async def test_an_echo_delivered_again_does_not_take_the_chat_back(
    nok: int, service: Service, database: Database
) -> None:
    echo = echoed(app_id=PAGE_INBOX)
    await deliver(service, echo)
    assert until_when(database, nok) is not None
    with database.transaction() as session:
        handoff.hand_back(session, nok)
    await deliver(service, echo)
    assert until_when(database, nok) is None


@pytest.mark.parametrize("where", ["messaging", "standby"])
async def test_a_slip_that_comes_meanwhile_is_kept_for_its_order(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph, where: str
) -> None:
    with database.transaction() as session:
        order = make_order(session, session.get_one(Customer, nok), make_variant(session))
        order.pay_before = utc_now() + timedelta(days=1)
        if where == "messaging":  # else the Page's inbox holds the conversation and says nothing about it
            handoff.ask_for_person(session, nok, utc_now())
    picture = io.BytesIO()
    Image.new("RGB", (30, 40), "white").save(picture, "JPEG")
    graph.files["slip.jpg"] = lambda _: web.Response(body=picture.getvalue(), content_type="image/jpeg")
    photo = {"type": "image", "payload": {"url": f"{graph.url}/files/slip.jpg"}}
    entry = {"id": PAGE, "time": 1, where: [said(NOK, attachments=[photo])]}
    await service.inbox.receive(json.dumps({"object": "page", "entry": [entry]}).encode())
    await until(lambda: all_done(database))
    with database.reading() as session:
        assert session.scalars(select(Slip.order_id)).all() == [order.id]
    assert rasa.asked == []


@pytest.mark.parametrize("typed", ["bot", "Menu", "บอทค่ะ", "คุยกับบอท"])
async def test_a_word_calls_the_bot_back(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph, typed: str
) -> None:
    with database.transaction() as session:
        handoff.ask_for_person(session, nok, utc_now())
    await deliver(service, said(NOK, typed))
    await until(lambda: graph.texts(NOK))
    assert [turn["intent"] for turn in rasa.asked] == ["back_to_bot"]


def test_only_the_word_alone_calls_the_bot() -> None:
    assert not any(map(calls_the_bot, ("are you a bot?", "ไม่อยากคุยกับบอท", "", None, "menu for today?")))


async def test_who_taps_a_button_of_ours_has_the_bot_and_still_waits_for_the_person(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph, channel: int
) -> None:
    with database.transaction() as session:
        handoff.ask_for_person(session, nok, utc_now())
    payload = payloads.sign(SECRET_KEY, channel, "/confirm_order")
    await deliver(service, tapped(NOK, payload, "Confirm order"))
    await until(lambda: graph.texts(NOK))
    await deliver(service, said(NOK, "John Smith"))  # the bot may have asked, and must hear the answer
    await until(lambda: len(rasa.asked) == 2)
    assert [turn.get("intent") or turn["text"] for turn in rasa.asked] == ["confirm_order", "John Smith"]
    with database.reading() as session:
        assert in_hands.part(session, utc_now()).customers == [session.get_one(Customer, nok)]


@pytest.mark.parametrize("payload", [None, "t1.AAAAAAAAAAAAAAAA./view_orders", "FAQ"])
async def test_a_button_that_is_not_ours_is_left_to_the_person(
    nok: int, service: Service, database: Database, rasa: FakeRasa, payload: str | None
) -> None:
    with database.transaction() as session:
        handoff.ask_for_person(session, nok, utc_now())
    await deliver(service, tapped(NOK, payload, "Opening hours?"))
    await until(lambda: all_done(database))
    assert inbox(database)[-1].reason == "a person has the chat"
    assert rasa.asked == []


def passed_to(app_id: int) -> dict[str, Any]:
    """Thread control changes hands."""
    now = int(utc_now().timestamp() * 1000)
    control = {"previous_owner_app_id": str(PAGE_INBOX), "new_owner_app_id": app_id, "metadata": ""}
    return {
        "sender": {"id": NOK},
        "recipient": {"id": PAGE},
        "timestamp": now,
        "pass_thread_control": control,
    }


async def test_a_conversation_passed_back_to_our_app_is_the_bots_again(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    await deliver(service, echoed(app_id=PAGE_INBOX), passed_to(77))
    assert until_when(database, nok) is not None
    await deliver(service, passed_to(200000000000001))
    await until(lambda: graph.texts(NOK))
    assert until_when(database, nok) is None
    assert [turn["intent"] for turn in rasa.asked] == ["back_to_bot"]


async def test_when_the_time_is_up_the_bot_comes_back_and_says_so(
    nok: int, service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    with database.transaction() as session:
        session.get_one(Customer, nok).person_until = utc_now() - timedelta(seconds=1)
    chore = asyncio.create_task(due.for_ever(service.writer, every=0.1))
    try:
        await until(lambda: graph.texts(NOK))
    finally:
        chore.cancel()
    assert [(turn["intent"], turn["notice"]) for turn in rasa.asked] == [("back_to_bot", True)]
    with database.reading() as session:
        assert (
            len(session.scalars(select(InboxEvent).where(InboxEvent.kind == handoff.BACK_EVENT)).all()) == 1
        )


async def test_what_is_written_to_a_person_is_counted_until_they_have_read_it(
    nok: int, service: Service, database: Database, rasa: FakeRasa
) -> None:
    def unread() -> int:
        with database.reading() as session:
            return session.get_one(Customer, nok).unread

    async def write(*words: str) -> None:
        for one in words:
            await deliver(service, said(NOK, one))
            await until(lambda: all_done(database))
            await asyncio.sleep(0.002)  # Messenger's times have milliseconds

    await write("only for the bot")
    assert unread() == 0
    with database.transaction() as session:
        handoff.ask_for_person(session, nok, utc_now())
    await write("my mug is broken", "hello?")
    assert unread() == 2
    with database.transaction() as session:
        handoff.have_read(session, nok, 2)
    await write("anybody there?")
    assert unread() == 1
    with database.transaction() as session:
        handoff.hand_back(session, nok)
    assert unread() == 0
