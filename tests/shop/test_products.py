"""The seller keeps the products: made, changed, put in order, archived; what cannot be used changes nothing."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from shop import (
    audit,
    carts,
    catalogue,
    categories,
    orders,
    product_list,
    product_pictures,
    products,
    search,
    variants,
)
from shop.errors import BadFields, BadInput, BadPicture, NotFound, OtherPrices, WasOrdered
from shop.media import MediaStore
from shop.models import Category, Leftover, Product, StockChange, Variant
from shop.product_list import Show, Wanted
from tests.factories import NOW, make_channel, make_customer, make_order, make_variant
from tests.shop.goods import COLOURS, SHIRT, WHO, names_of, table


def test_a_product_is_in_chat_and_store_at_once(session):
    old = make_variant(session, "OLD").product
    made = products.create(session, SHIRT, **WHO)
    (variant,) = made.variants
    assert (variant.price, variant.stock, variant.weight, variant.sku) == (125050, 4, 220, "LINEN")
    assert catalogue.products_page(session).products == [made, old]  # the newest first
    assert search.find(session, "ลินิน") == [made]
    assert catalogue.variant_on_sale(session, variant.id) == variant
    (noted,) = session.scalars(select(StockChange))
    assert (noted.change, noted.reason, noted.by) == (4, "counted", "ploy@example.com")


def test_options_become_variants_each_with_a_sku_that_can_be_read(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    assert names_of(made) == [
        f"{colour} / {size}" for colour in ("Black", "White") for size in ("S", "M", "L")
    ]
    assert [variant.sku for variant in made.variants][:2] == ["LINEN-BLACK-S", "LINEN-BLACK-M"]
    assert made.variants[0].values == [{"th": "ดำ", "en": "Black"}, {"th": "S", "en": "S"}]
    assert {variant.stock for variant in made.variants} == {4}


def test_the_same_form_sent_twice_makes_one_product(session):
    assert products.create(session, SHIRT, **WHO) is products.create(session, SHIRT, **WHO)
    assert session.scalar(select(func.count(Product.id))) == 1
    with pytest.raises(BadFields) as refused:  # somebody went back and described another one
        products.create(session, SHIRT | {"name_th": "เสื้อแดง", "sku": ""}, **WHO)
    assert refused.value.reasons == {"name_th": "again"}


def test_one_language_is_enough(session):
    made = products.create(session, SHIRT | {"name_en": "", "description_th": "ผ้าดี"}, **WHO)
    assert (made.name("en"), made.description("en")) == ("เสื้อลินิน", "ผ้าดี")
    assert made.variants[0].name("en") == "เสื้อลินิน"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name_th", "ก" * 81, "long"),
        ("price", "", "missing"),
        ("price", "-5", "number"),
        ("price", "1.005", "number"),
        ("price", "a lot", "number"),
        ("stock", "-1", "range"),
        ("stock", "2.5", "number"),
        ("weight", "9999999", "range"),
        ("sku", "TAKEN", "taken"),
        ("category", "99", "unknown"),
        ("new_category", "ก" * 41, "long"),
        ("option-0-add", "S, M", "missing"),
        ("description_en", "x" * 2001, "long"),
    ],
)
def test_what_cannot_be_used_is_said_by_field(session, field, value, reason):
    make_variant(session, "TAKEN")
    with pytest.raises(BadFields) as refused:
        products.create(session, SHIRT | {field: value}, **WHO)
    assert reason in refused.value.reasons.values()
    assert refused.value.reasons.get(field, reason) == reason


def test_all_that_is_wrong_is_said_at_once(session):
    with pytest.raises(BadFields) as refused:
        products.create(session, {"once": "f", "price": "x", "stock": "x"}, **WHO)
    assert refused.value.reasons == {"name_th": "missing", "price": "number", "stock": "number"}


def test_a_new_category_is_made_on_the_way_and_found_again(session):
    first = products.create(session, SHIRT | {"new_category": "เสื้อผ้า / Clothes"}, **WHO)
    second = products.create(session, SHIRT | {"once": "f2", "sku": "", "new_category": "clothes"}, **WHO)
    assert first.category_id == second.category_id
    (category,) = categories.all_of_them(session)
    assert (category.name_th, category.name_en) == ("เสื้อผ้า", "Clothes")


def test_changing_details_is_noted_with_what_was_before(session):
    made = products.create(session, SHIRT, **WHO)
    audit.record(session, "product.create", by="ploy@example.com", now=NOW)
    products.change(session, made.id, {"name_th": "เสื้อ", "name_en": "Shirt", "category": "", "hidden": "on"})
    entry = audit.record(session, "product.change", str(made.id), by="ploy@example.com", now=NOW)
    assert entry.detail == {
        "name_th": ["เสื้อลินิน", "เสื้อ"], "name_en": ["Linen shirt", "Shirt"], "active": [True, False],
    }  # fmt: skip
    assert search.find(session, "ลินิน") == [] == catalogue.products_page(session).products


def test_what_was_ordered_is_archived_and_what_was_not_is_deleted(session, tmp_path):
    made = products.create(session, SHIRT, **WHO)
    nok = make_customer(session, make_channel(session))
    order = make_order(session, nok, made.variants[0])
    with pytest.raises(WasOrdered) as refused:
        products.remove(session, made.id, now=NOW)
    assert refused.value.orders == 1
    products.archive(session, made.id)
    assert catalogue.products_page(session).products == [] == product_list.page(session, Wanted()).products
    assert product_list.page(session, Wanted(show=Show.ARCHIVED)).products == [made]
    assert order.lines[0].name("th") == "เสื้อลินิน"
    products.restore(session, made.id)
    assert product_list.page(session, Wanted(show=Show.HIDDEN)).products == [made]

    other = products.create(session, SHIRT | {"once": "f2", "sku": "MUG"}, **WHO)
    product_pictures.add(session, other, product_pictures.keep(MediaStore(str(tmp_path)), png()))
    carts.put(session, nok.id, other.variants[0].id, 1)
    for _ in range(2):
        products.remove(session, other.id, now=NOW)
    assert session.get(Product, other.id) is None and carts.lines(session, nok.id) == []
    assert session.scalar(select(func.count(Leftover.id))) == 2
    with pytest.raises(NotFound):
        catalogue.any_product(session, other.id)


def png(colour="red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def test_pictures_are_ordered_described_and_given_to_variants(session, tmp_path):
    store = MediaStore(str(tmp_path))
    made = products.create(session, SHIRT | COLOURS, **WHO)
    for colour in ("red", "blue", "green"):
        product_pictures.add(session, made, product_pictures.keep(store, png(colour)))
    first, second, third = made.pictures
    product_pictures.move(session, made, third.id, 0)
    assert made.pictures == [third, first, second] and made.picture == third.key
    product_pictures.describe(session, made, third.id, {"alt_th": "ด้านหลัง"})
    assert third.alt("en") == "ด้านหลัง"
    white = made.variants[3]
    variants.save_table(session, made.id, table(made, **{f"picture-{white.id}": str(second.id)}), **WHO)
    assert catalogue.pictures(session, [white.id, made.variants[0].id]) == {
        white.id: second.key,
        made.variants[0].id: third.key,
    }
    for _ in range(2):
        product_pictures.remove(session, made, second.id, now=NOW)
    session.expire_all()
    assert white.picture_id is None and white.picture == third.key
    with pytest.raises(NotFound):
        product_pictures.move(session, made, second.id, 0)
    with pytest.raises(BadPicture):
        product_pictures.keep(store, b"no picture")


def test_a_product_has_so_many_pictures_and_no_more(session, tmp_path):
    made = products.create(session, SHIRT, **WHO)
    picture = product_pictures.keep(MediaStore(str(tmp_path)), png())
    with pytest.raises(BadInput):
        for _ in range(product_pictures.MOST + 1):
            again = type(picture)(key=picture.key, small_key=picture.small_key)
            product_pictures.add(session, made, again)
    assert len(made.pictures) == product_pictures.MOST


def test_categories_are_renamed_ordered_and_removed(session):
    a, b, c = (categories.save(session, None, {"name_th": name}) for name in ("ก", "ข", "ค"))
    assert categories.save(session, None, {"name_th": "ข"}) == b
    categories.move(session, c.id, -1)
    assert categories.all_of_them(session) == [a, c, b]
    categories.move(session, a.id, -1)
    assert categories.all_of_them(session) == [a, c, b]
    categories.save(session, b.id, {"name_th": "ของใช้", "name_en": "Home"})
    made = products.create(session, SHIRT | {"category": str(b.id)}, **WHO)
    assert categories.sizes(session) == {b.id: 1}
    for _ in range(2):
        categories.remove(session, b.id)
    session.expire_all()
    assert made.category is None and session.get(Category, b.id) is None
    for typed in ({}, {"name_th": "ก" * 41}):
        with pytest.raises(BadFields):
            categories.save(session, None, typed)


def test_the_list_is_filtered_searched_and_leaves_none_out_between_pages(session):
    made = [
        products.create(
            session, SHIRT | {"once": f"f{n}", "sku": f"SKU-{n:03}", "name_en": f"Thing {n}"}, **WHO
        )
        for n in range(7)
    ]
    made[0].active = False
    made[1].variants[0].active = False
    made[2].variants[0].stock = 0
    made[3].variants[0].stock = 2
    made[4].variants[0].low_stock = 9
    made[5].category = Category(name_th="อื่นๆ", name_en="Other")
    session.flush()

    def shown(**wanted):
        seen, after = [], None
        while True:
            page = product_list.page(session, Wanted(**wanted), after_id=after, limit=3)
            seen += page.products
            after = page.after_id
            if after is None:
                return [made.index(product) for product in seen]

    assert shown() == [6, 5, 4, 3, 2, 1, 0]
    assert shown(show=Show.HIDDEN) == [1, 0]
    assert shown(show=Show.SOLD_OUT) == [2]
    assert shown(show=Show.LOW) == [4, 3, 2]
    assert shown(category_id=made[5].category_id) == [5]
    assert shown(category_id=0) == [6, 4, 3, 2, 1, 0]
    assert shown(words="sku-004") == [4]
    assert shown(words="linen ลินิน") == []
    assert shown(words="thing ลินิน", show=Show.HIDDEN) == [1, 0]
    assert shown(words="x") == [] and len(shown(words="  ")) == 7
    products.move(session, made[0].id, to_the_front=True)
    products.move(session, made[6].id, to_the_front=False)
    assert shown() == [0, 5, 4, 3, 2, 1, 6]


def test_what_was_taken_out_of_the_shop_cannot_be_ordered_from_a_cart(session):
    made = products.create(session, SHIRT, **WHO)
    nok = make_customer(session, make_channel(session))
    carts.put(session, nok.id, made.variants[0].id, 1)
    products.archive(session, made.id)
    with pytest.raises(OtherPrices):
        orders.place(session, nok.id, cause="e1", now=NOW)
    assert [change.kind for change in carts.review(session, nok.id)] == ["gone"]
    assert session.scalars(select(Variant.stock)).one() == 4
