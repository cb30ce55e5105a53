"""Two gateways ask a service about slips: each transfer once, and what fits confirms the order once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select

from gateway import checks
from gateway.groupcommit import GroupCommit
from shop.db import Database, utc_now
from shop.models import Order, Payment, PaymentAccount, Shop, SlipCheck, Transfer
from shop.slips import intake
from tests.factories import (
    make_channel,
    make_customer,
    make_order,
    make_shop,
    make_slip,
    make_variant,
    slip_text,
)
from tests.gateway.waiting import until
from tests.support.web import serving
from tests.verifiers.service import FakeService
from verifiers.make import make

ORDERS = 6


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    fake = FakeService()
    async with serving(fake.handle) as fake.url:
        yield fake


def place_orders(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session, auto_confirm=True)
        session.add(PaymentAccount(bank="SCB", number="123-4-55366-7", holder="Baan Fai"))
        channel, shirt = make_channel(session), make_variant(session, stock=ORDERS)
        for number in range(ORDERS):
            customer = make_customer(session, channel, f"nok{number}")
            order = make_order(session, customer, shirt, cause=f"e{number}")
            order.placed_at = utc_now()
            slip = make_slip(session, customer, f"s{number}", codes=(slip_text("REFERENCE"[number:]),))
            intake.take(session, customer.id, [slip.id], now=utc_now())


async def test_two_gateways_ask_about_each_transfer_once(database: Database) -> None:
    place_orders(database)
    asked: list[str] = []
    with database.reading() as session:
        references = dict(session.execute(select(Transfer.payload, Transfer.reference)).all())

    async def found(request: web.Request) -> web.Response:
        payload = (await request.json())["payload"]
        asked.append(payload)
        await asyncio.sleep(0.05)
        slip = {
            "transRef": references[payload],
            "date": utc_now().isoformat(),
            "amount": {"amount": 290},
            "receiver": {"account": {"bank": {"account": "xxx-x-x5366-x"}}},
        }
        return web.json_response({"success": True, "data": {"isDuplicate": False, "rawSlip": slip}})

    second = Database(database.url)
    writers = [GroupCommit(database), GroupCommit(second)]
    async with serving(found) as address, aiohttp.ClientSession() as http:
        verifier = make("easyslip", http, key="k", branch="", address=address)
        chores = [asyncio.create_task(checks.for_ever(writer, verifier, 0.05)) for writer in writers]
        await until(lambda: _paid(database) == ORDERS)
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)
    for writer in writers:
        await writer.close()
    second.close()
    assert len(asked) == len(set(asked)) == ORDERS
    with database.reading() as session:
        assert session.scalar(select(func.count(Payment.id))) == ORDERS
        assert session.scalars(select(SlipCheck.attempts)).all() == [1] * ORDERS


async def test_an_error_is_kept_and_asked_again_later(database: Database, service: FakeService) -> None:
    place_orders(database)
    writer = GroupCommit(database)
    service.will_answer({"code": 1002, "message": "no"}, 400)
    async with aiohttp.ClientSession() as http:
        verifier = make("slipok", http, key="k", branch="1", address=service.url)
        assert verifier is not None
        assert await checks.ask_one(writer, verifier)
        assert not await checks.ask_one(writer, verifier)  # the key is wrong for every slip
    await writer.close()
    assert len(service.asked) == 1
    with database.reading() as session:
        assert session.scalar(select(SlipCheck.state).where(SlipCheck.attempts > 0)) == "auth"
        assert session.get_one(Shop, 1).auto_confirm and _paid(database) == 0


def _paid(database: Database) -> int:
    with database.reading() as session:
        paid = select(func.count(Order.id)).where(Order.payment_state == "paid", Order.state == "confirmed")
        return session.scalar(paid) or 0
