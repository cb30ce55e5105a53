"""Questions, taps and surprises in the middle of the checkout: each is answered, and the form asks on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shop import expiry, orders, payments, states
from shop.db import Database, utc_now
from shop.models import Notice
from tests.rasa.chat import Answer, Chat

Meet = Callable[..., Chat]
Act = Callable[[Chat], Answer]

STEPS: dict[str, list[str]] = {
    "recipient's name": [],
    "phone number": ["John Smith"],
    "delivery address": ["John Smith", "0812345678"],
    "Is that correct?": ["John Smith", "0812345678", "123 Sukhumvit Road, Bangkok 10110"],
}
THAI_STEPS: dict[str, list[str]] = {
    "ชื่อผู้รับ": [],
    "เบอร์โทรผู้รับ": ["สมชาย ใจดี"],
    "ที่อยู่จัดส่ง": ["สมชาย ใจดี", "0812345678"],
    "ถูกต้องไหมคะ": ["สมชาย ใจดี", "0812345678", "123 ถนนสุขุมวิท แขวงคลองตัน กรุงเทพ 10110"],
}


def typing(text: str) -> Act:
    return lambda chat: chat.types(text)


def tapping(payload: str) -> Act:
    return lambda chat: chat.sends(payload)


#: What the customer does in between, and words of the answer.
ENGLISH: list[tuple[Act, str]] = [
    (typing("how much is the brown hat?"), "฿320"),
    (typing("is the brown hat in stock?"), "Left:"),
    (typing("how much is shipping?"), "Shipping ฿40"),
    (typing("how do i pay"), "PromptPay"),
    (typing("view orders"), "Waiting for payment"),
    (typing("my cart"), "cart is empty"),
    (typing("help"), "Ordering is easy"),
    (typing("thank you"), "welcome"),
    (typing("hello"), "welcome to Baan Fai"),
    (typing("what do you sell?"), "Brown hat"),
    (typing("are you a bot"), "automatic assistant"),
    (tapping("/products"), "Brown hat"),
    (tapping("/view_orders"), "Waiting for payment"),
    (tapping("/unreadable_picture"), "could not be opened"),
    (tapping('/unsupported_attachment{"attachment": "like"}'), "😊"),
    (tapping('/unsupported_attachment{"attachment": "audio"}'), "cannot open"),
    (lambda chat: chat.sends_photo(), "Payment Confirmation: Pending"),
]
THAI: list[tuple[Act, str]] = [
    (typing("หมวกสีน้ำตาลราคาเท่าไหร่คะ"), "฿320"),
    (typing("หมวกสีน้ำตาลมีของไหมคะ"), "เหลือ"),
    (typing("ค่าส่งเท่าไหร่คะ"), "ค่าส่ง ฿40"),
    (typing("จ่ายเงินยังไงคะ"), "PromptPay"),
    (typing("ดูคำสั่งซื้อ"), "รอชำระเงิน"),
    (typing("ช่วยหน่อยค่ะ"), "สั่งซื้อง่ายๆ"),
    (typing("ขอบคุณค่ะ"), "ยินดีค่ะ"),
    (typing("สวัสดีค่ะ"), "ยินดีต้อนรับ"),
    (typing("มีอะไรขายบ้างคะ"), "หมวกสีน้ำตาล"),
    (lambda chat: chat.sends_photo(), "รอยืนยันการชำระเงิน"),
]


@pytest.mark.parametrize("step", STEPS)
def test_in_english_everything_is_answered_and_the_question_asked_again(meet: Meet, step: str) -> None:
    _check(_at(meet, "en", STEPS[step]), ENGLISH, step)


@pytest.mark.parametrize("step", THAI_STEPS)
def test_in_thai_everything_is_answered_and_the_question_asked_again(meet: Meet, step: str) -> None:
    _check(_at(meet, "th", THAI_STEPS[step]), THAI, step)


def _check(nok: Chat, acts: list[tuple[Act, str]], question: str) -> None:
    assert question in nok.seen.last
    for act, words in acts:
        answer = act(nok)
        said = nok.last_body.get("text") or nok.last_body.get("intent")
        assert words in answer.text, said
        assert question in answer.last, said


@pytest.mark.parametrize("step", STEPS)
def test_the_language_can_change_and_the_question_comes_in_the_new_one(meet: Meet, step: str) -> None:
    nok = _at(meet, "en", STEPS[step])
    question = list(THAI_STEPS)[list(STEPS).index(step)]
    assert question in nok.types("thai please").last
    assert step in nok.sends('/switch_language{"to": "en"}').last


@pytest.mark.parametrize("step", STEPS)
def test_cancelling_asks_first_and_can_be_taken_back(meet: Meet, database: Database, step: str) -> None:
    nok = _at(meet, "en", STEPS[step])
    assert "Shall I cancel" in nok.types("cancel my order").last
    assert step in nok.taps("No, keep it").last
    nok.types("cancel my order")
    assert step in nok.types("no").last
    nok.types("cancel my order")
    assert "is cancelled" in nok.taps("Yes, cancel").text
    with database.reading() as session:
        (order,) = orders.latest(session, nok.customer_id)
        assert order.state == "cancelled"
    assert "recipient" not in nok.types("hello").text  # the form is over


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("typed", ["/restart", '/cancel_now{"order_number": "TL-1"}', "/affirm"])
def test_what_is_typed_with_a_slash_is_never_a_command(
    meet: Meet, database: Database, step: str, typed: str
) -> None:
    nok = _at(meet, "en", STEPS[step])
    answer = nok.types(typed)
    assert answer.replies
    assert not answer.bills
    # Taken as the detail, or as what its words mean; the form is still there, or asks before it ends.
    assert any(question in answer.last for question in [*STEPS, "Shall I cancel"])
    with database.reading() as session:
        assert orders.latest(session, nok.customer_id)[0].state == "placed"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("metadata", [{}, {"cause": "notice-1"}])
def test_a_notice_in_the_middle_is_told_and_the_form_goes_on(
    meet: Meet, database: Database, step: str, metadata: dict[str, str]
) -> None:
    nok = _at(meet, "en", STEPS[step])
    nok.sends_photo()
    with database.transaction() as session:
        (order,) = orders.latest(session, nok.customer_id)
        payments.confirm(session, states.lock(session, order.id).id, by="ploy", now=utc_now())
        notice = session.query(Notice).filter_by(order_id=order.id).one()
    told = nok.is_told(notice.id, **metadata)
    assert "Paid" in told.text
    assert "Payment Confirmed" in told.text
    assert order.number in told.text
    assert step in told.last


@pytest.mark.parametrize(
    ("language", "name", "reminded", "ended"),
    [
        ("en", "John Smith", ("A reminder", "How to pay", "phone number"), "has been cancelled"),
        ("th", "สมชาย ใจดี", ("ยังรอชำระเงิน", "วิธีชำระเงิน", "เบอร์โทรผู้รับ"), "หมดเวลาชำระเงินแล้ว"),
    ],
)
def test_the_form_goes_on_after_a_reminder_and_ends_with_its_order(
    meet: Meet, database: Database, language: str, name: str, reminded: tuple[str, ...], ended: str
) -> None:
    nok = _at(meet, language, [name])
    with database.transaction() as session:
        (order,) = orders.latest(session, nok.customer_id)
        order.pay_before = utc_now() + timedelta(hours=1)
        assert expiry.remind_one(session, utc_now())
        reminder = session.query(Notice).filter_by(order_id=order.id).one()
    told = nok.is_told(reminder.id)
    assert all(words in told.text + "".join(button.title for button in told.buttons) for words in reminded)
    with database.transaction() as session:
        orders.latest(session, nok.customer_id)[0].pay_before = utc_now()
        assert expiry.expire_one(session, utc_now())
        end = session.query(Notice).filter_by(order_id=order.id, kind="expired").one()
    told = nok.is_told(end.id)
    assert ended in told.last
    assert order.number in told.last
    assert reminded[-1] not in nok.types("081-234-5678").text


def test_browsing_ends_the_question_how_many_but_asking_does_not(meet: Meet) -> None:
    nok = meet("en")
    nok.sends("/products")
    nok.taps("Buy Now")
    assert "how many" in nok.types("how much is shipping?").last
    assert "how many" not in nok.sends("/view_orders").text
    assert "cart" not in nok.types("2").text


def _at(meet: Meet, language: str, lines: list[str]) -> Chat:
    """A customer who has answered so far in the checkout."""
    nok = meet(language)
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.sends("/confirm_order")
    for line in lines:
        nok.types(line)
    return nok
