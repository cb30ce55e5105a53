"""A seller writes to a customer, and helps one who could not be told back into the chat."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from sqlalchemy import select, update

from shop import message_templates, notices, payments, privacy, telling
from shop.db import utc_now
from shop.models import Customer, Notice, Order, OutboxMessage
from tests.seller_console.support import EMAIL

WORDS = "We have found your parcel <b>at the office</b>."


def heard(database, **ago):
    with database.transaction() as session:
        session.execute(update(Customer).values(last_inbound_at=utc_now() - timedelta(**ago)))


def queued(database):
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


async def form_of(ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    return re.search(r'name="form" value="([^"]+)"', body)[1]


async def test_what_a_seller_writes_is_queued_as_theirs_and_the_bot_keeps_silent(database, ploy, order):
    heard(database, days=3)
    form = await form_of(ploy, order)
    answer, _ = await ploy.post(f"/orders/{order.number}/write", text=f"  {WORDS}\r\nPloy ", form=form)
    assert answer.status == 303
    [row] = queued(database)
    assert (row.written_by, row.notice_id, row.state) == (EMAIL, None, "open")
    assert row.body == {"kind": "text", "text": f"{WORDS}\nPloy"}
    with database.reading() as session:
        customer = session.get_one(Customer, row.customer_id)
        assert customer.person_until is not None and customer.person_until > utc_now()
    _, body = await ploy.get(answer.headers["Location"])
    assert html.escape(WORDS) in body and "Is being sent" in body


async def test_two_clicks_on_one_form_write_once_and_a_new_form_writes_again(database, ploy, order):
    heard(database, hours=1)
    form = await form_of(ploy, order)
    for _ in range(2):
        await ploy.post(f"/orders/{order.number}/write", text=WORDS, form=form)
    assert len(queued(database)) == 1
    await ploy.post(f"/orders/{order.number}/write", text=WORDS, form=await form_of(ploy, order))
    assert len(queued(database)) == 2


async def test_nothing_and_too_much_are_said_and_what_was_typed_stays(database, ploy, order):
    heard(database, hours=1)
    answer, body = await ploy.post(f"/orders/{order.number}/write", text="  \n", form="x")
    assert answer.status == 409 and "write something first" in body
    answer, body = await ploy.post(f"/orders/{order.number}/write", text="ก" * 1901, form="x")
    assert answer.status == 409 and "at most 1900 characters" in body and "ก" * 1901 in body
    answer, _ = await ploy.post(f"/orders/{order.number}/write", text="ก" * 1900, form="x")
    assert answer.status == 303
    assert len(queued(database)) == 1


async def test_after_seven_days_it_is_refused_at_once(database, ploy, order):
    heard(database, days=8)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "lets nobody write" in body and 'name="form"' not in body
    answer, body = await ploy.post(f"/orders/{order.number}/write", text=WORDS, form="x")
    assert answer.status == 409 and "Nothing was sent" in body and html.escape(WORDS) in body
    assert queued(database) == []


async def test_what_did_not_go_out_says_why(database, ploy, order):
    heard(database, hours=1)
    await ploy.post(f"/orders/{order.number}/write", text=WORDS, form=await form_of(ploy, order))
    with database.transaction() as session:
        session.execute(
            update(OutboxMessage).values(state="failed", error='{"th": "ไม่ได้", "en": "No Human Agent."}')
        )
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "No Human Agent." in body


async def test_other_orders_do_not_show_it(database, ploy, order):
    heard(database, hours=1)
    await ploy.post(f"/orders/{order.number}/write", text=WORDS, form=await form_of(ploy, order))
    with database.transaction() as session:
        session.execute(update(OutboxMessage).values(cause="seller:TL-00000000:x"))
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Written to the customer" not in body  # the chat has it


def not_told(database, order):
    with database.transaction() as session:
        payments.confirm(session, order.id, by=EMAIL, now=utc_now())
        notice = session.scalars(select(Notice).where(Notice.order_id == order.id)).one()
        telling.park(session, notice.id, '{"th": "เกิน 24 ชั่วโมง", "en": "Over 24 hours."}')
        return notice.id


async def test_who_was_not_told_gets_a_link_back_into_the_chat_by_sms(database, ploy, order):
    not_told(database, order)
    with database.transaction() as session:
        session.execute(update(Order).values(phone="+66812345678"))
        session.execute(update(Customer).values(language="th"))
    _, body = await ploy.get(f"/orders/{order.number}")
    page = html.unescape(body)
    assert "Customer not told" in page and "Over 24 hours." in page
    link = f"https://m.me/{order.channel.account_id}?ref=order-{order.number}"
    assert f'href="{link}"' in page and f"มีข่าวเกี่ยวกับออเดอร์ {order.number} ค่ะ" in page
    assert 'href="sms:+66812345678?&body=' in page
    with database.transaction() as session:
        session.execute(update(Order).values(phone=None))
        session.execute(update(Customer).values(language="en"))
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "sms:" not in body and f"there is news about your order {order.number}" in body


async def test_once_told_the_link_is_gone_and_a_doubt_is_said(database, ploy, order):
    notice_id = not_told(database, order)
    with database.transaction() as session:
        notices.told(session, notice_id, utc_now(), '{"th": "อาจซ้ำ", "en": "Maybe twice."}')
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "m.me" not in body and "Customer told" in body and "Maybe twice." in body


async def test_a_notice_of_unknown_fate_is_said_to_be_so(database, ploy, order):
    notice_id = not_told(database, order)
    with database.transaction() as session:
        telling.uncertain(session, notice_id, '{"th": "ไม่ทราบ", "en": "Nobody knows whether it arrived."}')
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "Nobody knows whether it arrived." in body
    assert "Customer not told" not in body and "m.me" not in body


async def test_an_erased_customer_cannot_be_written_to(database, ploy, order):
    not_told(database, order)
    with database.transaction() as session:
        privacy.erase(session, order.customer_id, now=utc_now(), force=True)
    _, body = await ploy.get(f"/orders/{order.number}")
    assert "m.me" not in body and 'name="form"' not in body
    answer, _ = await ploy.post(f"/orders/{order.number}/write", text=WORDS, form="x")
    assert answer.status == 409
    assert queued(database) == []


async def test_a_page_says_what_became_of_its_templates(database, ploy):
    _, body = await ploy.get("/channels/1")
    assert "not created yet: set the Page up" in body
    with database.transaction() as session:
        for name, status, reason in (
            ("talad_order_paid_1", "APPROVED", None),
            ("talad_order_shipped_1", "REJECTED", "TAG_SHOULD_BE_MARKETING"),
            ("talad_order_expired_1", "PENDING", None),
            ("talad_order_x_1", "<NEW>", None),
        ):
            message_templates.note(session, 1, name, "th", status=status, reason=reason, now=utc_now())
    _, body = await ploy.get("/channels/1")
    assert "1 of 4 approved" in body and "TAG_SHOULD_BE_MARKETING" in body and "being checked by Meta" in body
    assert "&lt;NEW&gt;" in body and "talad_order_paid_1" not in body
    await ploy.post("/language", language="th", next="/channels/1")
    _, body = await ploy.get("/channels/1")
    assert "อนุมัติแล้ว 1 จาก 4 ข้อความ" in body and "Meta กำลังตรวจ" in body
