"""What is forgotten because of its age, and what is not: neither open orders nor slips nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import fulfilment, order_notes, orders, payments, privacy, retention
from shop.db import Database
from shop.models import Customer, Order, Slip, Variant
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

DAY = timedelta(days=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session, keep_slips_days=90, keep_addresses_days=365)
        make_customer(session, make_channel(session))
        make_variant(session, stock=100)
        yield session


def ordered(session: Session, cause: str, *, slip: bool = True) -> Order:
    """An order with an address, and a slip."""
    customer = session.get_one(Customer, 1)
    order = make_order(session, customer, session.get_one(Variant, 1), cause=cause)
    orders.set_delivery(
        session, order.id, recipient="มะลิ หอมดี", phone="0812345678", address="99 ถนนสุขุมวิท 10110"
    )
    if slip:
        sent = make_slip(session, customer, f"slip-{cause}")
        intake.take_for(session, 1, order.number, [sent.id], now=NOW)
    return order


def delivered(session: Session, order: Order, days: int) -> None:
    payments.confirm(session, order.id, by="ploy", now=NOW)
    fulfilment.pack(session, order.id, by="ploy", now=NOW)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH998877", by="ploy", now=NOW)
    fulfilment.deliver(session, order.id, by="ploy", now=NOW + days * DAY)


def pictures(session: Session) -> list[str]:
    session.expire_all()
    return sorted(session.scalars(select(Slip.picture).where(Slip.picture != "")))


def test_pictures_of_orders_that_are_over_go_and_the_rest_stays(session: Session) -> None:
    delivered(session, ordered(session, "delivered"), days=2)
    ordered(session, "waits for the seller")
    paid = ordered(session, "paid")
    payments.confirm(session, paid.id, by="ploy", now=NOW + 5 * DAY)
    make_slip(session, session.get_one(Customer, 1), "loose")
    assert retention.give_up_slips(session, NOW + 90 * DAY) == 0
    # The loose one, and that of the order paid on the first day: what becomes of the parcel does not matter.
    assert retention.give_up_slips(session, NOW + 91 * DAY) == 2
    assert pictures(session) == [
        "private/slips/slip-paid.jpg",
        "private/slips/slip-waits for the seller.jpg",
    ]
    assert retention.give_up_slips(session, NOW + 96 * DAY) == 1
    assert retention.give_up_slips(session, NOW + 3650 * DAY) == 0
    assert pictures(session) == ["private/slips/slip-waits for the seller.jpg"]
    assert sorted(one.key for one in privacy.leftovers(session, NOW + 3650 * DAY)) == [
        "private/slips/loose.jpg",
        "private/slips/slip-delivered.jpg",
        "private/slips/slip-paid.jpg",
    ]


def test_addresses_go_a_year_after_the_end(session: Session) -> None:
    order = ordered(session, "delivered")
    order.province, order.postal_code = "กรุงเทพมหานคร", "10110"
    delivered(session, order, days=10)
    still_open = ordered(session, "open", slip=False)
    cancelled = ordered(session, "cancelled", slip=False)
    orders.cancel(session, cancelled.id, now=NOW)
    assert retention.forget_addresses(session, NOW + 365 * DAY) == 0
    assert retention.forget_addresses(session, NOW + 366 * DAY) == 1
    assert retention.forget_addresses(session, NOW + 376 * DAY) == 1
    assert retention.forget_addresses(session, NOW + 3650 * DAY) == 0
    session.expire_all()
    for gone in (order, cancelled):
        assert (gone.recipient, gone.phone, gone.address, gone.postal_code) == (None,) * 4
    assert order.province == "กรุงเทพมหานคร"
    assert order.shipment is not None and order.shipment.tracking == ""
    assert still_open.address == "99 ถนนสุขุมวิท 10110"


def test_the_seller_sets_the_time_and_steps_are_small(session: Session) -> None:
    customer = session.get_one(Customer, 1)
    for number in range(150):
        make_slip(session, customer, f"loose-{number}")
    assert retention.give_up_slips(session, NOW + 91 * DAY) == 100
    assert retention.give_up_slips(session, NOW + 91 * DAY) == 50


def test_without_a_shop_nothing_is_old(database: Database) -> None:
    with database.transaction() as session:
        assert retention.give_up_slips(session, NOW) == retention.forget_addresses(session, NOW) == 0


def test_notes_go_with_the_order_also_where_it_has_no_address(session: Session) -> None:
    cancelled = ordered(session, "cancelled", slip=False)
    cancelled.recipient = cancelled.phone = cancelled.address = None
    order_notes.add(session, cancelled, "พี่สาวมารับเอง 0812345678", form="1", by="ploy", now=NOW)
    orders.cancel(session, cancelled.id, now=NOW)
    assert retention.forget_addresses(session, NOW + 365 * DAY) == 0
    assert retention.forget_addresses(session, NOW + 366 * DAY) == 1
    assert not order_notes.of(session, cancelled)
