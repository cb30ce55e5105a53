"""Unpaid orders: reminded once, ended once, with the stock back; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import expiry, orders, payments
from shop.db import Database
from shop.errors import NoOpenOrder
from shop.models import InboxEvent, Notice, Order, StockChange, Transition, Variant
from shop.slips import intake
from shop.words import BANGKOK
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

#: The shop of these tests gives 24 hours and reminds 3 hours before: at 7, so at 8 in the morning.
REMINDER, END = datetime(2026, 11, 3, 8, tzinfo=BANGKOK).astimezone(UTC), NOW + timedelta(hours=24)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, threads=8)
    with database.transaction() as session:
        make_shop(session)
        make_order(session, make_customer(session, make_channel(session)), make_variant(session, stock=5), 2)
    yield database
    database.close()


def the_order(session: Session) -> Order:
    return session.scalars(select(Order)).one()


def all_due(database: Database, now: datetime) -> int:
    done = 0
    for step in (expiry.expire_one, expiry.remind_one):
        while True:
            with database.transaction() as session:
                if not step(session, now):
                    break
            done += 1
    return done


def test_nothing_is_due_before_its_time(database: Database) -> None:
    assert all_due(database, REMINDER - MOMENT) == 0


def test_the_customer_is_reminded_once(database: Database) -> None:
    assert all_due(database, REMINDER) == 1
    assert all_due(database, END - MOMENT) == 0
    with database.reading() as session:
        assert session.scalars(select(Notice.kind)).all() == ["payment_reminder"]
        assert session.scalars(select(InboxEvent.state)).all() == ["open"]
        assert the_order(session).state == "placed"
        last = session.scalars(select(Transition).order_by(Transition.id.desc())).first()
        assert last is not None
        assert (last.move, last.by) == ("remind", "shop")


def in_thailand(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK).astimezone(UTC)


@pytest.mark.parametrize(
    ("placed", "end", "first_reminder"),
    [
        pytest.param((1, 15), (2, 15), (2, 12), id="three hours before, by day"),
        pytest.param((1, 10), (2, 10), (2, 8), id="in the morning instead of at seven"),
        pytest.param((1, 9), (2, 9), (2, 8), id="in the morning, an hour before"),
        pytest.param((1, 2), (2, 2), (1, 20), id="the evening before instead of at night"),
        pytest.param((1, 8, 30), (2, 8, 30), (1, 20), id="the evening before, as the morning is too late"),
        pytest.param((1, 19, 30), (2, 6), (1, 20, 30), id="in the evening, but not at once"),
        pytest.param((1, 22), (2, 6), (2, 3), id="at night when there is no other time"),
        pytest.param((1, 0), (2, 0), (1, 20), id="the evening before midnight"),
    ],
)
def test_nobody_is_reminded_at_night_if_there_is_another_time(
    database: Database, placed: tuple[int, ...], end: tuple[int, ...], first_reminder: tuple[int, ...]
) -> None:
    with database.transaction() as session:
        order = the_order(session)
        order.placed_at, order.pay_before = in_thailand(*placed), in_thailand(*end)
    now = in_thailand(*placed)
    while all_due(database, now) == 0:
        now += timedelta(minutes=30)
    assert now == in_thailand(*first_reminder)


def test_a_shop_may_do_without_reminders(database: Database) -> None:
    with database.transaction() as session:
        from shop.catalogue import the_shop

        the_shop(session).reminder_hours = 0
    assert all_due(database, END - MOMENT) == 0


def test_the_end_gives_the_stock_back_and_tells_the_customer(database: Database) -> None:
    assert all_due(database, END) == 1
    assert all_due(database, END) == 0
    with database.reading() as session:
        assert the_order(session).state == "expired"
        assert session.scalars(select(Variant.stock)).all() == [5]
        assert session.scalars(select(StockChange.reason).order_by(StockChange.id)).all() == [
            "ordered",
            "expired",
        ]
        assert session.scalars(select(Notice.kind)).all() == ["expired"]


def test_an_order_with_a_slip_waits_for_the_seller(database: Database) -> None:
    with database.transaction() as session:
        order = the_order(session)
        intake.take(session, order.customer_id, [make_slip(session, order.customer).id], now=NOW)
    assert all_due(database, END + timedelta(days=9)) == 0


@pytest.mark.parametrize("how", ["cancelled", "paid"])
def test_what_is_over_or_paid_is_left_alone(database: Database, how: str) -> None:
    with database.transaction() as session:
        if how == "cancelled":
            orders.cancel(session, the_order(session).id, now=NOW)
        else:
            payments.confirm(session, the_order(session).id, by="ploy@example.com", now=NOW)
    assert all_due(database, END) == 0


def test_a_slip_that_comes_too_late_is_kept_but_opens_nothing(database: Database) -> None:
    all_due(database, END)
    with database.transaction() as session:
        order = the_order(session)
        slip = make_slip(session, order.customer)
        with pytest.raises(NoOpenOrder):
            intake.take(session, order.customer_id, [slip.id], now=END)
        assert (order.state, order.payment_state, slip.order_id) == ("expired", "awaiting_slip", None)


def test_several_gateways_end_each_order_once(database: Database) -> None:
    with database.transaction() as session:
        channel, shirt = make_channel(session, "200"), make_variant(session, sku="MUG", stock=20)
        for number in range(20):
            customer = make_customer(session, channel, f"buyer {number}")
            make_order(session, customer, shirt, cause=f"tap {number}")
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: all_due(database, END), range(6)))
    # One that another process had in hand is passed over, and found when that process looks again.
    assert sum(done) + all_due(database, END) == 21
    with database.reading() as session:
        assert session.scalars(select(Variant.stock).order_by(Variant.id)).all() == [5, 20]
        assert len(session.scalars(select(Notice.id)).all()) == 21
