"""The console's list of orders: what each filter shows, counts and pages."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from shop import (
    attention,
    fulfilment,
    notices,
    order_counts,
    order_index,
    order_list,
    payments,
    privacy,
    review,
    states,
    telling,
)
from shop.attention import Reason
from shop.db import Database
from shop.models import Channel, Notice, Order
from shop.order_wanted import Only, Wanted
from shop.states import OrderState, PaymentState
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant
from tests.support.plans import plans

LATER = NOW + timedelta(days=30)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session)
        make_channel(session)
        make_channel(session, "200", "Chiang Mai")
        yield session


@pytest.fixture
def an_order(session: Session):
    variant, causes = make_variant(session, stock=10_000), itertools.count()

    def make(channel: int = 1, **columns: object) -> Order:
        cause = f"e{next(causes)}"
        order = make_order(
            session, make_customer(session, session.get_one(Channel, channel), cause), variant, cause=cause
        )
        for name, value in columns.items():
            setattr(order, name, value)
        session.flush()
        return order

    return make


def listed(session: Session, wanted: Wanted, limit: int = 50, now=LATER) -> list[int]:
    """Every order of every page."""
    ids, before = [], None
    while True:
        page = order_list.page(session, wanted, now=now, before_id=before, limit=limit)
        ids += [order.id for order in page.orders]
        if page.older is None:
            return ids
        before = page.older


def test_any_filters_together_show_just_what_fits_newest_first_on_pages_of_any_size(session, an_order):
    chance = random.Random(7)
    orders = [
        an_order(
            channel=chance.choice((1, 1, 1, 2)),
            state=chance.choice(tuple(OrderState)),
            payment_state=chance.choice(tuple(PaymentState)),
            placed_at=NOW + timedelta(hours=chance.randrange(48)),
            total=100 * chance.randrange(1, 9),
            received=100 * chance.choice((0, 0, 1, 4)),
            untold=chance.random() < 0.2,
            confirmed_at=chance.choice((None, NOW, LATER)),
        )
        for _ in range(120)
    ]
    choices = {
        "channel_id": (None, 1, 2),
        "payment": (None, PaymentState.PENDING, PaymentState.PAID),
        "state": (None, OrderState.PLACED, OrderState.CONFIRMED),
        "since": (None, NOW + timedelta(hours=10)),
        "until": (None, NOW + timedelta(hours=30)),
        "least": (None, 300),
        "most": (None, 600),
        "only": (None, *Only),
    }
    every = list(itertools.product(*choices.values()))
    for values in chance.sample(every, 60) + every[:1]:
        wanted = Wanted(**dict(zip(choices, values, strict=True)))
        expected = sorted(
            (one for one in orders if fits(one, wanted)), key=lambda one: (one.placed_at, one.id)
        )
        assert listed(session, wanted, limit=chance.choice((3, 50))) == [one.id for one in reversed(expected)]
        numbers = [one.number for one in reversed(expected)]
        assert order_list.numbers_that_fit(session, wanted, now=LATER, limit=7) == numbers[:7]
        here = chance.choice(orders)
        place = (here.placed_at, here.id)
        newer = [one.number for one in expected if (one.placed_at, one.id) > place]
        older = [one.number for one in expected if (one.placed_at, one.id) < place]
        beside = order_list.beside(session, wanted, here, now=LATER)
        assert beside == (newer[0] if newer else None, older[-1] if older else None), wanted


def test_beside_an_order_that_was_searched_for_are_others_that_were_found(session, an_order):
    orders = [an_order(recipient=name) for name in ("Mali", "Som", "Mali", "Mali")]
    order_index.write(session.connection(), [order.id for order in orders])
    numbers = [order.number for order in orders]
    beside = order_list.beside(session, Wanted(words="mali"), orders[2], now=NOW)
    assert beside == (numbers[3], numbers[0])
    assert order_list.beside(session, Wanted(words="nobody"), orders[2], now=NOW) == (None, None)


def fits(order: Order, wanted: Wanted) -> bool:
    return all(
        (
            wanted.channel_id in (None, order.channel_id),
            wanted.payment in (None, order.payment_state),
            wanted.state in (None, order.state),
            wanted.since is None or order.placed_at >= wanted.since,
            wanted.until is None or order.placed_at < wanted.until,
            wanted.least is None or order.total >= wanted.least,
            wanted.most is None or order.total <= wanted.most,
            wanted.only is None or is_to_do(order, wanted.only),
        )
    )


def is_to_do(order: Order, only: Only) -> bool:
    return {
        Only.ATTENTION: bool(attention.reasons(order, LATER)),
        Only.UNTOLD: order.untold,
        Only.TO_PAY: order.payment_state == "awaiting_slip" and order.state in states.OPEN,
        Only.TO_CHECK: review.is_waiting(order),
    }[only]


def counted(session: Session, now=NOW, **wanted: object) -> int | None:
    one = Wanted(**wanted)
    return order_counts.counts(session, {"it": one}, order_counts.few(session, one), now=now)["it"]


def test_each_filter_says_how_many_it_would_show(session, an_order):
    for number in range(7):
        an_order(channel=1 + number % 2, payment_state="pending" if number < 3 else "paid")
    an_order(untold=True, state="confirmed", placed_at=NOW + timedelta(days=1))
    pending, hour = PaymentState.PENDING, NOW + timedelta(hours=1)
    each = {
        Wanted(): 8,
        Wanted(only=Only.ATTENTION): 4,
        Wanted(only=Only.UNTOLD): 1,
        Wanted(payment=pending): 3,
        Wanted(payment=PaymentState.REFUNDED): 0,
        Wanted(state=OrderState.PLACED): 7,
        Wanted(channel_id=2): 3,
        Wanted(channel_id=2, payment=pending): 1,
        Wanted(since=hour): 1,
        Wanted(since=hour, only=Only.UNTOLD): 1,
        Wanted(payment=pending, state=OrderState.PLACED): None,
    }
    assert order_counts.counts(session, {one: one for one in each}, None, now=NOW) == each


def test_the_numbers_of_a_search_and_of_a_rare_amount_are_of_what_they_show(session, an_order):
    orders = [an_order(payment_state="pending" if n else "paid", channel=1 + n % 2) for n in range(5)]
    for order in orders[1:4]:
        order.total = 123_45
    order_index.write(session.connection(), [order.id for order in orders])
    pending = {"payment": PaymentState.PENDING}
    assert counted(session, words=orders[1].number, **pending) == 1
    assert counted(session, words=orders[0].number, **pending) == 0
    assert counted(session, least=123_45, most=123_45, **pending) == 3
    assert counted(session, least=123_45, state=OrderState.PLACED, channel_id=2, **pending) == 2


def test_nobody_counts_what_many_amounts_leave(session, an_order, monkeypatch):
    monkeypatch.setattr(order_counts, "COUNTED", 3)
    for _ in range(5):
        an_order()
    assert counted(session, least=1) is None


def test_who_has_yet_to_pay_and_which_slips_are_to_be_checked_is_asked_of_orders_that_go_on(
    session, an_order
):
    for number, state in enumerate(OrderState):
        pending = an_order(state=state, payment_state="pending")
        make_slip(session, pending.customer, f"s{number}").order_id = pending.id
        an_order(state=state, payment_state="awaiting_slip", channel=2)
    assert counted(session, only=Only.TO_PAY) == len(states.OPEN) == 4
    assert counted(session, only=Only.TO_CHECK) == review.count(session) == 1
    assert listed(session, Wanted(only=Only.TO_CHECK)) == [one.order_id for one in review.queue(session)]
    assert len(listed(session, Wanted(only=Only.TO_PAY, channel_id=2))) == 4
    assert listed(session, Wanted(only=Only.TO_PAY, channel_id=1)) == []
    assert counted(session, payment=PaymentState.AWAITING_SLIP) == len(
        OrderState
    )  # which the filters still ask for


def test_numbers_are_counted_no_further_than_anybody_reads_them(session, an_order, monkeypatch):
    monkeypatch.setattr(order_counts, "COUNTED", 3)
    for _ in range(5):
        an_order()
    assert counted(session) == counted(session, payment=PaymentState.AWAITING_SLIP) == 3


def test_where_nothing_is_rare_a_page_looks_only_so_far_and_says_how_far(session, an_order, monkeypatch):
    monkeypatch.setattr(order_list, "_LOOKED_AT", (5, 5))
    monkeypatch.setattr(order_counts, "COUNTED", 2)
    old = an_order(state="confirmed", payment_state="paid", placed_at=NOW - timedelta(days=1))
    for minute in range(15):
        an_order(state="confirmed", payment_state="on_delivery", placed_at=NOW + timedelta(minutes=minute))
    for _ in range(15):
        an_order(state="delivered", payment_state="paid", placed_at=NOW + timedelta(days=9))
    wanted = Wanted(state=OrderState.CONFIRMED, payment=PaymentState.PAID)
    first = order_list.page(session, wanted, now=LATER)
    assert not first.orders and first.looked_to == NOW + timedelta(days=9)
    second = order_list.page(session, wanted, now=LATER, before_id=first.older)
    assert [order.id for order in second.orders] == [old.id] and second.older is second.looked_to is None


def test_an_amount_that_few_orders_have_is_found_however_old_they_are(session, an_order, monkeypatch):
    monkeypatch.setattr(order_list, "_LOOKED_AT", (5, 5))
    old = an_order(total=123_45)
    for _ in range(12):
        an_order()
    assert listed(session, Wanted(least=123_45, most=123_45)) == [old.id]
    assert listed(session, Wanted(least=123_45, most=123_45, channel_id=2)) == []


def test_new_orders_move_nothing_on_later_pages(session, an_order):
    orders = [an_order() for _ in range(5)]
    first = order_list.page(session, Wanted(), now=NOW, limit=2)
    an_order()
    rest = order_list.page(session, Wanted(), now=NOW, before_id=first.older, limit=2)
    assert [order.id for order in (*first.orders, *rest.orders)] == [
        order.id for order in reversed(orders[1:])
    ]
    assert not order_list.page(session, Wanted(), now=NOW, before_id=orders[0].id).orders


def test_a_page_after_an_order_that_is_not_there_is_the_first(session, an_order):
    order = an_order()
    assert order_list.page(session, Wanted(), now=NOW, before_id=99).orders == [order]


def test_what_waits_too_long_to_be_packed_needs_somebody(session, an_order):
    order = an_order()
    payments.confirm(session, order.id, by="ploy", now=NOW)
    soon, late = NOW + timedelta(days=1), NOW + timedelta(days=2)
    assert attention.reasons(order, soon) == [] and attention.reasons(order, late) == [Reason.LATE]
    assert listed(session, Wanted(only=Only.ATTENTION), now=soon) == []
    assert listed(session, Wanted(only=Only.ATTENTION), now=late) == [order.id]
    fulfilment.pack(session, order.id, by="ploy", now=late)
    assert listed(session, Wanted(only=Only.ATTENTION), now=late) == []


def test_money_that_is_too_little_too_much_or_of_an_order_that_ended_needs_somebody(session, an_order):
    for columns, reasons in (
        ({"received": 100}, [Reason.MONEY]),
        ({"received": 30000, "state": "delivered"}, [Reason.MONEY]),
        ({"received": 100, "state": "cancelled"}, [Reason.MONEY]),
        ({"received": 100, "state": "delivered"}, []),  # some of it was given back
        ({"payment_state": "pending"}, [Reason.SLIP]),
        ({"payment_state": "pending", "state": "cancelled"}, []),
        ({"untold": True, "state": "shipped"}, [Reason.UNTOLD]),
        ({"untold": True, "state": "delivered"}, []),
    ):
        order = an_order(**columns)
        assert attention.reasons(order, NOW) == reasons, columns
        assert (order.id in listed(session, Wanted(only=Only.ATTENTION), now=NOW)) == bool(reasons)


def test_an_order_is_marked_while_the_last_thing_its_customer_should_know_did_not_reach_them(
    session, an_order
):
    order = an_order()
    make_slip(session, order.customer)
    payments.confirm(session, order.id, by="ploy", now=NOW)
    [paid] = session.scalars(select(Notice))
    for change, untold in (
        (lambda: notices.not_told(session, paid.id, "late"), True),
        (lambda: notices.told(session, paid.id, NOW), False),
    ):
        change()
        session.flush()
        session.refresh(order)
        assert order.untold is untold
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH0001", by="ploy", now=NOW)
    shipped = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    telling.uncertain(session, shipped.id, "who knows")
    session.flush()
    session.refresh(order)
    assert order.untold and listed(session, Wanted(only=Only.UNTOLD)) == [order.id]
    telling.park(session, shipped.id, "closed")
    session.flush()
    telling.tell_again(session, order.customer_id, LATER)
    session.flush()
    session.refresh(order)
    assert not order.untold  # it is being told


def test_nobody_has_to_tell_somebody_who_was_erased(session, an_order):
    order = an_order()
    payments.confirm(session, order.id, by="ploy", now=NOW)
    notices.not_told(session, 1, "late")
    session.flush()
    assert listed(session, Wanted(only=Only.UNTOLD)) == [order.id]
    privacy.erase(session, order.customer_id, now=NOW, force=True)
    assert listed(session, Wanted(only=Only.UNTOLD)) == []
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH0001", by="ploy", now=NOW)
    assert listed(session, Wanted(only=Only.UNTOLD)) == []


def test_an_order_that_is_not_paid_after_all_does_not_wait_to_be_packed(session, an_order):
    order = an_order()
    payments.confirm(session, order.id, by="ploy", now=NOW)
    assert order.confirmed_at == NOW
    locked = states.lock(session, order.id)
    states.move_order(session, locked, "unconfirm", by="ploy", now=LATER)
    assert order.confirmed_at is None


# PostgreSQL chooses by what there is, and here is one order
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_filter_and_no_number_reads_all_orders(session, an_order):
    an_order()
    filters = (Wanted(), *(Wanted(only=only) for only in Only), Wanted(payment="paid"), Wanted(least=5))

    def ask(session: Session) -> None:
        for channel in (None, 1):
            for wanted in filters:
                counted(session, **vars(replace(wanted, channel_id=channel)))
                order_list.page(session, replace(wanted, channel_id=channel), now=NOW)

    for plan in plans(session, ask):
        assert "SCAN orders" not in plan.split("\n"), plan


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("analyzed", [False, True])
def test_the_few_orders_of_a_channel_that_need_somebody_are_found_without_its_others(
    session, an_order, analyzed
):
    for _ in range(20):
        an_order()
    if analyzed:
        session.connection().exec_driver_sql("ANALYZE")
    for few in Only:
        wanted = Wanted(channel_id=1, only=few)
        for plan in (
            plans(session, lambda session, wanted=wanted: order_list.page(session, wanted, now=NOW))[0],
            *plans(session, lambda session, wanted=wanted: counted(session, **vars(wanted))),
        ):
            assert f"ix_orders_channel_{few} (channel_id=?)" in plan, plan


def test_orders_to_pay_and_slips_to_check_are_found_without_those_that_ended(session, an_order):
    order = an_order()
    columns = {column.key: getattr(order, column.key) for column in Order.__table__.columns}
    ended = [
        columns
        | {"id": 10 + n, "number": f"TL-{n}", "cause": f"old {n}", "state": "expired"}
        | {"payment_state": ("awaiting_slip", "pending")[n % 2]}
        for n in range(6000)
    ]
    session.execute(insert(Order), ended)
    session.connection().exec_driver_sql("ANALYZE")
    for only in (Only.TO_PAY, Only.TO_CHECK):
        for channel in (None, 1):
            wanted = Wanted(channel_id=channel, only=only)
            first = plans(session, lambda session, wanted=wanted: order_list.page(session, wanted, now=NOW))[
                0
            ]
            [number] = plans(session, lambda session, wanted=wanted: counted(session, **vars(wanted)))
            for plan in (first, number):
                assert re.search(rf"ix_orders_(channel_)?{only}\b", plan), plan
