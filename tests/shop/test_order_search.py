"""Finding an order by whatever of it is at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import fulfilment, order_index, order_list, order_search, orders, payments, privacy
from shop.db import Database
from shop.models import Channel, Customer, Order, OrderTerm
from shop.order_wanted import Wanted
from shop.slips import intake
from tests.factories import (
    NOW,
    make_channel,
    make_customer,
    make_order,
    make_shop,
    make_slip,
    make_variant,
    slip_text,
)

ADDRESS = "99 ถนนสุขุมวิท กรุงเทพฯ"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session)
        make_channel(session)
        yield session


def order_of(session: Session, name: str, recipient: str, phone: str, number: str | None = None) -> Order:
    variant = make_variant(session, f"SKU-{name}")
    nok = make_customer(session, session.get_one(Channel, 1), name, name)
    order = make_order(session, nok, variant, cause=f"e-{name}")
    if number:
        order.number = number
    orders.set_delivery(session, order.id, recipient=recipient, phone=phone, address=ADDRESS)
    return order


@pytest.fixture
def wanted(session: Session) -> Order:
    """The order that is looked for, among others."""
    order_of(session, "Chai", "ชัยวัฒน์ ทองดี", "0899999999", "TL-99999999")
    order = order_of(session, "Mali Jaidee", "คุณสมหญิง ใจดี", "0812345678", "TL-40302010")
    make_slip(session, order.customer, codes=(slip_text("015001234567ABC"),))
    intake.take(session, order.customer_id, [1], now=NOW)
    payments.confirm(session, order.id, by="ploy", now=NOW)
    fulfilment.ship(session, order.id, carrier="flash", tracking="TH4701ABCD12", by="ploy", now=NOW)
    return order


PARTS = (
    *("TL-40302010", "#tl-40302010", "40302010", "4030", "TL-4030", "๔๐๓๐๒๐๑๐", "2010", "TL 4030 2010"),
    *("สมหญิง", "สมห", "ใจดี", "คุณสมหญิง", "สมหญิง ใจดี", "คุณสมหญิงใจดี", "ใจดี สมหญิง"),
    *("mali", "MALI", "Jai", "mali jaidee", "jaidee, mali", "MaliJaidee"),
    *("0812345678", "081-234 5678", "(081) 234-5678", "+66 81 234 5678", "66812345678", "๐๘๑๒๓๔๕๖๗๘"),
    *("5678", "234-5678", "08123", "สมหญิง 5678", "2010 mali", "66812345678 Jai"),
    *("TH4701ABCD12", "th 4701 abcd 12", "TH4701", "CD12"),
    *("015001234567ABC", "0150-0123", "67ABC"),
)


def test_an_order_is_found_by_any_part_that_one_would_type(session, wanted):
    for typed in PARTS:
        found = order_search.find(session, typed)
        assert found == order_search.Found(frozenset({wanted.id}), complete=True), typed
        assert order_list.page(session, Wanted(words=typed), now=NOW).orders == [wanted]


def test_what_fits_nothing_finds_nothing(session, wanted):
    for typed in ("", " ", "ส", "-", "สมศรี", "สมหญิง ทองดี", "TL-4030201011", "10", "%", "_", "'", "<0102"):
        assert order_search.find(session, typed).ids == frozenset(), typed


def test_what_is_looked_for_is_also_filtered_and_paged(session, wanted):
    other = order_of(session, "Som", "สมหญิง อีกคน", "0833333333")
    both = order_list.page(session, Wanted(words="สมหญิง"), now=NOW)
    assert both.orders == [other, wanted]
    assert order_list.page(session, Wanted(words="สมหญิง", payment="paid"), now=NOW).orders == [wanted]
    first = order_list.page(session, Wanted(words="สมหญิง"), now=NOW, limit=1)
    assert first.orders == [other]
    rest = order_list.page(session, Wanted(words="สมหญิง"), now=NOW, before_id=first.older, limit=1)
    assert rest.orders == [wanted] and rest.older is None


def test_of_too_many_the_newest_are_shown_and_that_there_are_more_is_said(session, monkeypatch):
    monkeypatch.setattr(order_search, "_MOST_ORDERS", 3)
    monkeypatch.setattr(order_search, "_MOST_TERMS", 2)
    made = [
        order_of(session, f"{'ABCDEFGH'[n]}x", f"สมชาย นามสกุล{'กขคงจฉชซ'[n]}", "0812345678") for n in range(8)
    ]
    found = order_search.find(session, "สมชาย")
    assert not found.complete and {order.id for order in made[-3:]} <= found.ids
    one = order_search.find(session, "สมชาย นามสกุลก")
    assert one.ids == {made[0].id}


def test_what_has_changed_is_found_by_the_new_only(session, wanted):
    orders_of = order_search.find
    wanted.customer.name = "Malee"
    fulfilment.ship(session, wanted.id, carrier="flash", tracking="KEX777", by="ploy", now=NOW)
    session.flush()
    assert not orders_of(session, "mali").ids and orders_of(session, "malee").ids == {wanted.id}
    assert not orders_of(session, "TH4701").ids and orders_of(session, "kex777").ids == {wanted.id}


def test_who_was_erased_is_not_found_any_more(session, wanted):
    privacy.erase(session, wanted.customer_id, now=NOW, force=True)
    for typed in ("สมหญิง", "mali", "0812345678", "TH4701"):
        assert not order_search.find(session, typed).ids
    assert order_search.find(session, "40302010").ids == {wanted.id}
    assert order_search.find(session, "015001234567ABC").ids == {wanted.id}


def test_written_anew_the_index_is_the_same(session, wanted):
    session.flush()
    every = select(OrderTerm.order_id, OrderTerm.term).order_by(OrderTerm.order_id, OrderTerm.term)
    before = session.execute(every).all()
    ids = session.scalars(select(Order.id)).all()
    order_index.write(session.connection(), ids)
    assert session.execute(every).all() == before and len(before) > 10


def test_a_name_without_end_is_cut(session):
    order = order_of(session, "x", "กา " * 30, "0812345678")
    session.get_one(Customer, order.customer_id).name = "ก" * 5000
    session.flush()
    assert order_search.find(session, "ก" * 50).ids == {order.id}


def test_two_who_change_the_same_order_at_once_write_its_index_one_after_the_other(database):
    with database.transaction() as session:
        make_shop(session)
        make_channel(session)
        order = order_of(session, "Nok", "สมหญิง ใจดี", "0812345678")
    done = []

    def rename(name):
        with database.transaction() as session:
            session.get_one(Customer, order.customer_id).name = name
        done.append(name)

    other = threading.Thread(target=rename, args=("Malee",))
    with database.transaction() as session:
        order_index.write(session.connection(), [order.id])
        other.start()
        other.join(0.5)
        assert not done
    other.join()
    with database.reading() as session:
        assert done and order_search.find(session, "malee").ids == {order.id}
        assert not order_search.find(session, "nok").ids
