"""Finding the product that a customer's words mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from shop import search
from shop.db import Database
from shop.models import Product, Variant
from tests.factories import make_variant

GOODS = [
    ("เสื้อยืดสีขาว", "White T-shirt"),
    ("เสื้อยืดสีดำ", "Black T-shirt"),
    ("หมวกสีน้ำตาล", "Brown hat"),
    ("แก้วเซรามิกสีขาว", "White mug"),
]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        for number, (thai, english) in enumerate(GOODS):
            make_variant(session, sku=str(number), name_th=thai, name_en=english)
        yield session


@pytest.mark.parametrize(
    ("name", "traits", "found"),
    [
        ("เสื้อยืด", [], ["White T-shirt", "Black T-shirt"]),
        ("เสื้อยืด", ["ดำ"], ["Black T-shirt"]),
        ("t shirts", ["white"], ["White T-shirt"]),
        ("mugs", [], ["White mug"]),
        ("ขอหมวกสีน้ำตาลใบนึงค่ะ", [], ["Brown hat"]),
        ("I'll take two hats please", [], ["Brown hat"]),
        ("เสื้อยืด", ["ม่วง"], ["White T-shirt", "Black T-shirt"]),
        ("รถยนต์", [], []),
        ("s", [], []),
        ("", [], []),
        ("%_'; --", [], []),
    ],
)
def test_names_parts_and_sentences_find_what_they_mean(
    session: Session, name: str, traits: list[str], found: list[str]
) -> None:
    assert [product.name_en for product in search.find(session, name, traits)] == found


def test_a_size_is_a_word_of_its_own() -> None:
    shirt = Product(name_th="เสื้อ", name_en="Mild shirt")
    shirt.variants = [
        Variant(sku=size, values=[{"th": size, "en": f"Size {size}"}]) for size in ("M", "XL", "L")
    ]
    assert [variant.sku for variant in search.fitting(shirt.variants, ["L"])] == ["L"]
    assert [variant.sku for variant in search.fitting(shirt.variants, ["m"])] == ["M"]
    assert len(search.fitting(shirt.variants, ["XXS"])) == 3
