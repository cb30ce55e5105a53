"""Nobody is trapped: in every question of every form, every way out and every question in between.

The table is complete: each step of each form × each interruption, in Thai and in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shop import shipping
from shop.db import Database
from shop.models import ShippingMethod, ShippingRate, Shop
from tests.rasa.chat import Chat

Meet = Callable[..., Chat]

_HAT = '/buy_now{"product": "1"}'
_ONE_HAT = '/choose_quantity{"variant": "1", "quantity": "1"}'
_ADDRESS = {"en": "123 Sukhumvit Road, Bangkok 10110", "th": "123 ถนนสุขุมวิท กรุงเทพ 10110"}
_WITHOUT_CODE = {"en": "123 Sunflower Road", "th": "123 หมู่บ้านทานตะวัน"}
_NAME = {"en": "John Smith", "th": "สมชาย ใจดี"}
_CANCEL = {"en": "cancel my order", "th": "ขอยกเลิกออเดอร์ค่ะ"}
_ORDERED = [_ONE_HAT, "/confirm_order"]


@dataclass(frozen=True)
class Step:
    """One question: what leads to it (taps begin with a slash), and words of it, by language."""

    question: dict[str, str]
    lines: Callable[[str], list[str]]


def _details(*more: str) -> Callable[[str], list[str]]:
    return lambda language: [*_ORDERED, _NAME[language], "0812345678", _ADDRESS[language], *more]


STEPS = {
    "which option": Step(
        {"en": "which one would you like", "th": "รับแบบไหน"}, lambda _: ['/buy_now{"product": "2"}']
    ),
    "how many": Step({"en": "how many", "th": "รับกี่ชิ้น"}, lambda _: [_HAT]),
    "recipient": Step({"en": "recipient's name", "th": "ชื่อผู้รับ"}, lambda _: _ORDERED),
    "phone": Step({"en": "phone number", "th": "เบอร์โทรผู้รับ"}, lambda language: [*_ORDERED, _NAME[language]]),
    "address": Step(
        {"en": "delivery address", "th": "ที่อยู่จัดส่ง"},
        lambda language: [*_ORDERED, _NAME[language], "0812345678"],
    ),
    "postal code": Step(
        {"en": "postal code of this", "th": "รหัสไปรษณีย์ของที่อยู่นี้"},
        lambda language: [*_ORDERED, _NAME[language], "0812345678", _WITHOUT_CODE[language]],
    ),
    "how to send": Step({"en": "How shall we send it", "th": "จัดส่งแบบไหน"}, _details()),
    "how to pay": Step({"en": "How would you like to pay", "th": "ชำระเงินแบบไหน"}, _details("EMS")),
    "all correct": Step({"en": "Is that correct?", "th": "ถูกต้องไหมคะ"}, _details("EMS", "COD")),
    "sub-district": Step(
        {"en": "Which sub-district", "th": "ตำบลหรือแขวงไหน"}, _details("EMS", "COD", "/choose_place")
    ),
    "which order": Step(
        {"en": "Which order would you like to cancel", "th": "ต้องการยกเลิกออเดอร์ไหน"},
        lambda language: [*2 * _details("EMS", "transfer", "/affirm")(language), "/cancel_order"],
    ),
    "really cancel": Step(
        {"en": "Shall I cancel", "th": "ยืนยันยกเลิก"}, lambda language: [*_ORDERED, _CANCEL[language]]
    ),
}

#: What is typed in between, and words of the answer; after each the same question comes again.
INTERRUPTIONS = {
    "en": [
        ("help", "Ordering is easy"),
        ("my cart", "cart is empty"),
        ("how much is the brown hat?", "฿320"),
        ("is the brown hat in stock?", "Left:"),
        ("how much is shipping?", "฿40"),
        ("how do i pay", "PromptPay"),
    ],
    "th": [
        ("ช่วยหน่อยค่ะ", "สั่งซื้อง่ายๆ"),
        ("ขอดูตะกร้าหน่อยค่ะ", "ตะกร้ายังว่าง"),
        ("หมวกสีน้ำตาลราคาเท่าไหร่คะ", "฿320"),
        ("หมวกสีน้ำตาลมีของไหมคะ", "เหลือ"),
        ("ค่าส่งเท่าไหร่คะ", "฿40"),
        ("จ่ายเงินยังไงคะ", "PromptPay"),
    ],
}
_PERSON = {
    "en": ("i want to talk to a person", "told the seller", "Back to the bot"),
    "th": ("ขอคุยกับแอดมินค่ะ", "แจ้งร้าน", "กลับไปคุยกับบอท"),
}
_BACK = {"en": "back", "th": "ย้อนกลับค่ะ"}
#: Where "back" leads; the question before, or the way out of the form.
BEFORE = {
    "which option": {"en": "Which one would you like? Tap", "th": "สนใจชิ้นไหน"},
    "how many": {"en": "Which one would you like? Tap", "th": "สนใจชิ้นไหน"},
    "recipient": {"en": "is kept for you", "th": "เก็บไว้ให้แล้ว"},
    "phone": STEPS["recipient"].question,
    "address": STEPS["phone"].question,
    "postal code": STEPS["phone"].question,
    "how to send": STEPS["address"].question,
    "how to pay": STEPS["address"].question,
    "all correct": STEPS["address"].question,
    "sub-district": STEPS["address"].question,
    "which order": {"en": "nothing is cancelled", "th": "ไม่ยกเลิกนะคะ"},
    "really cancel": {"en": "nothing is cancelled", "th": "ไม่ยกเลิกนะคะ"},
}


@pytest.fixture(scope="module", autouse=True)
def choices(database: Database) -> Iterator[None]:
    """In these tests the shop sends in two ways and takes cash on delivery, so that every question is asked."""
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        session.add(
            ShippingMethod(name_th="EMS ด่วน", name_en="EMS", position=1, rates=[ShippingRate(fee=8000)])
        )
    yield
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = False
        shipping.methods(session)[1].active = False


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_what_is_asked_in_between_is_answered_and_the_question_comes_again(
    meet: Meet, step: str, language: str
) -> None:
    nok = _at(meet, step, language)
    for typed, words in INTERRUPTIONS[language]:
        answer = nok.types(typed)
        assert words in answer.text, typed
        assert STEPS[step].question[language] in answer.last, typed


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_with_a_person_nothing_is_asked_and_the_bot_comes_back_to_its_question(
    meet: Meet, step: str, language: str
) -> None:
    nok = _at(meet, step, language)
    typed, words, back = _PERSON[language]
    answer = nok.types(typed)
    assert words in answer.last
    assert STEPS[step].question[language] not in answer.text
    assert STEPS[step].question[language] in nok.taps(back).last


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_back_leads_to_the_question_before(meet: Meet, step: str, language: str) -> None:
    assert BEFORE[step][language] in _at(meet, step, language).types(_BACK[language]).text


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_cancel_is_a_way_out(meet: Meet, step: str, language: str) -> None:
    nok = _at(meet, step, language)
    answer = nok.types(_CANCEL[language])
    if step in ("which option", "how many"):
        assert {"en": "No problem", "th": "ไม่เป็นไร"}[language] in answer.text
    elif step == "which order":
        assert STEPS[step].question[language] in answer.last
    else:
        assert STEPS["really cancel"].question[language] in answer.last
        assert {"en": "is cancelled", "th": "ให้แล้วค่ะ"}[language] in nok.taps(
            {"en": "Yes, cancel", "th": "ยืนยันยกเลิก"}[language]
        ).text
    greeted = nok.types({"en": "hello", "th": "สวัสดีค่ะ"}[language])
    if step != "which order":
        assert all(known.question[language] not in greeted.text for known in STEPS.values())


def _at(meet: Meet, step: str, language: str) -> Chat:
    nok = meet(language)
    for line in STEPS[step].lines(language):
        nok.sends(line) if line.startswith("/") else nok.types(line)
    assert STEPS[step].question[language] in nok.seen.last
    return nok
