"""Sellers change stock while others sell and count: nothing is overwritten, and every change is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import carts, inventory, orders
from shop.errors import BadFields, NotFound, StockMoved
from shop.models import StockChange, Variant
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant

WHO = {"by": "ploy@example.com", "now": NOW}


@pytest.fixture
def variant_id(database):
    with database.transaction() as session:
        make_shop(session)
        return make_variant(session, stock=10).id


def form(variant_id, reason, number, once="o1", seen=10, words=""):
    return {
        "variant": str(variant_id), "reason": reason, "number": str(number), "once": once, "seen": str(seen),
        "words": words,
    }  # fmt: skip


def left(database):
    with database.reading() as session:
        return session.scalar(select(Variant.stock))


@pytest.mark.parametrize(
    ("reason", "number", "after", "noted"),
    [
        ("received", 5, 15, "received"),
        ("counted", 7, 7, "counted"),
        ("damaged", 2, 8, "damaged"),
        ("returned", 1, 11, "returned"),
        ("other", -3, 7, "ให้ตัวอย่าง"),
        ("received", 0, 10, None),
    ],
)
def test_a_reason_says_what_the_number_means(database, variant_id, reason, number, after, noted):
    typed = form(variant_id, reason, number, words="ให้ตัวอย่าง" if reason == "other" else "")
    for _ in range(2):  # a double tap
        with database.transaction() as session:
            inventory.change_by_form(session, typed, **WHO)
    assert left(database) == after
    with database.reading() as session:
        kept = session.scalars(select(StockChange)).all()
        assert [(one.reason, one.change, one.by) for one in kept] == (
            [(noted, after - 10, "ploy@example.com")] if noted else []
        )


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"reason": "damaged", "number": "11"}, "number", "range"),
        ({"reason": "received", "number": "-1"}, "number", "range"),
        ({"reason": "received", "number": "many"}, "number", "number"),
        ({"reason": "stolen"}, "reason", "unknown"),
        ({"reason": "other", "words": " "}, "words", "missing"),
        ({"once": ""}, "once", "missing"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(database, variant_id, changes, field, reason):
    with pytest.raises(BadFields) as refused, database.transaction() as session:
        inventory.change_by_form(session, form(variant_id, "received", 1) | changes, **WHO)
    assert refused.value.reasons[field] == reason
    assert left(database) == 10


@pytest.mark.parametrize(
    ("second", "refusal"),
    [
        (("received", 5), None),
        (("received", 6), BadFields),
        (("returned", 5), BadFields),
        (("counted", 12), StockMoved),
    ],
)
def test_a_form_sent_again_with_something_else_in_it_is_not_taken_for_the_same(
    database, variant_id, second, refusal
):
    with database.transaction() as session:
        inventory.change_by_form(session, form(variant_id, "received", 5), **WHO)
        if refusal is None:
            inventory.change_by_form(session, form(variant_id, *second), **WHO)
        else:
            with pytest.raises(refusal):
                inventory.change_by_form(session, form(variant_id, *second), **WHO)
    assert left(database) == 15


def test_a_count_is_taken_only_if_nothing_was_sold_since_one_looked(database, variant_id):
    with database.transaction() as session:
        make_order(
            session, make_customer(session, make_channel(session)), session.get_one(Variant, variant_id), 3
        )
    with pytest.raises(StockMoved) as refused, database.transaction() as session:
        inventory.change_by_form(session, form(variant_id, "counted", 9), **WHO)
    assert refused.value.left == 7
    with database.transaction() as session:
        inventory.change_by_form(session, form(variant_id, "counted", 9, seen=7), **WHO)
    assert left(database) == 9
    with pytest.raises(NotFound), database.transaction() as session:
        inventory.change_by_form(session, form(4711, "counted", 9), **WHO)


def test_two_sellers_and_many_buyers_at_once_lose_nothing(database, variant_id):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session)).id

    def buy(number):
        with database.transaction() as session:
            carts.put(session, nok, variant_id, 1)
            orders.place(session, nok, cause=f"e{number}", now=NOW)

    def receive(number):
        with database.transaction() as session:
            inventory.change_by_form(session, form(variant_id, "received", 2, once=f"r{number}"), **WHO)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: (receive if number % 2 else buy)(number), range(12)))
    assert left(database) == 10 - 6 + 12
    with database.reading() as session:
        assert session.scalar(select(func.sum(StockChange.change))) == 6


def test_the_history_says_who_when_why_and_what_was_left(database, variant_id):
    with database.transaction() as session:
        inventory.change(session, variant_id, 5, "received", by="ploy@example.com", now=NOW, cause="a")
        order = make_order(
            session, make_customer(session, make_channel(session)), session.get_one(Variant, variant_id), 3
        )
        inventory.set_counted(
            session,
            variant_id,
            11,
            "counted",
            seen=12,
            by="chai@example.com",
            now=NOW + timedelta(1),
            cause="b",
        )
    with database.reading() as session:
        first, before = inventory.history(session, 1, limit=2)
        rest, end = inventory.history(session, 1, before_id=before, limit=2)
        told = [
            (entry.change.change, entry.left, entry.change.by, entry.order_number)
            for entry in [*first, *rest]
        ]
    assert end is None
    assert told == [
        (-1, 11, "chai@example.com", None),
        (-3, 12, None, order.number),
        (5, 15, "ploy@example.com", None),
    ]


def test_low_stock_is_what_customers_see_below_the_variant_s_own_threshold_or_the_shop_s(database):
    with database.transaction() as session:
        make_shop(session, low_stock=3)
        two, many, own, never, hidden, gone = (
            make_variant(session, sku, stock=number)
            for sku, number in (("TWO", 2), ("MANY", 3), ("OWN", 8), ("NEVER", 0), ("HIDDEN", 0), ("GONE", 0))
        )
        own.low_stock, never.low_stock, hidden.active, gone.product.active = 10, 0, False, False
        session.flush()
        assert inventory.low(session) == [two, own]
        assert inventory.count_low(session) == 2
        inventory.set_threshold(session, {"low_stock": "4"})
        assert inventory.low(session) == [two, many, own]
        with pytest.raises(BadFields):
            inventory.set_threshold(session, {"low_stock": "-1"})


def test_low_stock_goes_on_page_by_page_to_the_last(database):
    with database.transaction() as session:
        make_shop(session, low_stock=3)
        made = [make_variant(session, f"SKU-{number}", stock=number % 3) for number in range(7)]
        made[2].low_stock = made[6].low_stock = 5  # found by another index
        session.flush()
        found, after = [], None
        while some := inventory.low(session, after=after, limit=2):
            found += some
            after = some[-1].stock, some[-1].id
        assert [(one.stock, one.id) for one in found] == sorted((one.stock, one.id) for one in made)
