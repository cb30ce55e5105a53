"""What customers type as name, phone and address is neither lost nor taken for something else, and can be corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.rasa.chat import Chat

Meet = Callable[..., Chat]

NAMES = [
    *("สมชาย ใจดี", "น.ส. กมลวรรณ ศรีสุข", "นายธนากร วงศ์ใหญ่", "ปลา", "แก้ว", "ส้มโอ", "ขวัญใจ มั่นคง", "คุณแม่สมศรี"),
    *("วันดี ดีงาม", "พรทิพย์ ขอบใจ", "ชาติชาย ไทยเจริญ", "น้องเมย์"),
    *("Anna Müller", "Joy", "May", "Somchai Jaidee", "Nguyen Van An", "Mr. White", "Lee"),
]
PHONES = [
    "0812345678",
    "081-234-5678",
    "๐๘๑๒๓๔๕๖๗๘",
    "+66 81 234 5678",
    "เบอร์ 081 234 5678 ค่ะ",
    "02-123-4567",
]
ADDRESSES = [
    "99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด จ.นนทบุรี 11120",
    "ร้านกาแฟลุงหมี ตลาดสดเทศบาล อ.เมือง จ.ขอนแก่น 40000",
    "ส่งที่ 56/2 ซ.อารีย์ พญาไท กทม 10400 ค่ะ",
    "ขอเปลี่ยนที่อยู่เป็น 88/12 ซอยลาดพร้าว 15 กรุงเทพ 10230",
    "บริษัทสินค้าไทย 12 ถ.สีลม บางรัก 10500",
    "Room 1204, The Line Condo, Phahonyothin Rd, Chatuchak 10900",
    "15/3 Patak Rd, Karon, Phuket 83100",
    "88 Cancel Street, Price District, Bangkok 10110",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_as_a_name_at_the_latest_when_typed_again(meet: Meet, name: str) -> None:
    nok = _asked_for_name(meet)
    if "phone number" not in nok.types(name).last:
        assert "phone number" in nok.types(name).last


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_taken_in_every_usual_form(meet: Meet, phone: str) -> None:
    nok = _asked_for_name(meet)
    nok.types("John Smith")
    assert "delivery address" in nok.types(phone).last


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_question_and_no_command(meet: Meet, address: str) -> None:
    nok = _asked_for_name(meet)
    nok.types("John Smith")
    nok.types("0812345678")
    assert "Is that correct?" in nok.types(address).last


@pytest.mark.parametrize(
    ("tap", "question", "value"),
    [
        ("Change name", "recipient's name", "Jane Doe"),
        ("Change phone", "phone number", "089 765 4321"),
        ("Change address", "delivery address", "8 Soi Ari, Bangkok 10400"),
    ],
)
def test_each_detail_can_be_changed_before_the_end(meet: Meet, tap: str, question: str, value: str) -> None:
    nok = _at_summary(meet)
    assert question in nok.taps(tap).last
    summary = nok.types(value).last
    assert value in summary
    assert "Is that correct?" in summary


@pytest.mark.parametrize(
    ("typed", "question"),
    [("change address", "delivery address"), ("please change the phone number on my order", "phone number")],
)
def test_changing_can_be_typed_at_any_step(meet: Meet, typed: str, question: str) -> None:
    assert question in _at_summary(meet).types(typed).last


def test_a_new_phone_or_address_typed_at_the_summary_replaces_the_old(meet: Meet) -> None:
    nok = _at_summary(meet)
    assert "089 765 4321" in nok.types("0897654321").last
    assert "8/1 Soi Ari, Bangkok 10400" in nok.types("8/1 Soi Ari, Bangkok 10400").last


def test_no_at_the_summary_offers_what_can_be_changed(meet: Meet) -> None:
    answer = _at_summary(meet).types("no")
    assert [button.title for button in answer.buttons] == [
        *("Correct", "Change name", "Change phone", "Change address", "Choose sub-district")
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["J"], "too short"),
        (["John 5"], "without numbers"),
        (["John Smith", "12345"], "complete phone number"),
        (["John Smith", "0812345678", "at home"], "too short"),
        (["John Smith", "0812345678", "the big blue house by the river"], "house number or postal code"),
        (["John Smith", "0812345678", "1" * 600], "too long"),
    ],
)
def test_what_cannot_be_used_is_said_kindly_and_asked_again(meet: Meet, lines: list[str], words: str) -> None:
    nok = _asked_for_name(meet)
    for line in lines:
        question = nok.seen.last
        nok.types(line)
    assert words in nok.seen.text
    assert nok.seen.last == question


def test_braces_and_brackets_in_an_address_are_only_text(meet: Meet) -> None:
    nok = _asked_for_name(meet)
    for line in ("John {phone} Smith", "0812345678", "10[B] {recipient} Sukhumvit Road, Bangkok 10110"):
        nok.types(line)
    assert "{recipient} Sukhumvit Road" in nok.seen.last
    assert "John {phone} Smith" in nok.seen.last


def _asked_for_name(meet: Meet) -> Chat:
    nok = meet("en")
    nok.sends('/choose_quantity{"variant": "1", "quantity": "1"}')
    nok.sends("/confirm_order")
    return nok


def _at_summary(meet: Meet) -> Chat:
    nok = _asked_for_name(meet)
    for line in ("John Smith", "0812345678", "123 Sukhumvit Road, Bangkok 10110"):
        nok.types(line)
    return nok
