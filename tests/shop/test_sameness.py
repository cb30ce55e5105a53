"""Texts that differ only in what does not matter are one for a trainer; others are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import sameness


@pytest.mark.parametrize(
    "group",
    [
        ["ส่งกี่วันคะ", "ส่งกี่วัน", "ส่ง กี่วันครับ", "ส่งกี่วันคะะะะ??", "ส่งกี่วันนะคะ 😊", "ส่งกี่วัน\u200bคะ"],
        ["How much is it", "how much is it?", "HOW  MUCH IS IT!!!", "how much is it ka", "how muchhhh is it na ka"],
        ["products", "Products please", "products plz"],
        ["เอา 2 ตัว", "เอา ๒ ตัว", "เอา2ตัวค่ะ", "เอา 9 ตัว"],
        ["cf 1", "CF 3", "cf ๑ 🙏🙏"],
        ["แพงจัง", "เเพงจัง"],
        ["น้ำหอม", "น\u0e49\u0e4d\u0e32หอม"],
        ["ขอบคุณค่ะ 5555", "ขอบคุณค่ะ 555555555"],
        ["TL-000000 ถึงไหนแล้ว", "tl-0000 ถึงไหนแล้วคะ"],
        ["ครับ", "ครับบบบ", "ครับ!"],
        ["👍", "👍 "],
    ],
    ids=lambda group: group[0],
)  # fmt: skip
def test_these_are_the_same(group: list[str]) -> None:
    assert len({sameness.key(text) for text in group}) == 1
    assert sameness.key(group[0])


def test_these_are_not() -> None:
    thai = ["เอา 2 ตัว", "เอา 12 ตัว", "เอาดำ", "เอาขาว", "ไม่เอา", "ครับ", "ค่ะ"]
    texts = [*thai, "ka", "karma", "soda", "so", "👍", "👎", "how much", "how many"]
    assert len({sameness.key(text) for text in texts}) == len(texts)


def test_nothing_is_nothing() -> None:
    assert sameness.key("") == sameness.key(" \n ") == ""


@given(st.text(max_size=300))
def test_keys_are_short_and_stable(text: str) -> None:
    assert len(sameness.key(text)) in (0, 32)
    assert sameness.key(text) == sameness.key(f" {text.upper() if text.isascii() else text} ")
