"""Slips and confirmations, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from shop import notices, orders, payments, views
from shop.db import Database
from shop.errors import ChooseOrder, NoOpenOrder, NotAllowed, NotFound
from shop.models import InboxEvent, Notice, Payment
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant


@pytest.fixture
def database(database_url):
    database = Database(database_url, threads=8)
    with database.transaction() as session:
        make_shop(session)
    yield database
    database.close()


def test_a_slip_goes_to_the_one_open_order_and_makes_it_pending(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        slip = make_slip(session, nok)
        for _ in range(2):  # the same event may come again
            intake.take(session, nok.id, [slip.id], now=NOW)
        assert (slip.order_id, order.payment_state) == (order.id, "pending")
        moves = [transition.move for transition in views.order_detail(session, order.number).transitions]
        assert moves == ["place", "attach_slip"]


def test_with_several_open_orders_the_customer_chooses(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        shirt = make_variant(session)
        first, second = make_order(session, nok, shirt, cause="a"), make_order(session, nok, shirt, cause="b")
        slip = make_slip(session, nok)
        with pytest.raises(ChooseOrder) as asked:
            intake.take(session, nok.id, [slip.id], now=NOW)
        assert {number for number, _, _ in asked.value.open_orders} == {first.number, second.number}
        intake.take_loose(session, nok.id, first.number, now=NOW)
        assert (first.payment_state, second.payment_state) == ("pending", "awaiting_slip")


def test_a_slip_without_an_order_is_kept(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        slip = make_slip(session, nok)
        with pytest.raises(NoOpenOrder):
            intake.take(session, nok.id, [slip.id], now=NOW)
        assert slip.order_id is None


def test_somebody_elses_slip_or_order_is_out_of_reach(database):
    with database.transaction() as session:
        channel = make_channel(session)
        nok, chai = make_customer(session, channel), make_customer(session, channel, "chai", "Chai")
        order = make_order(session, nok, make_variant(session))
        slip = make_slip(session, nok)
        make_slip(session, chai, cause="s2")
        with pytest.raises(NoOpenOrder):
            intake.take(session, chai.id, [slip.id], now=NOW)
        with pytest.raises(NotFound):
            intake.take_loose(session, chai.id, order.number, now=NOW)


def test_two_sellers_confirm_at_once_and_nok_is_told_once(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        intake.take(session, nok.id, [make_slip(session, nok).id], now=NOW)

    def confirm(seller: str) -> bool:
        with database.transaction() as session:
            return payments.confirm(session, order.id, by=seller, now=NOW)[1]

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(confirm, ["Ploy", "Chai"] * 4)) == 1
    with database.reading() as session:
        detail = views.order_detail(session, order.number)
        assert (detail.order.state, detail.order.payment_state) == ("confirmed", "paid")
        assert [payment.amount for payment in detail.payments] == [order.total]
        assert [notice.kind for notice in detail.notices] == ["paid"]
        events = session.scalars(select(InboxEvent)).all()
        assert [(event.kind, event.conversation, event.state) for event in events] == [
            ("notice", nok.conversation, "open")
        ]


def test_a_cancelled_order_is_not_confirmed(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        orders.cancel(session, order.id, now=NOW)
    with pytest.raises(NotAllowed), database.transaction() as session:
        payments.confirm(session, order.id, by="Ploy", now=NOW)
    with database.reading() as session:
        assert session.scalar(select(func.count(Payment.id))) == 0


def test_a_notice_remembers_that_it_arrived(database):
    with database.transaction() as session:
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session))
        payments.confirm(session, order.id, by="Ploy", now=NOW)
        notice = session.scalars(select(Notice)).one()
        notices.not_told(session, notice.id, "outside the window")
        assert (notice.state, notice.reason) == ("not_told", "outside the window")
        notices.told(session, notice.id, NOW)
        notices.not_told(session, notice.id, "too late to say so")
        assert (notice.state, notice.reason, notice.told_at) == ("told", None, NOW)
