"""Different ways to type one thing become one; what carries meaning stays."""

from __future__ import annotations

import random

import pytest

from bot import spelling


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("มากกกกก", "มาก"),
        ("ค่ะะะะ", "ค่ะ"),
        ("hiiiii", "hi"),
        ("เเพงจัง", "แพงจัง"),
        ("ทํา", "ทำ"),
        ("นำ้", "นำ้"),
        ("ไม่่ใช่", "ไม่ใช่"),
        ("สลิป\u200b", "สลิป"),
        ("เอา ๒ ตัว", "เอา 2 ตัว"),
        ("ＣＦ", "cf"),
        ("OK", "ok"),
        ("เช็ค TL-10452", "เช็ค #99999"),
        ("555", "5555555+"),
    ],
)
def test_ways_to_type_one_thing_become_one(typed: str, same: str) -> None:
    assert spelling.plain(typed) == spelling.plain(same)


@pytest.mark.parametrize(
    ("one", "other"), [("เอา 2", "เอา 250"), ("มา", "มาก"), ("good", "god"), ("ใช่", "ไม่ใช่"), ("55", "555")]
)
def test_what_differs_in_meaning_stays_different(one: str, other: str) -> None:
    assert spelling.plain(one) != spelling.plain(other)


@pytest.mark.parametrize(
    ("typed", "bare"),
    [("โอนแล้วนะคะ", "โอนแล้ว"), ("tao rai ka", "tao rai"), ("ครับ", "ครับ"), ("hello please", "hello")],
)
def test_polite_endings_are_taken_off_unless_they_are_all_there_is(typed: str, bare: str) -> None:
    assert spelling.bare(spelling.plain(typed)) == bare


@pytest.mark.parametrize("seed", range(10))
def test_a_plain_text_is_plain_already(seed: int) -> None:
    made = random.Random(seed)
    signs = [*map(chr, range(0x0E01, 0x0E5C)), *"abAB 019#-.!~", "\u200b", "😀", "ﬁ", "\u0e4d"]
    for _ in range(200):
        text = spelling.plain("".join(made.choices(signs, k=made.randrange(30))))
        again = spelling.plain(text)
        assert len(again) <= len(text)
