"""Notices that wait for the customer: told again once, in order, and only as long as they are still so."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from shop import customers, expiry, fulfilment, message_templates, notices, payments, seller_words, telling
from shop.db import Database
from shop.models import Customer, InboxEvent, Notice, Order, OutboxMessage
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

LATER = NOW + timedelta(days=2)


@pytest.fixture
def order(database: Database) -> Order:
    with database.transaction() as session:
        make_shop(session)
        return make_order(session, make_customer(session, make_channel(session)), make_variant(session))


def told_of(database: Database) -> Sequence[Notice]:
    with database.reading() as session:
        return session.scalars(select(Notice).order_by(Notice.id)).all()


def park_all(database: Database) -> None:
    with database.transaction() as session:
        for notice in session.scalars(select(Notice)).all():
            telling.park(session, notice.id, "24 hours")


def events(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(InboxEvent.key).order_by(InboxEvent.id)))


def tell_again(database: Database, order: Order) -> int:
    with database.transaction() as session:
        return telling.tell_again(session, order.customer_id, LATER)


def test_paid_and_shipped_are_told_again_in_order_and_only_once(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
        fulfilment.ship(session, order.id, carrier="flash", tracking="TH01123", by="ploy", now=NOW)
    park_all(database)
    assert [(one.state, one.parked) for one in told_of(database)] == [("not_told", True)] * 2
    assert tell_again(database, order) == 2
    assert events(database) == ["notice:1", "notice:2", "notice:1:1", "notice:2:1"]
    assert [(one.state, one.reason) for one in told_of(database)] == [("waiting", None)] * 2
    assert tell_again(database, order) == 0
    assert len(events(database)) == 4


def test_it_can_fail_and_be_told_again_more_than_once(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
    for round_ in (1, 2, 3):
        park_all(database)
        assert tell_again(database, order) == 1
        assert events(database)[-1] == f"notice:1:{round_}"


def test_a_reminder_of_what_was_paid_meanwhile_is_not_told(database: Database, order: Order) -> None:
    with database.transaction() as session:
        assert expiry.remind_one(session, order.pay_before - timedelta(minutes=30))
    park_all(database)
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
    assert tell_again(database, order) == 0
    reminder, paid = told_of(database)
    assert (reminder.state, reminder.parked, reminder.reason) == ("over", False, None)
    assert paid.state == "waiting"


def test_of_several_parcels_numbers_only_the_last_is_told(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
        for number in ("TH01123", "TH01124"):
            fulfilment.ship(session, order.id, carrier="flash", tracking=number, by="ploy", now=NOW)
    park_all(database)
    assert tell_again(database, order) == 2
    assert [one.state for one in told_of(database)] == ["waiting", "over", "waiting"]


def test_what_was_told_or_sent_by_hand_is_not_told_again(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
    park_all(database)
    with database.transaction() as session:
        notices.told(session, 1, LATER)
    assert tell_again(database, order) == 0
    with database.transaction() as session:
        telling.park(session, 1, "too late to say so")
    assert [(one.state, one.parked) for one in told_of(database)] == [("told", False)]


def test_another_customers_event_tells_nothing(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
        other = make_customer(session, session.get_one(Customer, order.customer_id).channel, "other").id
    park_all(database)
    with database.transaction() as session:
        assert telling.tell_again(session, other, LATER) == 0


def test_the_failed_message_is_nobodys_problem_any_more(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
        for part, state in enumerate(("failed", "sent", "uncertain")):
            session.add(
                OutboxMessage(
                    cause="1",
                    part=part,
                    channel_id=order.channel_id,
                    customer_id=order.customer_id,
                    conversation="1:nok",
                    notice_id=1,
                    body={},
                    state=state,
                    created_at=NOW,
                )
            )
    park_all(database)
    tell_again(database, order)
    with database.reading() as session:
        states = session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)).all()
    assert states == ["dropped", "sent", "uncertain"]


def test_two_gateways_at_once_tell_it_once(database: Database, order: Order) -> None:
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
    park_all(database)
    told: list[int] = []
    threads = [threading.Thread(target=lambda: told.append(tell_again(database, order))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, 0, 0, 0, 0, 1]
    assert events(database) == ["notice:1", "notice:1:1"]


def test_who_wrote_in_this_very_moment_is_seen(database: Database, order: Order) -> None:
    with database.transaction() as session:
        customer = session.get_one(Customer, order.customer_id)
        assert not telling.heard_since(session, customer.id, NOW)
        assert telling.heard_since(session, customer.id, None)
        customers.heard_from(customer, NOW + timedelta(seconds=1))
        session.flush()
        assert telling.heard_since(session, customer.id, NOW)


def test_a_seller_may_write_about_the_order_in_this_very_moment(database: Database, order: Order) -> None:
    with database.transaction() as session:
        customers.heard_from(session.get_one(Customer, order.customer_id), NOW)
        payments.confirm(session, order.id, by="ploy", now=NOW)
    park_all(database)
    written: list[bool] = []

    def write() -> None:
        with database.transaction() as session:
            written.append(seller_words.write(session, order.id, "Hello", form="1", by="ploy", now=LATER))

    seller = threading.Thread(target=write)
    with database.transaction() as session:
        customers.heard_from(session.get_one(Customer, order.customer_id), LATER)
        session.flush()
        seller.start()
        _until_somebody_waits(database)
        assert telling.tell_again(session, order.customer_id, LATER) == 1  # it marks the order
    seller.join()
    assert written == [True]


def _until_somebody_waits(database: Database) -> None:
    """On SQLite everybody waits for the one who writes, from the beginning."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = time.monotonic() + 10
    while not database.is_sqlite and time.monotonic() < deadline:
        with database.reading() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.01)


def test_the_values_are_written_in_the_customers_language(database: Database, order: Order) -> None:
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, order.customer_id))
        intake.take(session, order.customer_id, [slip.id], now=NOW)
        payments.reject(session, order.id, "wrong_amount", by="ploy", now=NOW)
        thai = telling.facts(session, 1)
        session.get_one(Customer, order.customer_id).language = "en"
        session.flush()
        english = telling.facts(session, 1)
    assert thai["order"] == english["order"] == order.number
    assert (thai["reason"], english["reason"]) == (
        "ยอดเงินไม่ตรงกับออเดอร์",
        "the amount is not that of the order",
    )
    assert (english["total"], english["amount"], english["parcel"]) == ("฿290", "", "")
    assert "พ.ย. 2569" in thai["before"] and "Nov 2026" in english["before"]


def test_the_newest_word_about_a_template_counts(database: Database) -> None:
    with database.transaction() as session:
        channel = make_channel(session)

        def noted(status: str, at: int, reason: str | None = None) -> str | None:
            now = NOW + timedelta(seconds=at)
            message_templates.note(session, channel.id, "t", "th", status=status, reason=reason, now=now)
            return message_templates.status(session, channel.id, "t", "th")

        assert message_templates.status(session, channel.id, "t", "th") is None
        assert noted("PENDING", 0) == "PENDING"
        assert noted("APPROVED", 5) == "APPROVED"
        assert noted("PENDING", 2) == "APPROVED"  # read before, written after
        assert noted("REJECTED", 9, "INCORRECT_PARAMS") == "REJECTED"
        assert message_templates.status(session, channel.id, "t", "en") is None
        assert [one.reason for one in message_templates.of_channel(session, channel.id)] == [
            "INCORRECT_PARAMS"
        ]
