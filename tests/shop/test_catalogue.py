"""What customers see of the shop, page by page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from shop import catalogue, product_pictures, search
from shop.db import Database
from shop.errors import BadPicture, NotFound
from shop.media import MediaStore
from shop.models import Category, Product, Variant
from tests.factories import make_variant


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def products(session: Session, number: int, **values: object) -> list[Product]:
    made = [
        Product(
            name_th=f"ของ {n}",
            name_en=f"Thing {n}",
            position=number - n,
            variants=[Variant(sku=f"T{n}", price=1)],
        )
        for n in range(number)
    ]
    for product in made:
        for name, value in values.items():
            setattr(product, name, value)
    session.add_all(made)
    session.flush()
    return made


def test_the_pages_hold_every_product_once_in_the_seller_s_order(session: Session) -> None:
    made = products(session, 25)
    seen, after = [], None
    while True:
        page = catalogue.products_page(session, after_id=after)
        assert len(page.products) <= 10
        seen += page.products
        after = page.after_id
        if after is None:
            break
    assert seen == sorted(made, key=lambda product: product.position)


def test_equal_positions_do_not_lose_a_product_between_two_pages(session: Session) -> None:
    made = products(session, 12)
    for product in made:
        product.position = 0
    session.flush()
    first = catalogue.products_page(session)
    second = catalogue.products_page(session, after_id=first.after_id)
    assert {*first.products, *second.products} == {*made}


def test_hidden_products_and_those_whose_variants_are_all_hidden_are_not_shown(session: Session) -> None:
    hidden, empty, shown = products(session, 3)
    hidden.active = False
    empty.variants[0].active = False
    session.flush()
    assert catalogue.products_page(session).products == [shown]
    for product in (hidden, empty):
        with pytest.raises(NotFound):
            catalogue.product_on_sale(session, product.id)


def test_a_category_has_its_own_pages_and_is_named_only_while_it_holds_something(session: Session) -> None:
    clothes, mugs = Category(name_th="เสื้อผ้า", name_en="Clothes"), Category(name_th="แก้ว", name_en="Mugs")
    session.add(mugs)
    made = products(session, 3, category=clothes)
    assert catalogue.categories(session) == [clothes]
    assert len(catalogue.products_page(session, category_id=clothes.id, limit=2).products) == 2
    assert catalogue.products_page(session, category_id=mugs.id).products == []
    assert search.category(session, "ขอดูเสื้อผ้าหน่อยค่ะ") == clothes
    assert search.category(session, "ขอดูรองเท้า") is None
    assert made[0].category == clothes


def test_search_follows_renaming_and_new_options(session: Session) -> None:
    variant = make_variant(session, name_th="เสื้อยืด", name_en="T-shirt")
    assert search.find(session, "เสื้อยืด")
    variant.product.name_th, variant.product.name_en = "กางเกงเล", "Fisherman pants"
    session.flush()
    assert not search.find(session, "เสื้อยืด")
    assert search.find(session, "กางเกง")
    variant.values = [{"th": "ลายช้าง", "en": "Elephants"}]
    session.flush()
    assert search.find(session, "ลายช้าง")


def test_the_one_that_is_meant_is_found_among_very_many_alike(session: Session) -> None:
    products(session, 900)
    meant = make_variant(session, sku="X", name_th="ผ้าพันคอลายแมว", name_en="Cat scarf").product
    assert search.find(session, "ขอผ้าพันคอลายแมวค่ะ") == [meant]
    assert search.find(session, "cat scarfs") == [meant]
    assert [product.name_en for product in search.find(session, "Thing 777")] == ["Thing 777"]
    assert len(search.find(session, "thing")) == 30


def test_what_was_typed_nearly_right_is_found(session: Session) -> None:
    shirt = make_variant(session, name_th="เสื้อยืดสีดำ", name_en="Black T-shirt").product
    assert search.find(session, "เสื้อยืดดำ") == [shirt]
    assert search.find(session, "กระทะ") == []


def test_pictures_are_made_web_sized_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    store = MediaStore(str(tmp_path))
    out = io.BytesIO()
    Image.effect_noise((3000, 2000), 60).convert("RGB").save(out, "PNG")
    kept = product_pictures.keep(store, out.getvalue())
    sizes = [Image.open(io.BytesIO(store.get(key))).size for key in (kept.key, kept.small_key)]
    assert sizes == [(1200, 800), (480, 320)]
    assert len(store.get(kept.small_key)) < len(store.get(kept.key)) < len(out.getvalue())
    with pytest.raises(BadPicture):
        product_pictures.keep(store, b"no picture")
