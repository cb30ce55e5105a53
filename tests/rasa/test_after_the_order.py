"""What follows an order in the chat: the parcel, ordering again, a person, and news from the web store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shop import carts, fulfilment, handoff, notices, orders, payments
from shop.db import Database, utc_now
from shop.models import Customer, Notice, Order, Shop
from tests.rasa.chat import Answer, Chat

Meet = Callable[..., Chat]

_PLOY = {"by": "ploy"}
_DETAILS = {"recipient": "Nok", "phone": "0812345678", "address": "9/1 ต.สุเทพ อ.เมือง จ.เชียงใหม่ 50200"}


def shipped(nok: Chat) -> Order:
    """An order of Nok's that is on its way."""
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    with nok.db.transaction() as session:
        now = utc_now()
        order = orders.place(session, nok.customer_id, cause=f"order of {nok.customer_id}", now=now)
        orders.set_delivery(session, order.id, **_DETAILS)
        payments.confirm(session, order.id, **_PLOY, now=now)
        fulfilment.ship(session, order.id, carrier="flash", tracking="TH0123456789A", **_PLOY, now=now)
        return order


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("th", "ออเดอร์ {number} ถึงไหนแล้วคะ"),
        ("th", "พัสดุ {number} ส่งยังคะ"),
        ("th", "ขอเลขพัสดุหน่อยค่ะ"),
        ("en", "where is my parcel {number}"),
        ("en", "tracking number please"),
    ],
)
def test_where_is_my_parcel(meet: Meet, language: str, typed: str) -> None:
    nok = meet(language)
    order = shipped(nok)
    answer = nok.types(typed.format(number=order.number))
    assert "TH0123456789A" in answer.text
    (link,) = [button.url for button in answer.buttons if button.url]
    assert link == "https://www.flashexpress.co.th/fle/tracking?se=TH0123456789A"


@pytest.mark.parametrize(
    ("language", "words", "sorry"),
    [("th", "ออกเดินทางแล้ว", "ยังไม่ได้จัดส่ง"), ("en", "on its way", "not been sent yet")],
)
def test_the_customer_is_told_that_it_was_shipped_and_once_told_that_it_was_not(
    meet: Meet, database: Database, language: str, words: str, sorry: str
) -> None:
    nok = meet(language)
    order = shipped(nok)
    with database.reading() as session:
        notice = session.query(Notice).filter_by(order_id=order.id, kind="shipped").one()
    told = nok.is_told(notice.id)
    assert words in told.text
    assert "TH0123456789A" in told.text
    assert any(button.url for button in told.buttons)
    with database.transaction() as session:
        notices.told(session, notice.id, utc_now())
        fulfilment.unship(session, order.id, by="ploy", now=utc_now())
    with database.reading() as session:
        correction = session.query(Notice).filter_by(order_id=order.id, kind="not_shipped").one()
    assert sorry in nok.is_told(correction.id).text


def test_the_same_again_is_one_tap(meet: Meet) -> None:
    nok = meet("en")
    shipped(nok)
    nok.types("view orders")
    assert "1 × Brown hat" in nok.taps("Order again").text


def test_a_person_is_called_and_the_bot_comes_back_where_it_was(meet: Meet, database: Database) -> None:
    nok = meet("en")
    nok.sends('/buy_now{"product": "1"}')
    assert "keep silent" in nok.types("i want to talk to a person").text
    with database.reading() as session:
        assert handoff.is_with_person(session.get_one(Customer, nok.customer_id), utc_now())
    answer = nok.taps("Back to the bot")
    assert "assistant is back" in answer.text
    assert "how many" in answer.last
    with database.reading() as session:
        assert not handoff.is_with_person(session.get_one(Customer, nok.customer_id), utc_now())


def test_with_a_person_a_tap_is_an_answer_to_the_question_that_was_open(meet: Meet) -> None:
    nok = meet("en")
    nok.sends('/buy_now{"product": "1"}')
    nok.types("i want to talk to a person")
    assert "2 × Brown hat" in nok.sends('/choose_quantity{"variant": "1", "quantity": "2"}').text


def test_with_a_person_a_notice_is_told_and_nothing_asked(meet: Meet, database: Database) -> None:
    nok = meet("en")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.sends("/confirm_order")
    nok.types("i want to talk to a person")
    with database.transaction() as session:
        (order,) = orders.latest(session, nok.customer_id)
        payments.confirm(session, order.id, by="ploy", now=utc_now())
        notice = session.query(Notice).filter_by(order_id=order.id).one()
    told = nok.is_told(notice.id)
    assert "Paid" in told.text
    assert "recipient" not in told.text
    assert "recipient's name" in nok.sends("/back_to_bot").last
    assert "phone number" in nok.types("John Smith").last


def test_without_auto_billing_the_seller_bills(meet: Meet, database: Database) -> None:
    _auto_billing(database, False)
    try:
        nok = meet("th")
        nok.sends('/choose_quantity{"variant": "1", "quantity": "2"}')
        assert "แอดมินสรุปยอด" in nok.taps("ยืนยันคำสั่งซื้อ").text
        with database.reading() as session:
            assert orders.latest(session, nok.customer_id) == []
            assert session.get_one(Customer, nok.customer_id).wants_person_since is not None
    finally:
        _auto_billing(database, True)


@pytest.mark.parametrize(("language", "open_store"), [("th", "เปิดร้านออนไลน์"), ("en", "Open store")])
def test_the_way_into_the_store_is_the_customer_s_own(meet: Meet, language: str, open_store: str) -> None:
    nok = meet(language)
    nok.sends("/get_started")
    (link,) = [button.url for button in nok.taps(open_store).buttons]
    assert link is not None
    assert link.startswith(f"https://shop.example/store/{nok.customer_id}.")


def test_buy_now_opens_the_store_when_the_seller_wants_that(meet: Meet, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Shop, 1).buy_now_opens = "store"
    try:
        nok = meet("en")
        (first, *_) = [button for button in nok.sends("/products").buttons if button.title == "Buy Now"]
        assert first.url is not None
        assert first.url.endswith("/products/1")
    finally:
        with database.transaction() as session:
            session.get_one(Shop, 1).buy_now_opens = "chat"


def test_the_chat_goes_on_from_what_happened_in_the_store(meet: Meet, database: Database) -> None:
    nok = meet("en")
    with database.transaction() as session:
        carts.put(session, nok.customer_id, 1, 2)
    assert "2 × Brown hat" in _news(nok, "cart").text
    with database.transaction() as session:
        order = orders.place(session, nok.customer_id, cause=f"store {nok.customer_id}", now=utc_now())
    assert "recipient's name" in _news(nok, "order", order.number).last
    with database.transaction() as session:
        orders.set_delivery(session, order.id, **_DETAILS)
    assert _news(nok, "bill", order.number).bills[0].order_number == order.number
    assert "recipient" not in nok.types("hello").text  # the question for the address is over
    with database.transaction() as session:
        order = orders.of_customer(session, nok.customer_id, order.number)
        order.payment_state = "pending"
    assert "Payment Confirmation: Pending" in _news(nok, "slip", order.number).text


def _news(nok: Chat, news: str, number: str = "") -> Answer:
    return nok.sends(f'/store_news{{"news": "{news}", "order_number": "{number}"}}')


def _auto_billing(database: Database, on: bool) -> None:
    with database.transaction() as session:
        session.get_one(Shop, 1).auto_billing = on
