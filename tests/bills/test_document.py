"""What stands on the bills."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bills import document, page
from shop import payments
from shop.db import Database
from shop.errors import NotFound
from shop.models import Order, PaymentAccount
from shop.slips import intake
from tests.bills.conftest import ADDRESS, NAME
from tests.factories import NOW, make_slip


def test_the_bill_has_every_sum_and_who_gets_it(database: Database, order: Order) -> None:
    with database.transaction() as session:
        changed = session.get_one(Order, order.id)
        changed.discount, changed.total = 1000, 53000
    with database.reading() as session:
        thai = document.order_bill(session, order.number, "th")
        english = document.order_bill(session, order.number, "en")
    assert [value for _, value in thai.sums] == ["฿500", "฿40", "−฿10", "฿530"]
    assert [name for name, _ in english.sums] == ["Subtotal", "Shipping (Parcel)", "Discount", "Total"]
    assert thai.send_to == (NAME, "081 234 5678", ADDRESS)
    assert thai.items == (document.Item("น้ำผึ้งป่า", "2", "฿250", "฿500"),)
    assert "2569" in dict(thai.facts)["วันที่สั่งซื้อ"] and "2026" in dict(english.facts)["Ordered"]
    assert thai.to_pay is not None and "5406530.00" in (thai.to_pay.payload or "")


def test_without_promptpay_there_are_only_the_accounts(database: Database, order: Order) -> None:
    with database.transaction() as session:
        session.scalars(select(PaymentAccount)).one().bank = "KBank"
    with database.reading() as session:
        asked = document.order_bill(session, order.number, "en").to_pay
    assert asked is not None and asked.payload is None
    assert [account.bank for account in asked.accounts] == ["KBank"]


def test_the_payment_bill_tells_slips_money_and_what_is_outstanding(database: Database, order: Order) -> None:
    with database.reading() as session:
        before = document.payment_bill(session, order.number, "en")
    assert before.entries == () and before.sums[-1] == ("Outstanding", "฿540")
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Order, order.id).customer)
        intake.take(session, order.customer_id, [slip.id], now=NOW)
        payments.confirm(session, order.id, by="ploy@example.com", now=NOW + timedelta(hours=1))
    with database.reading() as session:
        paid = document.payment_bill(session, order.number, "en")
    assert paid.entries is not None
    assert [(entry.words, entry.amount) for entry in paid.entries] == [
        ("Slip received", ""),
        ("Payment accepted", "฿540"),
    ]
    assert paid.sums[1:] == (("Received", "฿540"), ("Outstanding", "฿0")) and paid.to_pay is None


def test_an_unknown_order_has_no_bill(database: Database, order: Order) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        document.order_bill(session, "TL-00000000", "th")


def test_the_page_shows_a_hostile_name_as_words(database: Database, order: Order) -> None:
    with database.reading() as session:
        shown = page.written(document.order_bill(session, order.number, "th"), "/x.pdf")
    assert "<script" not in shown and "&lt;script&gt;alert(1)" in shown
    assert 'src="data:image/png;base64,' in shown and 'href="/x.pdf"' in shown
