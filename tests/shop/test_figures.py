"""How the shop does: what the figures count, and what they leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text

from gateway import events
from shop import customers, figures, orders, payments
from shop.models import ChatDay, Customer, Order
from shop.periods import Period
from shop.states import PaymentState
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant

TODAY = date(2026, 11, 2)
DAY = Period(TODAY, TODAY)
BY = "ploy@example.com"


@pytest.fixture
def shop(database):
    """Two Pages: on the first Nok paid two shirts and Lek has not paid one, on the second Fai called a bag off."""
    with database.transaction() as session:
        make_shop(session)
        one, two = make_channel(session), make_channel(session, "200", "Chiang Mai")
        shirt, bag = (
            make_variant(session),
            make_variant(session, "BAG", 40000, name_th="กระเป๋า", name_en="Bag"),
        )
        nok, lek = make_customer(session, one), make_customer(session, one, "lek", "Lek")
        fai = make_customer(session, two, "fai", "Fai")
        curious = make_customer(session, one, "mai", "Mai")
        paid = make_order(session, nok, shirt, 2, cause="1")
        make_order(session, lek, shirt, cause="2")
        ended = make_order(session, fai, bag, cause="3")
        payments.confirm(session, paid.id, by=BY, now=NOW + timedelta(hours=1))
        orders.cancel(session, ended.id, now=NOW + timedelta(hours=1))
        for customer in (nok, nok, lek, fai, curious):
            customers.was_in_chat(session, customer.id, NOW)
    return database


def sums(database, period=DAY, channel=None):
    with database.reading() as session:
        return figures.sums(session, period, channel)


def test_a_day_in_a_few_numbers(shop):
    day = sums(shop)
    assert (day.orders, day.ended, day.unpaid) == (2, 1, 1)
    assert day.sold == 2 * 25000 + 25000 + 2 * 4000 and day.received == 2 * 25000 + 4000
    assert day.unpaid_amount == 25000 + 4000
    assert (day.wrote, day.bought) == (4, 3) and day.conversion == 0.75


def test_one_channel_alone(shop):
    assert (sums(shop, channel=1).orders, sums(shop, channel=1).wrote) == (2, 3)
    assert sums(shop, channel=2) == replace(figures.NOTHING, ended=1, wrote=1, bought=1)
    with shop.reading() as session:
        assert [row.channel.name for row in figures.channels(session, DAY)] == ["Baan Fai", "Chiang Mai"]


def test_a_day_without_anything_has_zeros_and_no_conversion(shop):
    empty = sums(shop, Period(TODAY + timedelta(days=1), TODAY + timedelta(days=1)))
    assert empty == figures.NOTHING and empty.conversion is None


def test_money_counts_when_it_was_entered_and_taken_back_money_does_not(shop):
    with shop.transaction() as session:
        order = session.get_one(Order, 1)
        payments.refund(session, order.id, 10000, "one was torn", by=BY, now=NOW + timedelta(days=1))
    tomorrow = Period(TODAY + timedelta(days=1), TODAY + timedelta(days=1))
    assert sums(shop, tomorrow).received == -10000
    assert sums(shop, Period(TODAY, tomorrow.last)).received == 2 * 25000 + 4000 - 10000


def test_the_course_of_a_day_has_every_hour_in_thai_time(shop):
    with shop.reading() as session:
        hours = figures.course(session, DAY)
    assert [hour.mark for hour in hours] == [f"2026-11-02 {number:02}" for number in range(24)]
    assert {hour.mark[-2:]: hour.sums.orders for hour in hours if hour.sums.orders} == {"10": 2}  # 03:04 UTC
    assert {hour.mark[-2:]: hour.sums.received for hour in hours if hour.sums.received} == {"11": 54000}


def test_the_zone_of_the_database_server_does_not_move_the_hours(shop):
    with shop.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":  # as on a server that was set up in Thailand
            session.execute(text("SET LOCAL timezone = 'Asia/Bangkok'"))
        hours = figures.course(session, DAY)
    assert {hour.mark[-2:]: hour.sums.orders for hour in hours if hour.sums.orders} == {"10": 2}


@pytest.mark.parametrize(("days", "mark"), [(6, "2026-11-02"), (200, "2026-11")])
def test_the_course_of_days_and_months(shop, days, mark):
    with shop.reading() as session:
        parts = figures.course(session, Period(TODAY - timedelta(days=days), TODAY), 1)
    assert parts[-1] == figures.Part(mark, sums(shop, channel=1)) and parts[-1].sums.unpaid == 1
    assert [part.sums.conversion for part in parts[:-1]] == [None] * (len(parts) - 1)
    assert all(part.sums == figures.NOTHING for part in parts[:-1])


def test_the_parts_of_a_period_tell_all_that_the_whole_tells(shop):
    with shop.reading() as session:
        days = figures.course(session, Period(TODAY - timedelta(days=3), TODAY + timedelta(days=3)))
    assert [day.sums for day in days if day.sums != figures.NOTHING] == [sums(shop)]


def test_of_an_hour_nobody_says_how_many_of_those_in_the_chat_ordered(shop):
    with shop.reading() as session:
        hours = figures.course(session, DAY)
    assert {hour.sums.conversion for hour in hours} == {None}
    assert [hour.sums.unpaid_amount for hour in hours if hour.sums.unpaid] == [29000]


def test_cash_on_delivery_is_not_unpaid_and_is_counted_apart(shop):
    with shop.transaction() as session:
        session.get_one(Order, 2).payment_state = PaymentState.ON_DELIVERY
    day = sums(shop)
    assert (day.unpaid, day.unpaid_amount) == (0, 0)
    assert (day.on_delivery, day.on_delivery_amount) == (1, 29000)


def test_the_course_takes_as_many_queries_for_a_year_as_for_some_days(shop):
    sent = []
    with shop.reading() as session:
        event.listen(shop.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        for days, queries in ((0, 2), (20, 3), (400, 3)):
            sent.clear()
            figures.course(session, Period(TODAY - timedelta(days=days), TODAY))
            assert len([one for one in sent if one.startswith("SELECT")]) == queries


def test_a_day_ends_at_midnight_in_thailand(shop):
    with shop.transaction() as session:
        session.get_one(Order, 2).placed_at = datetime(2026, 11, 1, 16, 59, 59, tzinfo=UTC)
    assert sums(shop).orders == 1
    yesterday = Period(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    with shop.reading() as session:
        assert figures.course(session, yesterday)[23].sums.orders == 1


def test_the_best_products_leave_out_what_was_called_off(shop):
    with shop.reading() as session:
        best = figures.best_products(session, DAY)
        assert [(sold.product.name_en, sold.pieces, sold.amount) for sold in best] == [("T-shirt", 3, 75000)]
        assert figures.best_products(session, DAY, 2) == []


def test_all_products_of_a_long_list_are_loaded_at_once(shop):
    with shop.transaction() as session:
        for number in range(5):
            variant = make_variant(session, f"MORE-{number}")
            customer = session.get_one(Customer, 1)
            make_order(session, customer, variant, cause=f"more-{number}").placed_at = NOW
    sent = []
    with shop.reading() as session:
        event.listen(shop.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
        best = figures.best_products(session, DAY, limit=None)
        assert len(best) == 6 and all(sold.product.name_en for sold in best)
    assert len([one for one in sent if one.startswith("SELECT")]) == 2


def test_a_customer_counts_once_a_day_however_much_they_write(shop):
    with shop.transaction() as session:
        before = session.query(ChatDay).count()
        for minutes in range(3):
            events.heard_from(session, 1, NOW + timedelta(minutes=minutes), wrote=True)
        assert session.query(ChatDay).count() == before
        events.heard_from(session, 1, NOW + timedelta(hours=14), wrote=True)  # after midnight in Thailand
        assert session.query(ChatDay).count() == before + 1
