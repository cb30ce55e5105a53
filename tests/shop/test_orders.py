"""Placing, cancelling and finding orders, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from shop import carts, orders
from shop.db import Database
from shop.errors import BadInput, EmptyCart, NotAllowed, NotFound, SoldOut
from shop.models import Order, StockChange, Transition, Variant
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant


@pytest.fixture
def database(database_url):
    database = Database(database_url, threads=8)
    with database.transaction() as session:
        make_shop(session)
    yield database
    database.close()


def test_an_order_freezes_lines_and_prices_and_empties_the_cart(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session, price=25000, stock=5)
        order = make_order(session, nok, shirt, quantity=2)
        shirt.price = 99999
        assert (order.subtotal, order.shipping_fee, order.total) == (50000, 4000, 54000)
        assert [(line.name_th, line.unit_price, line.quantity) for line in order.lines] == [
            ("เสื้อยืด", 25000, 2)
        ]
        assert carts.lines(session, nok.id) == []
        session.refresh(shirt)
        assert shirt.stock == 3
        assert session.scalars(select(StockChange.change)).all() == [-2]
        assert session.scalars(select(Transition.move)).all() == ["place"]


def test_the_same_cause_places_one_order(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session)
        first = make_order(session, nok, shirt, cause="event 7")
        again = orders.place(session, nok.id, cause="event 7", now=NOW)
        assert again.id == first.id
        with pytest.raises(EmptyCart):
            orders.place(session, nok.id, cause="event 8", now=NOW)


def test_putting_the_same_thing_twice_does_not_add_up(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session)
        carts.put(session, nok.id, shirt.id, 2)
        cart = carts.put(session, nok.id, shirt.id, 2)
        assert [(line.quantity, carts.total(cart)) for line in cart] == [(2, 50000)]
        with pytest.raises(SoldOut) as refused:
            carts.put(session, nok.id, shirt.id, 6)
        assert (refused.value.left, refused.value.names["en"]) == (5, "T-shirt")
        for quantity in (0, -1, 10**9):
            with pytest.raises(BadInput):
                carts.put(session, nok.id, shirt.id, quantity)


def test_of_two_hundred_buyers_of_the_last_one_exactly_one_gets_it(database_url):
    database = Database(database_url, threads=40)
    with database.transaction() as session:
        make_shop(session)
        channel = make_channel(session)
        last = make_variant(session, stock=1)
        buyers = [make_customer(session, channel, f"buyer {n}").id for n in range(200)]
        for buyer in buyers:
            carts.put(session, buyer, last.id, 1)

    def buy(customer_id: int) -> bool:
        try:
            with database.transaction() as session:
                orders.place(session, customer_id, cause=f"tap of {customer_id}", now=NOW)
        except SoldOut as error:
            assert error.left == 0
            return False
        return True

    with ThreadPoolExecutor(40) as threads:
        assert sum(threads.map(buy, buyers)) == 1
    with database.reading() as session:
        assert session.scalar(select(Variant.stock)) == 0
        assert session.scalar(select(func.count(Order.id))) == 1
    database.close()


def test_two_orders_of_the_same_things_in_other_order_do_not_block_each_other(database):
    with database.transaction() as session:
        channel = make_channel(session)
        shirt, bag = make_variant(session, "SHIRT", stock=99), make_variant(session, "BAG", stock=99)
        people = [make_customer(session, channel, f"p{n}").id for n in range(12)]
        for number, person in enumerate(people):
            for variant in (shirt, bag) if number % 2 else (bag, shirt):
                carts.put(session, person, variant.id, 1)

    def buy(customer_id: int) -> None:
        with database.transaction() as session:
            orders.place(session, customer_id, cause=f"tap of {customer_id}", now=NOW)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(buy, people))
    with database.reading() as session:
        assert session.scalars(select(Variant.stock)).all() == [87, 87]


def test_cancelling_returns_the_stock_once(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session, stock=5)
        order = make_order(session, nok, shirt, quantity=2)
        orders.cancel(session, order.id, now=NOW)
        orders.cancel(session, order.id, now=NOW)
        session.refresh(shirt)
        assert (order.state, shirt.stock) == ("cancelled", 5)


def test_a_confirmed_order_is_not_cancelled_by_the_customer(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        order.state = "confirmed"
        with pytest.raises(NotAllowed):
            orders.cancel(session, order.id, now=NOW)


def test_an_order_is_shown_only_to_its_own_customer(database):
    with database.transaction() as session:
        channel = make_channel(session)
        nok, chai = make_customer(session, channel), make_customer(session, channel, "chai", "Chai")
        order = make_order(session, nok, make_variant(session))
        for written in (
            order.number,
            order.number.lower(),
            order.number.removeprefix("TL-"),
            f"#{order.number}",
        ):
            assert orders.of_customer(session, nok.id, written).id == order.id
        with pytest.raises(NotFound):
            orders.of_customer(session, chai.id, order.number)


def test_delivery_details_are_checked_and_tidied(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        assert orders.awaiting_delivery_details(session, nok.id).id == order.id
        orders.set_delivery(
            session,
            order.id,
            recipient="  นก   ใจดี ",
            phone="๐๘๑-234-5678",
            address="99/1 ถ.สุขุมวิท\nกทม. 10110",
        )
        assert (order.recipient, order.phone) == ("นก ใจดี", "+66812345678")
        assert order.address == "99/1 ถ.สุขุมวิท กทม. 10110"
        assert orders.awaiting_delivery_details(session, nok.id) is None
