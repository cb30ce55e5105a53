"""From hello to "Paid", by taps and by typing, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shop import orders, payments
from shop.db import Database, utc_now
from shop.models import Notice
from shop.replies import Bill, Cards
from tests.rasa.chat import Chat

Meet = Callable[..., Chat]

TH = {
    "products": "สินค้า",
    "buy": "ซื้อเลย",
    "confirm": "ยืนยันคำสั่งซื้อ",
    "correct": "ถูกต้อง",
    "pending": "รอยืนยันการชำระเงิน",
    "paid": "ชำระเงินแล้ว",
    "left": "เหลือ",
    "cart": "ในตะกร้าของคุณ",
    "name": "สมชาย ใจดี",
    "address": "99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด จ.นนทบุรี 11120",
}
EN = {
    "products": "Products",
    "buy": "Buy Now",
    "confirm": "Confirm order",
    "correct": "Correct",
    "pending": "Payment Confirmation: Pending",
    "paid": "Paid",
    "left": "Left:",
    "cart": "In your cart:",
    "name": "John Smith",
    "address": "123 Sukhumvit Road, Khlong Toei, Bangkok 10110",
}


@pytest.mark.parametrize(("language", "words"), [("th", TH), ("en", EN)])
def test_a_customer_orders_by_taps_and_is_told_paid(
    meet: Meet, database: Database, language: str, words: dict[str, str]
) -> None:
    nok = meet(language)
    nok.sends("/get_started")
    shown = nok.taps(words["products"])
    (window,) = shown.replies
    assert isinstance(window, Cards)
    assert window.cards[0].image_url == "https://shop.example/media/public/products/hat.jpg"
    assert "฿320" in window.cards[0].subtitle
    assert words["left"] in window.cards[0].subtitle
    assert window.cards[2].buttons == ()  # sold out

    assert len(nok.taps(words["buy"]).buttons) == 5
    assert words["cart"] in nok.taps("2").text
    assert "฿680" in nok.taps(words["confirm"]).text
    nok.types(words["name"])
    nok.types("081-234-5678")
    assert words["address"] in nok.types(words["address"]).text
    billed = nok.taps(words["correct"])

    bill = billed.replies[0]
    assert isinstance(bill, Bill)
    assert (bill.total, bill.recipient_name, bill.address) == (68000, words["name"], words["address"])
    assert "PromptPay 089-111-2223" in billed.text
    assert "฿680" in billed.text

    assert words["pending"] in nok.sends_photo().text
    with database.transaction() as session:
        (order,) = orders.latest(session, nok.customer_id)
        payments.confirm(session, order.id, by="ploy", now=utc_now())
        notice = session.query(Notice).filter_by(order_id=order.id).one()
    told = nok.is_told(notice.id)
    assert words["paid"] in told.text
    assert order.number in told.text
    if language == "en":
        assert "Payment Confirmed" in told.text
    assert words["paid"] in nok.sends("/view_orders").text


@pytest.mark.parametrize(
    "lines",
    [
        ["สวัสดีค่ะ", "มีอะไรขายบ้างคะ", "หมวกราคาเท่าไหร่คะ", "เอาอันนี้ค่ะ", "๒ ใบค่ะ", "ยืนยันคำสั่งซื้อ"],
        ["เอาหมวก 2 ใบค่ะ", "ยืนยันออเดอร์ค่ะ"],
        ["hello", "what do you sell?", "how much is the brown hat", "buy now", "two", "confirm order"],
        ["i'll take two hats please", "checkout"],
    ],
)
def test_a_customer_orders_two_hats_by_typing(meet: Meet, database: Database, lines: list[str]) -> None:
    nok = meet("th" if lines[0][0] > "z" else "en")
    for line in lines:
        nok.types(line)
    with database.reading() as session:
        (order,) = orders.latest(session, nok.customer_id)
        assert [(line.name_en, line.quantity) for line in order.lines] == [("Brown hat", 2)]
    nok.types("ณัฐพล วงศ์ใหญ่")
    nok.types("0623334444")
    nok.types("45/67 ซอยรามคำแหง 24 แขวงหัวหมาก เขตบางกะปิ กทม. 10240")
    assert nok.types("ถูกต้องค่ะ").bills
    with database.reading() as session:
        kept = orders.of_customer(session, nok.customer_id, order.number)
        assert (kept.recipient, kept.phone) == ("ณัฐพล วงศ์ใหญ่", "+66623334444")


def test_a_size_is_asked_for_and_the_number_said_before_is_kept(meet: Meet) -> None:
    nok = meet("th")
    assert [button.title for button in nok.types("เอาเสื้อยืด 2 ตัวค่ะ").buttons] == ["ไซส์ M", "ไซส์ L"]
    assert "2 × เสื้อยืด (ไซส์ L)" in nok.taps("ไซส์ L").text


def test_all_details_in_one_message_are_taken_apart(meet: Meet) -> None:
    nok = ordered(meet)
    asked = nok.types("นางสาวมะลิ หอมดี 0834445555 22/9 ถ.มิตรภาพ อ.เมือง นครราชสีมา 30000")
    assert "นางสาวมะลิ หอมดี\n083 444 5555\n22/9 ถ.มิตรภาพ อ.เมือง นครราชสีมา 30000" in asked.text


def test_two_orders_and_one_slip_are_brought_together_by_a_tap(meet: Meet, database: Database) -> None:
    nok = detailed(meet)
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.taps("Confirm order")
    for line in ("John Smith", "0812345678", "123 Sukhumvit Road, Bangkok 10110"):
        nok.types(line)
    nok.taps("Correct")
    choice = nok.sends_photo()
    assert len(choice.buttons) == 2
    assert "Payment Confirmation: Pending" in nok.taps(choice.buttons[1].title).text
    with database.reading() as session:
        newest, oldest = orders.latest(session, nok.customer_id)
        assert (newest.payment_state, oldest.payment_state) == ("awaiting_slip", "pending")


def test_the_same_turn_twice_is_one_order_and_one_answer(meet: Meet, database: Database) -> None:
    nok = in_cart(meet)
    first = nok.taps("Confirm order")
    again = nok.repeats(nok.last_body)
    assert again == first
    assert "recipient" in nok.sends("/confirm_order").last  # a double tap goes on with the same order
    with database.reading() as session:
        assert len(orders.latest(session, nok.customer_id)) == 1


def in_cart(meet: Meet) -> Chat:
    nok = meet("en")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    return nok


def ordered(meet: Meet) -> Chat:
    nok = in_cart(meet)
    nok.taps("Confirm order")
    return nok


def detailed(meet: Meet) -> Chat:
    nok = ordered(meet)
    for line in ("John Smith", "0812345678", "123 Sukhumvit Road, Bangkok 10110"):
        nok.types(line)
    nok.taps("Correct")
    return nok
