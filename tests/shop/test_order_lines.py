"""Changing what is in an order before it was paid: stock, sums, what the customer is told, and races."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from shop import audit, carts, fulfilment, order_lines, orders, payments, telling, views, ways_to_pay
from shop.db import Database
from shop.errors import BadInput, LinesMoved, NotAllowed, NotFound, ShopError, SoldOut
from shop.models import (
    Notice,
    Order,
    Product,
    ShippingMethod,
    ShippingRate,
    Shop,
    Slip,
    StockChange,
    Variant,
)
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PLOY = {"by": "ploy@example.com", "now": NOW}
SHIRT, HAT = 1, 2


@pytest.fixture
def database(database_url):
    """An order of two shirts at 250 baht of five; a hat at 100 baht of three is on sale besides. Sending costs 40."""
    database = Database(database_url, threads=8)
    with database.transaction() as session:
        make_shop(session)
        shirt = make_variant(session, "SHIRT", 25000, 5)
        make_variant(session, "HAT", 10000, 3, name_th="หมวก", name_en="Hat")
        make_order(session, make_customer(session, make_channel(session)), shirt, quantity=2)
    yield database
    database.close()


def edit(database, wanted, order_id=1, **kwargs):
    with database.transaction() as session:
        return order_lines.edit(session, order_id, wanted, **PLOY, **kwargs)


def seen(database):
    """The order's lines, its total, what is left of shirt and hat."""
    with database.reading() as session:
        order = session.get_one(Order, 1)
        left = [session.get_one(Variant, one).stock for one in (SHIRT, HAT)]
        return order_lines.contents(order), order.subtotal, order.total, left


def test_quantities_change_things_go_and_others_come_and_stock_and_sums_follow(database):
    assert seen(database) == ({SHIRT: 2}, 50000, 54000, [3, 3])
    assert edit(database, {SHIRT: 1, HAT: 3})[1]
    assert seen(database) == ({SHIRT: 1, HAT: 3}, 55000, 59000, [4, 0])
    edit(database, {HAT: 2})
    assert seen(database) == ({HAT: 2}, 20000, 24000, [5, 1])
    with database.reading() as session:
        order = session.get_one(Order, 1)
        assert [line.name("en") for line in order.lines] == ["Hat"]
        changes = Counter()
        for change in session.scalars(select(StockChange)):
            changes[change.variant_id] += change.change
        assert changes == {SHIRT: 0, HAT: -2}


def test_the_customer_gets_the_new_bill_and_history_and_log_say_what_changed(database):
    with database.transaction() as session:
        order_lines.edit(session, 1, {SHIRT: 1, HAT: 1}, **PLOY)
        audit.record(session, "lines.edit", "TL-1", **PLOY)
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one()
        assert notice.kind == "bill_changed"
        assert telling.facts(session, notice.id)["total"] == "฿390"
        number = session.get_one(Order, 1).number
        last = views.order_detail(session, number).transitions[-1]
        assert (last.move, last.by, last.reason) == (
            "edit_lines",
            PLOY["by"],
            "SHIRT: 2 → 1, HAT: 0 → 1",
        )
        (entry,) = audit.find(session, audit.Question())[0]
        assert entry.detail == {"lines": "SHIRT: 2 → 1, HAT: 0 → 1"}


def test_the_same_again_changes_nothing_and_tells_nobody(database):
    assert not edit(database, {SHIRT: 2, HAT: 0})[1]
    edit(database, {SHIRT: 1}, seen={SHIRT: 2})
    assert not edit(database, {SHIRT: 1}, seen={SHIRT: 2})[1]  # a double click on the same form
    with database.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


def test_what_was_ordered_keeps_its_price_and_what_is_added_has_todays(database):
    with database.transaction() as session:
        session.get_one(Variant, SHIRT).price = 99900
        session.get_one(Variant, HAT).price = 12000
    edit(database, {SHIRT: 3, HAT: 1})
    assert seen(database)[1] == 3 * 25000 + 12000


@pytest.mark.parametrize(
    ("wanted", "error", "why"),
    [
        ({}, BadInput, "lines: empty"),
        ({SHIRT: 0}, BadInput, "lines: empty"),
        ({SHIRT: -1}, BadInput, "quantity: range"),
        ({SHIRT: 1000}, BadInput, "quantity: range"),
        ({SHIRT: 6}, SoldOut, "only 3 left of SHIRT"),
        ({SHIRT: 1, HAT: 4}, SoldOut, "only 3 left of HAT"),
        ({SHIRT: 2, 99: 1}, NotFound, "variant 99"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(database, wanted, error, why):
    before = seen(database)
    with pytest.raises(error, match=why):
        edit(database, wanted)
    assert seen(database) == before


def test_what_is_no_longer_on_sale_can_stay_or_go_but_not_come(database):
    with database.transaction() as session:
        for product in session.scalars(select(Product)):
            product.active = False
    edit(database, {SHIRT: 3})
    edit(database, {SHIRT: 1})
    with pytest.raises(NotFound):
        edit(database, {SHIRT: 1, HAT: 1})


def test_a_discount_that_would_leave_nothing_to_pay_is_said(database):
    with database.transaction() as session:
        orders.set_discount(session, 1, 50000, **PLOY)
    with pytest.raises(BadInput, match="discount: range"):
        edit(database, {HAT: 1})
    edit(database, {SHIRT: 3})
    assert seen(database)[2] == 75000 + 4000 - 50000


def test_the_way_to_send_and_its_fee_are_chosen_anew(database):
    with database.transaction() as session:
        parcel = session.get_one(ShippingMethod, 1)
        session.get_one(Variant, SHIRT).weight = 900
        parcel.rates.append(ShippingRate(fee=9000, from_weight=2000))
    edit(database, {SHIRT: 3})
    assert seen(database)[2] == 75000 + 9000
    edit(database, {SHIRT: 1})
    assert seen(database)[2] == 25000 + 4000


def test_once_money_came_or_the_order_is_over_nothing_changes(database):
    with database.transaction() as session:
        payments.accept(session, 1, 1000, **PLOY)
    with pytest.raises(NotAllowed):
        edit(database, {SHIRT: 1})
    with database.transaction() as session:
        payments.refund(session, 1, 1000, "back", **PLOY)
    with pytest.raises(NotAllowed):
        edit(database, {SHIRT: 1})


def test_cash_on_delivery_changes_until_the_shop_takes_it_on(database):
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        ways_to_pay.choose(session, 1, "cod", by="customer", now=NOW)
    edit(database, {SHIRT: 1})
    with database.transaction() as session:
        fulfilment.accept(session, 1, **PLOY)
    with pytest.raises(NotAllowed):
        edit(database, {SHIRT: 2})


def at_once(*calls):
    """Each call in a transaction and thread of its own; what it refused with, or None."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=20)
        try:
            call()
        except ShopError as error:
            return type(error)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_sellers_who_change_it_at_once_one_is_told_to_look_again(database):
    looked = {SHIRT: 2}
    said = at_once(
        lambda: edit(database, {SHIRT: 1}, seen=looked), lambda: edit(database, {HAT: 1}, seen=looked)
    )
    assert set(said) == {None, LinesMoved}
    contents, _, _, left = seen(database)
    assert (contents, left) in (({SHIRT: 1}, [4, 3]), ({HAT: 1}, [5, 2]))


def test_the_last_one_goes_to_the_customer_or_into_the_order_never_to_both(database):
    with database.transaction() as session:
        chai = make_customer(session, session.get_one(Order, 1).channel, "chai").id
        session.get_one(Variant, HAT).stock = 1

    def order_it():
        with database.transaction() as session:
            carts.put(session, chai, HAT, 1)
            orders.place(session, chai, cause="tap", now=NOW)

    said = at_once(order_it, lambda: edit(database, {SHIRT: 2, HAT: 1}))
    assert set(said) == {None, SoldOut}
    assert seen(database)[3][1] == 0


def test_a_slip_that_comes_while_it_is_changed_waits_for_the_seller_with_the_new_bill(database):
    with database.transaction() as session:
        customer = session.get_one(Order, 1).customer
        slip, customer_id = make_slip(session, customer).id, customer.id

    def send():
        with database.transaction() as session:
            intake.take(session, customer_id, [slip], now=NOW)

    assert at_once(send, lambda: edit(database, {SHIRT: 1})) == [None, None]
    with database.reading() as session:
        order = session.get_one(Order, 1)
        assert (order.state, order.payment_state, order.total) == ("placed", "pending", 29000)
        assert session.get_one(Slip, slip).order_id == 1


def test_money_that_is_entered_while_it_is_changed_is_for_one_bill_only(database):
    def confirm():
        with database.transaction() as session:
            payments.confirm(session, 1, **PLOY)

    said = at_once(confirm, lambda: edit(database, {SHIRT: 1}))
    with database.reading() as session:
        order = session.get_one(Order, 1)
        assert order.payment_state == "paid" and order.received == order.total
        assert (said[1], order.total) in ((None, 29000), (NotAllowed, 54000))
