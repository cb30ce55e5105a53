"""What happened in the web store reaches the bot, and the bot's words the chat."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Session

from gateway import due
from gateway.service import Service
from shop import customers, store_visits
from shop.db import Database, utc_now
from shop.models import Channel, Customer, Order
from tests.factories import make_order, make_shop, make_variant
from tests.gateway.fakes import FakeGraph, FakeRasa
from tests.gateway.rows import all_done, inbox
from tests.gateway.waiting import until


def nok(database: Database, *, with_person: bool = False) -> Customer:
    with database.transaction() as session:
        make_shop(session)
        customer = customers.meet(session, session.get_one(Channel, 1), "7001", "en", utc_now())
        customers.heard_from(customer, utc_now())
        customer.person_until = utc_now() + timedelta(hours=1) if with_person else None
    return customer


def ordered(session: Session, customer: Customer) -> Order:
    """An order with time left to pay it."""
    order = make_order(session, customer, make_variant(session))
    order.pay_before = utc_now() + timedelta(days=1)
    return order


async def test_a_cart_is_told_once_its_customer_has_been_gone_for_a_while(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    customer = nok(database)
    with database.transaction() as session:
        store_visits.cart_changed(session, customer.id, cause="c1", now=utc_now() - store_visits.QUIET)
    chore = asyncio.create_task(due.for_ever(service.writer, every=0.1))
    try:
        await until(lambda: graph.texts("7001"))
    finally:
        chore.cancel()
    (asked,) = rasa.asked
    assert (asked["intent"], asked["notice"]) == ("store_news", True)
    assert asked["entities"] == {"news": "cart", "order_number": ""}


async def test_a_bill_is_told_at_once_and_its_form_sent_twice_once(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    customer = nok(database)
    with database.transaction() as session:
        order = ordered(session, customer)
        for _ in range(2):
            store_visits.completed(session, order, cause="c1", now=utc_now())
    service.turns.worker.wake()
    await until(lambda: graph.texts("7001"))
    await until(lambda: all_done(database))
    assert [turn["entities"] for turn in rasa.asked] == [{"news": "bill", "order_number": order.number}]


async def test_while_a_person_has_the_chat_the_bot_shows_the_bill_but_asks_for_nothing(
    service: Service, database: Database, rasa: FakeRasa, graph: FakeGraph
) -> None:
    customer = nok(database, with_person=True)
    with database.transaction() as session:
        order = ordered(session, customer)
        store_visits.ordered(session, order, cause="c1", now=utc_now() - store_visits.QUIET)
        assert store_visits.tell_one(session, utc_now())
        store_visits.slip_attached(session, order, cause="c2", now=utc_now())
    service.turns.worker.wake()
    await until(lambda: all_done(database) and graph.texts("7001"))
    assert [turn["entities"]["news"] for turn in rasa.asked] == ["slip"]
    assert [event.state for event in inbox(database)] == ["ignored", "done"]
