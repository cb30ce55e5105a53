"""What falls due by itself goes from the database into the chat."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from gateway import due
from gateway.service import Service
from shop import customers
from shop.db import Database, utc_now
from shop.models import Channel, Notice, Order
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.waiting import until


async def test_an_order_nobody_pays_ends_and_the_customer_is_told(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    with database.transaction() as session:
        make_shop(session)
        customer = customers.meet(session, session.get_one(Channel, 1), "7001", "en", utc_now())
        customers.heard_from(customer, utc_now())
        order = make_order(session, customer, make_variant(session))
        order.pay_before = utc_now() - timedelta(minutes=1)

    def ended() -> Any:
        with database.reading() as session:
            return session.scalar(select(Order.state)) == "expired"

    chore = asyncio.create_task(due.for_ever(service.writer, every=0.1))
    try:
        await until(ended)
        await until(lambda: graph.texts("7001"))
    finally:
        chore.cancel()
    assert [turn["intent"] for turn in rasa.asked] == ["notice"]

    def told() -> Any:
        with database.reading() as session:
            return session.scalars(select(Notice.state)).all() == ["told"]

    await until(told)
