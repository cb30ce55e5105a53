"""Options, the cart, ways to send and to pay: chosen by taps, or typed in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shop import carts, orders, shipping
from shop.db import Database
from shop.models import Product, ShippingMethod, ShippingRate, Shop, Variant
from tests.rasa.chat import Chat

Meet = Callable[..., Chat]

_ONE_HAT = '/choose_quantity{"variant": "1", "quantity": "1"}'
_ADDRESS = "99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด จ.นนทบุรี 11120"


@pytest.fixture(scope="module", autouse=True)
def linen(database: Database) -> Iterator[Product]:
    """A product with two options, of which one pair is sold out."""
    with database.transaction() as session:
        shirt = Product(
            name_th="เสื้อเชิ้ตลินิน",
            name_en="Linen shirt",
            options=[{"th": "สี", "en": "colour"}, {"th": "ไซส์", "en": "size"}],
            variants=[
                Variant(
                    sku=f"LINEN-{english}-{size}",
                    values=[{"th": thai, "en": english}, {"th": size, "en": size}],
                    price=49000,
                    stock=0 if (english, size) == ("White", "S") else 100,
                )
                for thai, english in (("ดำ", "Black"), ("ขาว", "White"))
                for size in ("S", "M")
            ],
        )
        session.add(shirt)
    yield shirt
    with database.transaction() as session:
        session.get_one(Product, shirt.id).active = False


def in_cart(nok: Chat) -> list[tuple[str, int]]:
    with nok.db.reading() as session:
        return [(line.variant.sku, line.quantity) for line in carts.lines(session, nok.customer_id)]


def test_options_are_asked_one_after_the_other_and_what_is_sold_out_is_not_offered(
    meet: Meet, linen: Product
) -> None:
    nok = meet("en")
    colours = nok.sends(f'/buy_now{{"product": "{linen.id}"}}')
    assert "which colour" in colours.last
    assert [button.title for button in colours.buttons] == ["Black", "White"]
    nok.taps("White")
    assert "how many" in nok.seen.last  # of the white ones only M is left
    nok.types("2")
    assert in_cart(nok) == [("LINEN-White-M", 2)]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("th", "เอาเสื้อเชิ้ตลินินสีดำไซส์ M 2 ตัวค่ะ"),
        ("en", "i want 2 black linen shirts size M please"),
    ],
)
def test_one_sentence_that_says_all_is_asked_nothing(meet: Meet, language: str, typed: str) -> None:
    nok = meet(language)
    nok.types(typed)
    assert in_cart(nok) == [("LINEN-Black-M", 2)]


def test_only_what_the_sentence_left_open_is_asked(meet: Meet) -> None:
    nok = meet("th")
    asked = nok.types("เอาเสื้อเชิ้ตลินินสีดำ 2 ตัวค่ะ")
    assert [button.title for button in asked.buttons] == ["S", "M"]
    nok.types("เอ็มค่ะ") if "M" not in {b.title for b in asked.buttons} else nok.taps("M")
    assert in_cart(nok) == [("LINEN-Black-M", 2)]


def test_an_option_can_be_typed(meet: Meet, linen: Product) -> None:
    nok = meet("en")
    nok.sends(f'/buy_now{{"product": "{linen.id}"}}')
    assert "which size" in nok.types("black").last
    assert "how many" in nok.types("M").last


def test_the_cart_is_changed_by_taps(meet: Meet) -> None:
    nok = meet("en")
    nok.sends(_ONE_HAT)
    assert "2 × Brown hat" in nok.sends('/choose_quantity{"variant": "1", "quantity": "2"}').text
    nok.taps("Change cart")
    nok.taps("Change quantity")
    assert "3 × Brown hat" in nok.types("3").text
    nok.taps("Change cart")
    assert "cart is empty" in nok.taps("Remove").text


@pytest.mark.parametrize(
    ("language", "typed", "left"),
    [
        ("th", "เอาหมวกออกจากตะกร้าค่ะ", ["SHIRT-M"]),
        ("en", "remove the hat from my cart", ["SHIRT-M"]),
        ("th", "ล้างตะกร้าให้หน่อยค่ะ", []),
        ("en", "empty my cart please", []),
    ],
)
def test_the_cart_is_changed_by_words(meet: Meet, language: str, typed: str, left: list[str]) -> None:
    nok = meet(language)
    nok.sends(_ONE_HAT)
    nok.sends('/choose_quantity{"variant": "2", "quantity": "1"}')
    nok.types(typed)
    assert [sku for sku, _ in in_cart(nok)] == left


def test_a_price_that_changed_is_told_before_anything_is_ordered(meet: Meet, database: Database) -> None:
    nok = meet("en")
    nok.sends(_ONE_HAT)
    _price(database, 35000)
    answer = nok.taps("Confirm order")
    _price(database, 32000)
    assert "The price of Brown hat is now ฿350" in answer.text
    with database.reading() as session:
        assert not orders.latest(session, nok.customer_id)


def test_the_address_of_an_earlier_order_is_one_tap(meet: Meet, database: Database) -> None:
    nok = meet("th")
    for line in (_ONE_HAT, "/confirm_order", "สมชาย ใจดี", "0812345678", _ADDRESS, "/affirm", _ONE_HAT):
        nok.sends(line) if line.startswith("/") else nok.types(line)
    asked = nok.sends("/confirm_order")
    assert _ADDRESS in asked.last
    assert _ADDRESS in nok.taps("ส่งที่เดิม").last
    assert nok.taps("ถูกต้อง").bills[0].address == _ADDRESS


def test_a_missing_postal_code_is_asked_for_alone(meet: Meet) -> None:
    nok = meet("en")
    for line in (_ONE_HAT, "/confirm_order", "John Smith", "0812345678", "9 Sunflower Road"):
        nok.sends(line) if line.startswith("/") else nok.types(line)
    assert "postal code of this" in nok.seen.last
    assert "9 Sunflower Road 10110" in nok.types("10110").last


def test_the_sub_district_is_chosen_by_tap(meet: Meet) -> None:
    nok = meet("th")
    for line in (_ONE_HAT, "/confirm_order", "สมชาย ใจดี", "0812345678", "56/2 ซ.อารีย์ กทม 10400"):
        nok.sends(line) if line.startswith("/") else nok.types(line)
    nok.taps("เลือกตำบล/แขวง")
    nok.taps("สามเสนใน")
    assert "แขวงสามเสนใน เขตพญาไท กรุงเทพมหานคร 10400" in nok.seen.last
    assert nok.taps("ถูกต้อง").bills


def test_sending_and_paying_are_chosen_and_the_total_follows(meet: Meet, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        ems = ShippingMethod(name_th="EMS", name_en="EMS", position=1, rates=[ShippingRate(fee=9000)])
        session.add(ems)
    try:
        nok = meet("en")
        for line in (_ONE_HAT, "/confirm_order", "John Smith", "0812345678", _ADDRESS):
            nok.sends(line) if line.startswith("/") else nok.types(line)
        assert "EMS: Shipping ฿90" in nok.seen.last
        nok.taps("EMS")
        nok.taps("Cash on delivery")
        assert "Total ฿410 (Cash on delivery)" in nok.seen.last
        nok.taps("Change payment")
        nok.types("transfer")
        nok.taps("Change payment")
        nok.types("cash on delivery please")
        done = nok.taps("Correct")
        assert (done.bills[0].total, done.bills[0].payment_method) == (41000, "Cash on delivery")
        assert "pay the courier" in done.text
        assert "PromptPay" not in done.text
        with database.reading() as session:
            (order,) = orders.latest(session, nok.customer_id)
            assert (order.payment_state, order.shipping_en) == ("on_delivery", "EMS")
    finally:
        with database.transaction() as session:
            session.get_one(Shop, 1).cash_on_delivery = False
            shipping.methods(session)[1].active = False


def _price(database: Database, price: int) -> None:
    with database.transaction() as session:
        session.get_one(Variant, 1).price = price
