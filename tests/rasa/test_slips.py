"""Pictures in the chat: slips, the same slip again, slips of other orders, photos of something else, the bill."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shop import carts, orders, payments
from shop.db import Database, utc_now
from shop.models import Notice, Order, Variant
from shop.replies import Bill
from tests.factories import slip_text
from tests.rasa.chat import Chat

Meet = Callable[..., Chat]
LANGUAGES = pytest.mark.parametrize("language", ["th", "en"])
#: "Pay me". Source: github dtinth/promptpay-qr, index.test.js
BILL = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"


def ordered(chat: Chat, database: Database) -> Order:
    with database.transaction() as session:
        hat = session.query(Variant).filter_by(sku="HAT").one()
        carts.put(session, chat.customer_id, hat.id, 1)
        order = orders.place(
            session, chat.customer_id, cause=f"order {chat.customer_id} {utc_now()}", now=utc_now()
        )
        return orders.set_delivery(
            session,
            order.id,
            recipient="Nok Jaidee",
            phone="0812345678",
            address="99 Moo 1, Suthep, Mueang, Chiang Mai 50200",
        )


def state(order: Order, database: Database) -> str:
    with database.reading() as session:
        return session.get_one(Order, order.id).payment_state


@LANGUAGES
def test_a_slip_is_taken_and_known_when_it_comes_again(meet: Meet, database: Database, language: str) -> None:
    nok = meet(language)
    order, slip = ordered(nok, database), slip_text(f"A{nok.customer_id}{language}")
    assert ("รอยืนยัน" if language == "th" else "Payment Confirmation: Pending") in nok.sends_photo(slip).text
    again = nok.sends_photo(slip).text
    assert ("ไม่ต้องส่งซ้ำ" if language == "th" else "no need to send it again") in again
    assert order.number in again


@LANGUAGES
def test_a_slip_of_another_order_is_not_taken_without_a_word(
    meet: Meet, database: Database, language: str
) -> None:
    nok, chai = meet(language), meet(language)
    slip = slip_text(f"B{nok.customer_id}{language}")
    theirs, own = ordered(nok, database), ordered(chai, database)
    nok.sends_photo(slip)
    answer = chai.sends_photo(slip).text
    assert ("เคยใช้ไปแล้ว" if language == "th" else "used before") in answer
    assert own.number in answer
    assert theirs.number not in answer  # it is somebody else's


@LANGUAGES
def test_a_photo_of_something_else_is_asked_about_and_yes_makes_it_a_slip(
    meet: Meet, database: Database, language: str
) -> None:
    nok = meet(language)
    order = ordered(nok, database)
    asked = nok.sends_photo(is_paper=False)
    assert state(order, database) == "awaiting_slip"
    assert len(asked.buttons) == 2
    nok.taps(asked.buttons[0].title)
    assert state(order, database) == "pending"


@LANGUAGES
def test_and_no_leaves_everything_as_it_was(meet: Meet, database: Database, language: str) -> None:
    nok = meet(language)
    order = ordered(nok, database)
    answer = nok.taps(nok.sends_photo(is_paper=False).buttons[1].title)
    assert state(order, database) == "awaiting_slip"
    assert ("คุยกับร้าน" if language == "th" else "Talk to seller") in [
        button.title for button in answer.buttons
    ]
    nok.sends_photo(slip_text(f"C{nok.customer_id}{language}"))
    assert state(order, database) == "pending"


@LANGUAGES
def test_the_bill_sent_back_is_no_slip(meet: Meet, database: Database, language: str) -> None:
    nok = meet(language)
    order = ordered(nok, database)
    assert "QR" in nok.sends_photo(BILL).text
    assert state(order, database) == "awaiting_slip"


@LANGUAGES
def test_with_two_orders_the_slip_goes_to_the_one_that_is_tapped(
    meet: Meet, database: Database, language: str
) -> None:
    nok = meet(language)
    first, second = ordered(nok, database), ordered(nok, database)
    asked = nok.sends_photo(slip_text(f"D{nok.customer_id}{language}"))
    assert all("฿" in button.title for button in asked.buttons)
    nok.taps(next(button.title for button in asked.buttons if first.number in button.title))
    assert (state(first, database), state(second, database)) == ("pending", "awaiting_slip")


@LANGUAGES
@pytest.mark.parametrize("words", ["", "ยอดไม่เข้าค่ะ"])
def test_a_rejection_says_why_and_asks_for_another_slip(
    meet: Meet, database: Database, language: str, words: str
) -> None:
    nok = meet(language)
    order = ordered(nok, database)
    nok.sends_photo(slip_text(f"E{nok.customer_id}{language}"))
    with database.transaction() as session:
        payments.reject(session, order.id, "wrong_amount", words, by="ploy", now=utc_now())
        notice = session.query(Notice).filter_by(order_id=order.id, kind="rejected").one()
    answer = nok.is_told(notice.id)
    assert (
        words or ("ยอดเงินไม่ตรง" if language == "th" else "amount is not that of the order")
    ) in answer.text
    assert nok.taps(answer.buttons[0].title).text.count("฿") >= 1  # how to pay
    nok.sends_photo(slip_text(f"F{nok.customer_id}{language}"))
    assert state(order, database) == "pending"


@LANGUAGES
def test_parts_undoings_refunds_and_new_bills_are_told(meet: Meet, database: Database, language: str) -> None:
    nok = meet(language)
    order = ordered(nok, database)
    ploy = {"by": "ploy", "now": utc_now()}

    def told(kind: str) -> str:
        with database.reading() as session:
            notices = session.query(Notice).filter_by(order_id=order.id, kind=kind)
            last = notices.order_by(Notice.id.desc()).first()
        assert last is not None
        answer = nok.is_told(last.id)
        if kind == "bill_changed":
            (bill,) = [reply for reply in answer.replies if isinstance(reply, Bill)]
            assert bill.total == order.total - 1000
            assert sum(amount for _, amount in bill.adjustments) == 1000
        assert order.number in answer.text
        return answer.text

    with database.transaction() as session:
        orders.set_discount(session, order.id, 1000, **ploy)
    told("bill_changed")
    with database.transaction() as session:
        payments.accept(session, order.id, 5000, **ploy)
    assert "฿50" in told("part_paid")
    with database.transaction() as session:
        payments.confirm(session, order.id, **ploy)
        entry = session.query(Order).filter_by(id=order.id).one()
        assert entry.payment_state == "paid"
    assert ("ชำระเงินแล้ว" if language == "th" else "Payment Confirmed") in told("paid")
    with database.transaction() as session:
        payments.refund(session, order.id, order.total - 1000, "sold out", **ploy)
    assert "฿" in told("refunded")
