"""Nothing that says who or where a customer is stays readable in a masked text, and places in it stay right."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import masking


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("โทร 081-234 5678 นะคะ", "โทร 000-000 0000 นะคะ"),
        ("โทร ๐๘๑๒๓๔๕๖๗๘", "โทร 0000000000"),
        ("+66 81 234 5678", "+00 00 000 0000"),
        ("08\u200b1234\u200b5678", "00\u200b0000\u200b0000"),
        ("0.8.1.2.3.4.5.6.7.8", "0.0.0.0.0.0.0.0.0.0"),
        ("ออเดอร์ TL-483920 ถึงไหนแล้ว", "ออเดอร์ TL-000000 ถึงไหนแล้ว"),
        ("tl 4839 กับ #482", "tl 0000 กับ #000"),
        ("โอน 25000 แล้ว", "โอน 00000 แล้ว"),
        ("ศูนย์แปดหนึ่งสองสามสี่", "xxxxxxxxxxxxxxxxxxxxxx"),
        ("zero eight one two three four", "xxxx xxxxx xxx xxx xxxxx xxxx"),
        ("nok.d@example.co.th ค่ะ", "xxx.x@xxxxxxx.xx.xx ค่ะ"),
        ("ดูที่ https://shop.example/nok?id=7 นะ", "ดูที่ xxxxx://xxxx.xxxxxxx/xxx?xxx0 นะ"),
        ("facebook.com/nok.dee", "xxxxxxxx.xxx/xxx.xxx"),
        ("แอด @nok_dee มา", "แอด @xxx_xxx มา"),
        ("ไลน์ nok_99 ค่ะ", "ไลน์ xxx_00 ค่ะ"),
        ("line id: nokdee", "line id: xxxxxx"),
        ("line id nokdee ka", "line id xxxxxx ka"),
        ("ไลน์ไอดี nokdee ค่ะ", "ไลน์ไอดี xxxxxx ค่ะ"),
    ],
)
def test_numbers_and_addresses_of_mail_and_pages_are_gone(typed: str, kept: str) -> None:
    assert masking.masked(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("นกสั่งไว้ค่ะ", "นกสั่งไว้ค่ะ"),  # a short Thai name inside other letters may be any word
        ("ชื่อนกค่ะ", "ชื่อxxค่ะ"),
        ("คุณมะลิสั่งไว้", "คุณxxxxสั่งไว้"),
        ("มะลิ หอมดี", "xxxx xxxxx"),
        ("this is Somying", "this is xxxxxxx"),
        ("SOMYING here", "xxxxxxx here"),
        ("somyingly", "somyingly"),
    ],
)
def test_the_customers_own_names_are_gone(typed: str, kept: str) -> None:
    assert masking.masked(typed, ["นก", "คุณมะลิ หอมดี", "Somying Dee"]) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ของนายสมชาย ใจดี ส่งยัง", "ของนายสมชาย ใจดี ส่งยัง"),  # "นาย" inside a word
        ("นายสมชาย ใจดีค่ะ", "นายxxxxx xxxxค่ะ"),
        ("สั่งให้ คุณสมหญิง ค่ะ", "สั่งให้ คุณxxxxxx ค่ะ"),
        ("น.ส. กมลวรรณ", "น.ส. xxxxxxx"),
        ("Mrs. Anna Meyer ordered", "Mrs. xxxx xxxxx ordered"),
        ("my name is lisa", "my name is xxxx"),
        ("ชื่อผู้รับ อรทัย", "ชื่อผู้รับ xxxxx"),
        ("ผมชื่อบอยครับ", "ผมชื่อxxxครับ"),
        ("หนูชื่อ แพรวา ใจดี", "หนูชื่อ xxxxx xxxx"),
        ("ส่งให้คุณมาลีค่ะ", "ส่งให้คุณxxxxค่ะ"),
    ],
)
def test_names_after_titles_are_gone_though_nobody_knows_them(typed: str, kept: str) -> None:
    assert masking.masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "เอาดำ M 1",
        "cf 2 ค่ะ",
        "คุณภาพดีไหมคะ",
        "คุณมีสีดำไหม",
        "คุณลูกค้า",
        "สินค้าชื่ออะไรคะ",
        "my name is wrong",
        "5555555",
        "๕๕๕๕๕",
        "ราคา 250 บาท",
        "2 ตัว @250",
        "size 40 2 คู่ 990 บาท",
        "ไลน์ อะไรคะ",
        "your line id please",
        "line id krub",
        "ขอไลน์ไอดี ร้านค่ะ",
        "ขอบคุณมากค่ะ",
        "ให้คุณแม่ค่ะ",
        "นางแบบใส่ไซส์อะไร",
        "line up",
        "i miss you",
    ],
)
def test_what_says_nothing_of_anybody_stays(typed: str) -> None:
    assert masking.masked(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "99/1 หมู่ 5 ต.บางพูด อ.ปากเกร็ด จ.นนทบุรี 11120",
        "ส่งที่ 56/2 ซ.อารีย์ พญาไท กทม 10400 ค่ะ",
        "99 ลาดพร้าว วังทองหลาง กทม ๑๐๓๑๐",
        "99/1 สุเทพ เมืองเชียงใหม่",
        "88 Nimman Soi 9, Suthep, Muang, Chiang Mai 50200",
        "แขวงบางซื่อ เขตบางซื่อ",
        "45 Lat Phrao, Wang Thonglang",
        "คอนโดเดอะไลน์ ห้อง 1204",
        "สมชาย ใจดี 0812345678",
        "Somchai Jaidee 081-234-5678 ค่ะ",
    ],
)
def test_addresses_are_known(typed: str) -> None:
    assert masking.says_who_or_where(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "ค่าส่งต่างจังหวัด 2 ตัวเท่าไหร่",
        "ส่งเชียงใหม่ 2 ตัวกี่บาท",
        "ส่งกทม กี่วันคะ 1 ตัว",
        "ส่งเขตไหนบ้างคะ",
        "โอนแล้ว 12/11/69 เวลา 14.30",
        "เอาเสื้อยืดดำ 2 แดง 1 ไซส์ M",
        "ราคา 12000 บาท",
        "โทรกลับด้วยนะคะ 0812345678",
        "is shipping to Bangkok free for 2 shirts",
        "#52230 please change the address",
    ],
)
def test_talk_about_places_is_no_address(typed: str) -> None:
    assert not masking.says_who_or_where(typed)


def examples() -> Iterator[tuple[str, str]]:
    """Intent and text of each example that the bot is taught or examined with, without marks."""
    root = Path(__file__).parents[2]
    for file in (*root.glob("data/nlu/*.yml"), *root.glob("tests/nlu/*.yml")):
        intent = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if head := re.match(r"- (\w+): (\S+)", line):
                intent = head[2] if head[1] == "intent" else ""
            elif intent and (example := re.match(r"    - (.*)", line)):
                yield intent, re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", example[1])


def test_of_what_people_type_hardly_anything_is_lost_and_every_address_is_known() -> None:
    details = [text for intent, text in examples() if intent == "give_details"]
    wishes = [text for intent, text in examples() if intent != "give_details"]
    assert len(wishes) > 6000
    lost = [text for text in wishes if masking.says_who_or_where(text)]
    assert len(lost) <= len(wishes) / 1000, lost
    changed = [text for text in wishes if masking.masked(text) != text and not re.search(r"\d{4}", text)]
    assert len(changed) <= len(wishes) / 1000, changed
    addresses = [text for text in details if len(text) > 30 and re.search(r"\d", text)]
    assert len(addresses) > 50
    assert [text for text in addresses if not masking.says_who_or_where(text)] == []


texts = st.text(st.characters(), max_size=300) | st.text(
    "เอ0๙x-@./นายคุณ \n\x00\ud83d\u202e\u200d5", max_size=300
)


@given(texts, st.lists(st.text(max_size=30), max_size=3))
def test_no_text_is_too_strange_and_none_changes_its_length(text: str, names: list[str]) -> None:
    masking.says_who_or_where(text)
    masked = masking.masked(text, names)
    assert len(masked) == len(text) == len(masking.hidden(text))


@pytest.mark.parametrize(
    "text",
    [
        "1 ",
        "1----",
        "นาย ",
        "@",
        "a.",
        "a@",
        "ก",
        "ก ",
        "line ",
        "ไลน์",
        "ชื่อ",
        "หนึ่ง",
        "หนึ่ง ! ",
        "www.",
        "ห้อง 1 ก ",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    text *= 2000 // len(text)
    began = time.process_time()
    masking.says_who_or_where(text)
    masking.masked(text, ["กก", "aa"])
    assert time.process_time() - began < 0.5
