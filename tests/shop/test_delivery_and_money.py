"""What customers type as name, phone and address, and how sums are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import delivery, money
from shop.errors import BadInput


@pytest.mark.parametrize(
    "typed", ["0812345678", "081-234-5678", "+66 81 234 5678", "66812345678", "๐๘๑ ๒๓๔ ๕๖๗๘", "(081) 2345678"]
)
def test_phone_numbers_as_thais_type_them(typed):
    assert delivery.checked_phone(typed) == "+66812345678"


@pytest.mark.parametrize(
    "typed", ["", "12345", "ไม่บอก", "0" * 30, "081234567", "/restart", "999999999999999999999"]
)
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(BadInput) as refused:
        delivery.checked_phone(typed)
    assert refused.value.field == "phone"


def test_phone_numbers_are_written_the_thai_way():
    assert delivery.written_phone("+66812345678") == "081 234 5678"
    assert delivery.written_phone("+442079460958") == "+44 20 7946 0958"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("น", "short"),
        ("x" * 101, "long"),
        ("0812345678", "letters"),
        ("...", "letters"),
        ("/restart", "letters"),
    ],
)
def test_what_is_no_name_is_refused(typed, reason):
    with pytest.raises(BadInput) as refused:
        delivery.checked_recipient(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("typed", "reason"), [("บ้าน", "short"), ("1" * 501, "long"), ("ถนนสุขุมวิท กรุงเทพ", "number")]
)
def test_what_is_no_address_is_refused(typed, reason):
    with pytest.raises(BadInput) as refused:
        delivery.checked_address(typed)
    assert refused.value.reason == reason


@given(st.text())
def test_any_text_is_checked_or_refused_and_never_crashes(typed):
    for check in (delivery.checked_recipient, delivery.checked_phone, delivery.checked_address):
        try:
            tidy = check(typed)
        except BadInput:
            continue
        assert tidy == check(tidy)
        assert "\n" not in tidy


@pytest.mark.parametrize(
    ("typed", "satang"),
    [
        ("1,250.50", 125050), ("฿100", 10000), ("100 ฿", 10000), ("250 บาท", 25000), ("250.-", 25000), ("250,-", 25000),
        ("99.50 บ.", 9950), ("THB 40", 4000), ("๒๕๐", 25000), (".5", 50), ("0", 0),
    ],
)  # fmt: skip
def test_sums_are_read_as_people_write_them(typed, satang):
    assert money.typed(typed, "THB") == satang


@pytest.mark.parametrize(
    "typed", ["", "฿", "บาท", ".", "แพง", "1e3", "NaN", "1.001", "1.2.3", "9" * 99, "5 USD", "-5"]
)
def test_what_is_no_sum_is_refused(typed):
    with pytest.raises(ValueError):
        money.typed(typed, "THB")


def test_sums_are_written_as_people_write_them():
    assert money.written(129000, "THB", "th") == "฿1,290"
    assert money.written(129050, "THB", "en") == "฿1,290.50"
    assert money.written(500, "JPY", "en") == "¥500"
    assert money.as_decimal(129050, "THB") == Decimal("1290.50")
