"""Reading names, phones and addresses, and numbers, out of what people type."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions import details
from actions.numbers import number_in
from actions.turn import Turn


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("recipient", "ชื่อผู้รับ อรทัย บุญมา ค่ะ", "อรทัย บุญมา"),
        ("recipient", "my name is Lisa Chen", "Lisa Chen"),
        ("recipient", "เมย์ค่ะ", "เมย์"),
        ("recipient", "ชื่นใจ", "ชื่นใจ"),
        ("phone", "เบอร์ ๐๘๑ ๒๓๔ ๕๖๗๘ ค่ะ", "081 234 5678"),
        ("phone", "+66899990000", "089 999 0000"),
        ("address", "ส่งที่ 56/2 ซ.อารีย์ พญาไท กทม 10400 ค่ะ", "56/2 ซ.อารีย์ พญาไท กทม 10400"),
        ("address", "ขอเปลี่ยนที่อยู่เป็น 88/12 ซอยลาดพร้าว 15", "88/12 ซอยลาดพร้าว 15"),
    ],
)
def test_what_stands_around_a_detail_is_left_out(field: str, typed: str, kept: str) -> None:
    assert details.checked(field, typed) == kept


@pytest.mark.parametrize(
    ("typed", "intent", "confidence", "is_name"),
    [
        ("นก ใจดี", "thank", 0.9, True),
        ("ประเสริฐ ดีมาก", "thank", 0.9, True),
        ("แดง", "buy_now", 0.7, True),
        ("ค่าส่งเท่าไหร่คะ", "ask_shipping", 0.7, False),
        ("ขอบคุณ มากมาย", "thank", 0.9, False),
        ("ใจดี จังเลย", "thank", 0.9, False),
        ("ยกเลิก ออเดอร์", "cancel_order", 0.9, False),
    ],
)
def test_a_name_that_sounds_like_something_else_is_a_name(
    typed: str, intent: str, confidence: float, is_name: bool
) -> None:
    parse = {"text": typed, "intent": {"name": intent, "confidence": confidence}}
    turn = Turn.of(Tracker("nok", {}, parse, [], False, None, {}, "action_listen"))
    assert details.answers("recipient", turn) == is_name


@pytest.mark.parametrize(
    "typed",
    [
        "นางสาวมะลิ หอมดี 0834445555 22/9 ถ.มิตรภาพ อ.เมือง นครราชสีมา 30000",
        "มะลิ หอมดี\n22/9 ถ.มิตรภาพ อ.เมือง นครราชสีมา 30000\nโทร 083-444-5555",
        "Mali Homdee 22/9 Mittraphap Road, Nakhon Ratchasima 30000 tel. 083 444 5555",
    ],
)
def test_one_message_with_everything_is_taken_apart(typed: str) -> None:
    found = details.all_at_once(typed)
    assert found is not None
    assert found["phone"] == "083 444 5555"
    assert found["address"].startswith("22/9")
    assert "30000" in found["address"]
    assert not any(character.isdigit() for character in found["recipient"])


@pytest.mark.parametrize(
    "typed", ["สมชาย ใจดี", "0812345678", "99/1 หมู่ 5 ต.บางพูด 11120", "สมชาย 0812345678", ""]
)
def test_less_than_everything_is_not_taken_apart(typed: str) -> None:
    assert details.all_at_once(typed) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("ขอเปลี่ยนเบอร์โทรด้วยค่ะ", "phone"),
        ("แก้ชื่อคนรับ", "recipient"),
        ("wrong address", "address"),
        ("แก้ไข", "address"),
    ],
)
def test_a_wish_to_change_names_its_field(text: str, field: str) -> None:
    assert details.field_named(text) == field


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("2", 2), ("เอา ๑๒ ชิ้น", 12), ("สิบ", 10), ("two", 2), ("3 3", 3)),
        *(
            ("1 or 2", None),
            ("0812345678", None),
            ("no", None),
            ("1.5", None),
            ("someone", None),
            ("24/11", None),
        ),
    ],
)
def test_a_number_is_read_when_there_is_exactly_one(text: str, number: int | None) -> None:
    assert number_in(text) == number
