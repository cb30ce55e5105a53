"""Questions are answered from the shop's data, two of them in one line, and what is unclear is offered as taps."""

from __future__ import annotations

import pytest

from shop.models import ShippingMethod

TWO_IN_ONE = {
    "th": "เสื้อยืดราคาเท่าไหร่คะ ค่าส่งเท่าไหร่",
    "en": "how much is the t-shirt? and how much is shipping?",
}
PRICES = ("฿250", "฿270")
NONSENSE = {"th": ("กขฃคฅ ฆงจฉช", "ฌญฎฏฐฑ ณดตถท"), "en": ("xqzt vvk plorf", "blarg qwx zzt")}
AGAIN = {"th": "แอดมินของร้าน", "en": "somebody from the shop"}
SHIPPING = {"th": "ค่าส่ง ฿40", "en": "Shipping ฿40"}


@pytest.mark.parametrize("language", ["th", "en"])
def test_price_and_shipping_in_one_line_are_both_answered(meet, language):
    answer = meet(language).types(TWO_IN_ONE[language])
    assert all(price in answer.text for price in PRICES)
    assert SHIPPING[language] in answer.text


@pytest.mark.parametrize(
    ("language", "text"), [("th", "เสื้อยืดไซส์ M ราคาเท่าไหร่คะ"), ("en", "how much is the t-shirt in size M?")]
)
def test_the_price_of_one_choice_is_told(meet, language, text):
    answer = meet(language).types(text)
    assert "M) ฿250" in answer.replies[0].text and "฿270" not in answer.replies[0].text


def test_what_is_left_of_each_choice_of_the_product_shown_last(meet):
    chat = meet("en")
    chat.types("how much is the t-shirt?")
    said = chat.types("is it in stock?").replies[0].text
    assert "(Size M) ฿250" in said and "(Size L) ฿270" in said


def test_a_question_beside_an_order_is_answered_before_the_form_asks(meet):
    answer = meet("en").types("I want 1 t-shirt. how much is shipping?")
    assert SHIPPING["en"] in answer.text
    assert "Size M" in [button.title for button in answer.buttons]


@pytest.mark.parametrize("language", ["th", "en"])
def test_whoever_is_not_understood_twice_is_offered_a_person(meet, language):
    chat = meet(language)
    person = {"th": "คุยกับร้าน", "en": "Talk to seller"}[language]
    first, second = NONSENSE[language]
    assert chat.types(first).buttons
    again = chat.types(second)
    assert again.buttons[0].title == person and AGAIN[language] in again.text
    chat.types({"th": "สวัสดีค่ะ", "en": "hello"}[language])
    assert AGAIN[language] not in chat.types(first).text


@pytest.fixture
def one_to_three_days(database):
    with database.transaction() as session:
        method = session.get_one(ShippingMethod, 1)
        method.days_from, method.days_to = 1, 3
    yield
    with database.transaction() as session:
        method = session.get_one(ShippingMethod, 1)
        method.days_from = method.days_to = None


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("th", "ส่งกี่วันถึงคะ", "ค่าส่ง ฿40 · 1–3 วัน"),
        ("en", "how long does shipping take?", "Shipping ฿40 · 1–3 days"),
    ],
)
def test_how_long_a_parcel_takes_is_told_with_its_price(meet, one_to_three_days, language, text, told):
    assert told in meet(language).types(text).text
