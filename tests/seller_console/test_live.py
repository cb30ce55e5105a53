"""What open pages hear of, and that they miss nothing."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager

import aiohttp
from sqlalchemy import update

from seller_console.live import Change
from shop import handoff, notices, order_notes, orders, payments, seller_words
from shop.db import utc_now
from shop.models import Channel, Customer, InboxEvent, OutboxMessage
from shop.roles import allowed
from tests.factories import NOW, make_customer
from tests.seller_console.support import place


def test_everybody_hears_only_what_their_role_may_see():
    counts = {"review": 1, "low_stock": 2, "problems": 3, "chats": 4, "training": 6, "first_day": 5}
    happened = Change("run-1", ["TL-1"], counts, ["chat-7"], ["TL-1"], ["TL-1"], {7: "Nok"}, True)

    def heard(role):
        return json.loads(happened.as_event(allowed(role)).partition("data: ")[2])

    everything = {
        "orders": ["TL-1"],
        "chats": ["chat-7"],
        "placed": ["TL-1"],
        "slips": ["TL-1"],
        "calls": {"7": "Nok"},
        "models": False,
    }
    assert heard("owner") == {**everything, "counts": counts, "models": True}
    nothing = {"orders": [], "chats": [], "placed": [], "slips": [], "calls": {}}
    assert heard("trainer") == {**nothing, "counts": {"training": 6}, "models": True}
    del counts["first_day"], counts["training"]
    assert heard("staff") == {**everything, "counts": counts}
    assert heard("packer") == {**everything, "chats": [], "slips": [], "calls": {}, "counts": {}}


class Stream:
    """The events of one open tab."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.last_id = ""

    async def change(self) -> dict:
        """The next change; fails when none comes for a minute."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(60):
            while True:
                line = (await self.answer.content.readline()).decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    self.last_id = fields["id"]
                    return json.loads(fields["data"])

    async def changed_orders(self, number: str) -> dict:
        """Changes up to the first that names the order."""
        while number not in ((change := await self.change())["orders"] or ()):
            pass
        return change


async def known_position(seller):
    """Of a page made after the console's first look into the database."""
    while True:
        _, body = await seller.get("/orders")
        position = re.search(r'data-position="([^"]+)"', body)[1]
        if not position.endswith("-0"):
            return position


@asynccontextmanager
async def listening(console, seller, after=None, **headers):
    position = after or await known_position(seller)
    client = aiohttp.ClientTimeout(total=None)
    async with seller.client.get(
        f"{console.url}/events?after={position}", headers=headers, timeout=client
    ) as answer:
        assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer)


async def test_every_open_tab_hears_of_a_new_order_and_of_each_change(console, database, ploy):
    async with listening(console, ploy) as one, listening(console, ploy) as other:
        with database.transaction() as session:
            order = place(session, session.get_one(Channel, 1))
        for tab in (one, other):
            await tab.changed_orders(order.number)
        with database.transaction() as session:
            orders.set_delivery(
                session, order.id, recipient="Nok Jaidee", phone="0812345678", address="1 Sukhumvit, Bangkok"
            )
        await one.changed_orders(order.number)
        with database.transaction() as session:
            payments.confirm(session, order.id, by="ploy@example.com", now=NOW)
        await one.changed_orders(order.number)
        with database.transaction() as session:
            notices.told(session, 1, NOW)
        await one.changed_orders(order.number)
        with database.transaction() as session:
            order_notes.add(session, order, "Wet", form="1", by="ploy@example.com", now=NOW)
        await one.changed_orders(order.number)


async def test_a_tab_hears_how_many_problems_there_are(console, database, ploy):
    async with listening(console, ploy) as tab:
        with database.transaction() as session:
            session.add(
                InboxEvent(
                    account_id="100", key="k", kind="message", state="dead", raw={}, at=NOW, created_at=NOW
                )
            )
        assert (await tab.change())["counts"]["problems"] == 1


async def test_a_tab_hears_of_every_change_about_who_wants_a_person(console, database, ploy):
    async with listening(console, ploy) as tab:
        with database.transaction() as session:
            nok = make_customer(session, session.get_one(Channel, 1))
            handoff.ask_for_person(session, nok.id, NOW)
        change = await tab.change()
        assert (change["counts"]["chats"], change["calls"]) == (1, {f"{nok.id}": "Nok"})
        with database.transaction() as session:
            session.get_one(Customer, nok.id).unread = 1
        change = await tab.change()
        assert (change["orders"], change["counts"]["chats"], change["chats"]) == ([], 1, [f"chat-{nok.id}"])
        assert change["calls"] == {f"{nok.id}": "Nok"}
        with database.transaction() as session:
            handoff.hand_back(session, nok.id)
        change = await tab.change()
        assert (change["counts"]["chats"], change["chats"]) == (0, [f"chat-{nok.id}"])
        assert change["calls"] == {}


async def test_a_tab_hears_what_is_said_in_chats_and_what_became_of_it(console, database, ploy):
    async with listening(console, ploy) as tab:
        with database.transaction() as session:
            nok = make_customer(session, session.get_one(Channel, 1))
            nok.last_inbound_at = utc_now()
            seller_words.write_in_chat(
                session, nok.id, "hello", form="f", by="ploy@example.com", now=utc_now()
            )
        assert (await tab.change())["chats"] == [f"chat-{nok.id}"]
        with database.transaction() as session:
            session.execute(update(OutboxMessage).values(state="sent"))
        assert (await tab.change())["chats"] == [f"chat-{nok.id}"]


async def test_after_a_broken_connection_nothing_is_missed(console, database, ploy):
    async with listening(console, ploy) as tab:
        with database.transaction() as session:
            first = place(session, session.get_one(Channel, 1), cause="a")
        await tab.changed_orders(first.number)
    with database.transaction() as session:
        missed = place(session, session.get_one(Channel, 1), cause="b", customer="b")
    async with listening(console, ploy, after="ignored", **{"Last-Event-ID": tab.last_id}) as tab:
        assert await tab.changed_orders(missed.number)


async def test_a_page_made_before_the_first_look_is_told_to_look_at_everything(console, ploy):
    begun = (await known_position(ploy)).partition("-")[0]
    async with listening(console, ploy, after=f"{begun}-0") as tab:
        assert (await tab.change())["orders"] is None


async def test_a_tab_from_before_a_restart_is_told_to_look_at_everything(console, ploy):
    for position in ("0123abcd-7", "nonsense", "-1"):
        async with listening(console, ploy, after=position) as tab:
            assert (await tab.change())["orders"] is None


async def test_nobody_listens_without_being_signed_in(stranger):
    answer, _ = await stranger.get("/events", Accept="text/event-stream")
    assert answer.status == 401
