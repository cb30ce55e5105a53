"""What the door tells of typed words on the real model: examples for trainers, and none of the checkout's answers."""

from __future__ import annotations

from collections.abc import Callable

from tests.rasa.chat import Chat

Meet = Callable[..., Chat]
DETAILS = ("ศรีสุดา วงศ์สกุลทอง", "0898765432", "417/3 ซอยลาดพร้าว 87 แขวงวังทองหลาง กทม. 10310")


def intent(chat: Chat, text: str) -> str | None:
    chat.types(text)
    return chat.told["intent"] if chat.told else None


def test_wishes_are_told_with_their_marks_and_what_else_they_might_mean(meet: Meet) -> None:
    nok = meet("th")
    assert intent(nok, "เอาเสื้อยืดสีดำ 2 ตัวค่ะ") == "buy_now"
    assert nok.told is not None and len(nok.told["guesses"]) == 3
    marked = {
        mark["entity"]: "เอาเสื้อยืดสีดำ 2 ตัวค่ะ"[mark["start"] : mark["end"]] for mark in nok.told["entities"]
    }
    assert marked["quantity"] == "2" and marked["colour"] == "ดำ"
    assert intent(nok, "ฟหกด าสว ปแอ") in ("nlu_fallback", "out_of_scope")


def test_of_the_checkout_only_other_questions_are_told(meet: Meet) -> None:
    nok = meet("th")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    assert nok.told is None
    nok.taps("ยืนยันคำสั่งซื้อ")
    assert intent(nok, DETAILS[0]) is None
    assert intent(nok, "โอนบัญชีไหนคะ") == "ask_payment"
    assert intent(nok, DETAILS[1]) is None
    assert intent(nok, DETAILS[2]) is None
    assert intent(nok, "ถูกต้องค่ะ") is None  # the answer to its last question
    assert intent(nok, "ขอบคุณค่ะ") == "thank"
