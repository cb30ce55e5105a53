"""Confirming a payment: asked, done once, told once."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import func, select

from shop import fulfilment, order_lines, views
from shop.models import Channel, InboxEvent, Notice, Order, Payment, Variant
from tests.factories import NOW
from tests.seller_console.support import OTHER_EMAIL, place


def told_once(database):
    with database.reading() as session:
        notices = session.scalar(select(func.count(Notice.id)))
        events = session.scalar(select(func.count(InboxEvent.id)).where(InboxEvent.kind == "notice"))
        amounts = session.scalars(select(Payment.amount)).all()
    return (notices, events, amounts) == (1, 1, [29000])


async def test_the_seller_is_asked_and_yes_makes_the_order_paid(database, ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    assert f'href="/orders/{order.number}/confirm"' in body and "Confirm payment" in body
    _, body = await ploy.get(f"/orders/{order.number}/confirm")
    assert "Have you received ฿290" in body and ">Yes</button>" in body
    answer, _ = await ploy.post(f"/orders/{order.number}/confirm")
    assert answer.status == 303
    _, body = await ploy.get(answer.headers["Location"])
    assert "Payment Confirmed" in body and 'class="verified"' in body and "<strong>Paid</strong>" in body
    assert "Confirm payment" not in body
    assert "Payment confirmed" in body and "Ploy" in body  # the history says who
    assert told_once(database)
    with database.reading() as session:
        found = views.order_detail(session, order.number).order
        assert (found.state, found.payment_state) == ("confirmed", "paid")


async def test_in_thai_it_says_so_in_thai(ploy, order):
    await ploy.post("/language", language="th", next="/orders")
    _, body = await ploy.get(f"/orders/{order.number}/confirm")
    assert "ยืนยันการชำระเงิน" in body and ">ใช่</button>" in body
    answer, _ = await ploy.post(f"/orders/{order.number}/confirm")
    _, body = await ploy.get(answer.headers["Location"])
    assert "ยืนยันการชำระเงินแล้ว" in body and "<strong>ชำระเงินแล้ว</strong>" in body


async def test_yes_pressed_twice_confirms_and_tells_once(database, ploy, order):
    await ploy.post(f"/orders/{order.number}/confirm")
    answer, _ = await ploy.post(f"/orders/{order.number}/confirm")
    _, body = await ploy.get(answer.headers["Location"])
    assert "already confirmed" in body and "<strong>Paid</strong>" in body
    assert told_once(database)


async def test_two_sellers_say_yes_at_once_and_the_customer_is_told_once(database, ploy, visitor, order):
    chai = visitor()
    await chai.sign_in(OTHER_EMAIL)
    said = await asyncio.gather(
        *(seller.post(f"/orders/{order.number}/confirm") for seller in (ploy, chai) * 4)
    )
    outcomes = [answer.headers["Location"].partition("said=")[2] for answer, _ in said]
    assert sorted(outcomes) == ["already"] * 7 + ["confirmed"]
    assert told_once(database)


async def test_yes_is_only_said_to_the_sum_that_was_asked_for(database, ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}/confirm")
    seen = re.search(r'name="seen" value="([^"]+)"', body)[1]
    with database.transaction() as session:
        variant = session.scalars(select(Variant)).one()
        order_lines.edit(session, order.id, {variant.id: 5}, by="chai", now=NOW)
    answer, body = await ploy.post(f"/orders/{order.number}/confirm", seen=seen)
    assert answer.status == 409 and "have changed meanwhile" in body
    with database.reading() as session:
        found = session.get_one(Order, order.id)
        assert (found.payment_state, found.received) == ("pending", 0)
    seen = re.search(r'name="seen" value="([^"]+)"', body)[1]
    answer, _ = await ploy.post(f"/orders/{order.number}/confirm", seen=seen)
    assert answer.status == 303


@pytest.mark.parametrize("seen", ["0", "x", "9" * 5000, "1-2", "0-29000-1-1", "๑-๒-๓"])
async def test_a_form_that_says_nonsense_of_what_it_saw_enters_nothing(database, ploy, order, seen):
    answer, _ = await ploy.post(f"/orders/{order.number}/confirm", seen=seen)
    assert answer.status == 409
    with database.reading() as session:
        assert session.get_one(Order, order.id).received == 0


async def test_money_seen_in_the_bank_can_be_confirmed_without_a_slip(database, ploy):
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
    _, body = await ploy.get(f"/orders/{order.number}/confirm")
    assert "Confirm only if you have seen the money in your bank account" in body
    await ploy.post(f"/orders/{order.number}/confirm")
    assert told_once(database)


async def test_a_cancelled_order_cannot_be_confirmed_and_says_why(database, ploy, order):
    with database.transaction() as session:
        fulfilment.call_off(session, order.id, by="ploy", now=NOW)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Confirm payment" not in body
    answer, _ = await ploy.get(f"/orders/{order.number}/confirm")
    assert answer.status == 303
    answer, body = await ploy.post(f"/orders/{order.number}/confirm")
    assert answer.status == 409 and "cannot be confirmed now" in body and "Cancelled" in body
    with database.reading() as session:
        assert session.scalar(select(func.count(Notice.id)).where(Notice.kind == "paid")) == 0
        assert session.get_one(Order, order.id).state == "cancelled"


async def test_a_link_cannot_pretend_that_an_order_is_confirmed(ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}?said=confirmed")
    assert "Payment Confirmed" not in body
    _, body = await ploy.get(f"/orders/{order.number}?said=<script>")
    assert "<script>" not in body
