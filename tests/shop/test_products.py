"""The seller keeps the products: made, changed, put in order, archived; what cannot be used changes nothing."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from sqlalchemy import func, select, text, update

from shop import (
    audit,
    carts,
    catalogue,
    categories,
    options,
    orders,
    product_import,
    product_list,
    product_pictures,
    product_plan,
    products,
    search,
    variants,
)
from shop.db import Database
from shop.errors import BadFields, BadInput, BadPicture, NotFound, OtherPrices, WasOrdered
from shop.media import MediaStore
from shop.models import Category, Leftover, Product, StockChange, Variant
from shop.product_list import Show, Wanted
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_variant

WHO = {"by": "ploy@example.com", "now": NOW}
SHIRT = {
    "once": "f1", "name_th": "เสื้อลินิน", "name_en": "Linen shirt", "category": "", "price": "1,250.50", "stock": "4",
    "weight": "220", "sku": "LINEN",
}  # fmt: skip
COLOURS = {
    "option-0-th": "สี",
    "option-0-en": "Colour",
    "option-0-add": "ดำ / Black, ขาว/White",
    "option-1-th": "ขนาด",
    "option-1-en": "Size",
    "option-1-add": "S, M, L",
}


def names_of(product):
    return [variant.option("en") for variant in product.kept]


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


def edit(product, **changes):
    """The options' form as the page shows it, with changes."""
    form = {}
    for place, option in enumerate(product.options):
        form |= {f"option-{place}-{key}": option[key] for key in ("th", "en")}
        form[f"option-{place}-was"] = option["th"]
        for number, value in enumerate(options.values_of(product, place)):
            form |= {f"value-{place}-{number}-{key}": value[key] for key in ("th", "en")}
            form[f"value-{place}-{number}-was"] = value["th"]
    return form | changes


def test_a_renamed_value_keeps_its_variants_and_a_new_one_adds_some(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    ids = [variant.id for variant in made.variants]
    form = edit(made, **{"value-0-0-th": "ดำสนิท", "value-0-0-en": "Jet black", "option-1-add": "XL"})
    outcome = options.save(session, made.id, form, **WHO)
    assert (outcome.added, outcome.deleted, outcome.archived) == (2, 0, 0)
    assert [variant.id for variant in made.kept][:6] == ids
    assert names_of(made)[0] == "Jet black / S" and names_of(made)[-1] == "White / XL"
    assert (made.kept[-1].price, made.kept[-1].stock) == (125050, 0)
    assert options.save(session, made.id, edit(made), **WHO) == options.Outcome(0, 0, 0)
    assert search.find(session, "Jet black") == [made]


def test_a_value_that_is_taken_away_takes_its_variants_unless_orders_hold_them(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    nok = make_customer(session, make_channel(session))
    ordered = made.variants[0]
    make_order(session, nok, ordered)
    carts.put(session, nok.id, made.variants[1].id, 1)
    outcome = options.save(session, made.id, edit(made, **{"value-0-0-th": "", "value-0-0-en": ""}), **WHO)
    assert (outcome.added, outcome.deleted, outcome.archived) == (0, 2, 1)
    assert names_of(made) == ["White / S", "White / M", "White / L"]
    assert ordered.archived and not catalogue.on_sale(ordered)
    options.save(session, made.id, edit(made, **{"option-0-add": "ดำ / Black"}), **WHO)
    assert not ordered.archived and ordered in made.kept  # brought back, with its history


def test_a_new_option_gives_what_is_there_its_first_value_and_an_option_can_go_again(session):
    made = products.create(session, SHIRT, **WHO)
    (first,) = made.variants
    options.save(session, made.id, {"option-0-th": "สี", "option-0-add": "ดำ, ขาว"}, **WHO)
    assert [variant.option("en") for variant in made.kept] == ["ดำ", "ขาว"]
    assert (made.kept[0].id, made.kept[0].sku, made.kept[0].stock) == (first.id, "LINEN", 4)
    options.save(session, made.id, edit(made, **{"option-0-th": "", "option-0-en": ""}), **WHO)
    assert made.options == [] and made.kept == [first] and first.values == []


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"option-0-add": "BLACK"}, "option-0-add", "twice"),
        ({"option-0-add": "x" * 41}, "option-0-add", "long"),
        ({"option-1-add": ", ".join(str(number) for number in range(60))}, "option-0-add", "many"),
        ({"option-0-was": "ไม่มี"}, "option-0-th", "moved"),
        ({"option-2-th": "ลาย"}, "option-2-add", "missing"),
        ({"option-2-th": "สี", "option-2-add": "ฟ้า"}, "option-0-th", "twice"),
        ({"option-1-en": "COLOUR"}, "option-0-th", "twice"),
    ],
)
def test_options_that_cannot_be_are_refused(session, changes, field, reason):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    with pytest.raises(BadFields) as refused:
        options.save(session, made.id, edit(made, **changes), **WHO)
    assert refused.value.reasons[field] == reason


@pytest.mark.parametrize(
    "between",
    [
        {"value-0-1-th": "ครีม"},
        {"value-0-0-th": "", "value-0-0-en": ""},
        {"option-0-add": "ฟ้า"},
        {"option-1-th": "", "option-1-en": ""},
        {"option-2-th": "ลาย", "option-2-add": "จุด"},
    ],
)
def test_options_saved_from_a_page_drawn_before_others_changed_them_take_nothing_away(session, between):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    old_page = edit(made, **{"option-0-add": "แดง / Red"})
    options.save(session, made.id, edit(made, **between), **WHO)
    before = [(variant.id, variant.values, variant.stock) for variant in made.kept]
    with pytest.raises(BadFields) as refused:
        options.save(session, made.id, old_page, **WHO)
    assert refused.value.reasons == {"option-0-th": "moved"}
    session.expire_all()
    assert [(variant.id, variant.values, variant.stock) for variant in made.kept] == before


def table(product, **changes):
    form = {"once": "t1", "reason": "counted"}
    for variant in product.kept:
        form |= {
            f"price-{variant.id}": str(variant.price / 100),
            f"stock-{variant.id}": str(variant.stock),
            f"seen-{variant.id}": str(variant.stock),
            f"sku-{variant.id}": variant.sku,
            f"weight-{variant.id}": str(variant.weight),
            f"low_stock-{variant.id}": "" if variant.low_stock is None else str(variant.low_stock),
            f"picture-{variant.id}": str(variant.picture_id or ""),
            f"hidden-{variant.id}": "" if variant.active else "on",
        }
    was = {f"was-{name}": text for name, text in form.items() if name.partition("-")[0] in CELLS}
    return form | was | changes


CELLS = ("price", "sku", "weight", "low_stock", "picture", "hidden")


def test_many_cells_are_changed_at_once(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    a, b = made.variants[:2]
    form = table(made, **{
        f"price-{a.id}": "99", f"stock-{a.id}": "7", f"low_stock-{a.id}": "5", f"hidden-{b.id}": "on",
        f"sku-{a.id}": b.sku, f"sku-{b.id}": a.sku, "all-weight": "300",
    })  # fmt: skip
    swapped = (b.sku, a.sku)
    variants.save_table(session, made.id, form, **WHO)
    session.expire_all()
    assert (a.price, a.stock, a.low_stock, b.active) == (9900, 7, 5, False)
    assert (a.sku, b.sku) == swapped
    assert {variant.weight for variant in made.variants} == {300}
    variants.save_table(
        session, made.id, form, **WHO
    )  # sent twice: the stock is not what was seen, but it was us
    assert a.stock == 7


def test_each_cell_that_cannot_be_used_is_said_and_nothing_is_written(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    other = make_variant(session, "TAKEN")
    a, b, c, *_ = made.variants
    form = table(made, **{
        f"price-{a.id}": "x", f"sku-{b.id}": other.sku, f"sku-{c.id}": a.sku, f"stock-{c.id}": "-4",
        f"picture-{a.id}": "77",
    })  # fmt: skip
    with pytest.raises(BadFields) as refused:
        variants.save_table(session, made.id, form, **WHO)
    assert refused.value.reasons == {
        f"price-{a.id}": "number", f"sku-{b.id}": "taken", f"sku-{c.id}": "taken", f"stock-{c.id}": "range",
        f"picture-{a.id}": "unknown",
    }  # fmt: skip


def test_a_stock_that_was_sold_from_meanwhile_is_not_overwritten(session):
    made = products.create(session, SHIRT, **WHO)
    (variant,) = made.variants
    form = table(made, **{f"stock-{variant.id}": "10"})
    make_order(session, make_customer(session, make_channel(session)), variant, 3)
    with pytest.raises(BadFields) as refused:
        variants.save_table(session, made.id, form, **WHO)
    assert refused.value.reasons == {f"stock-{variant.id}": "moved", f"now-{variant.id}": "1"}
    unchanged = table(
        made, **{f"stock-{variant.id}": "4", f"seen-{variant.id}": "4", f"price-{variant.id}": "1"}
    )
    variants.save_table(session, made.id, unchanged | {"once": "t2"}, **WHO)  # only the price
    session.expire(variant)
    assert (variant.stock, variant.price) == (1, 100)


@pytest.mark.parametrize(
    ("cell", "theirs", "ours"),
    [
        ("price", "900", "700"), ("weight", "1", "2"), ("low_stock", "8", ""), ("sku", "THEIRS", "OURS"),
    ],
)  # fmt: skip
def test_of_two_who_change_the_table_at_once_neither_undoes_what_the_other_did(session, cell, theirs, ours):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    made.variants[0].low_stock = 5
    session.flush()
    a, b, *_ = made.variants
    name, page = f"{cell}-{a.id}", table(made)
    variants.save_table(session, made.id, page | {name: theirs, "once": "t2"}, **WHO)
    after = {
        variant.id: (variant.price, variant.weight, variant.low_stock, variant.sku) for variant in made.kept
    }
    with pytest.raises(BadFields) as refused:
        variants.save_table(session, made.id, page | {name: ours, "once": "t3"}, **WHO)
    assert refused.value.reasons == {name: "moved"}
    variants.save_table(session, made.id, page | {f"hidden-{b.id}": "on", "once": "t4"}, **WHO)
    session.expire_all()
    assert after == {
        variant.id: (variant.price, variant.weight, variant.low_stock, variant.sku) for variant in made.kept
    }
    assert not b.active
    variants.save_table(session, made.id, page | {name: theirs, "once": "t5"}, **WHO)  # both typed the same
    variants.save_table(session, made.id, page | {name: ours, f"was-{name}": theirs, "once": "t6"}, **WHO)
    with pytest.raises(BadFields):
        variants.save_table(session, made.id, page | {"all-price": "1", f"was-price-{b.id}": "2"}, **WHO)


def test_the_table_of_an_archived_product_can_be_saved_and_hides_nothing_for_good(session):
    made = products.create(session, SHIRT | COLOURS, **WHO)
    made.variants[1].active = False
    products.archive(session, made.id)
    variants.save_table(session, made.id, table(made, **{"all-price": "5"}), **WHO)
    products.restore(session, made.id)
    details = {name: SHIRT[name] for name in ("name_th", "name_en", "category")}
    products.change(session, made.id, details)
    assert [variant.active for variant in made.kept] == [True, False, True, True, True, True]
    assert catalogue.products_page(session).products == [made]
    assert made.variants[0].price == 500


def test_whoever_changes_products_waits_for_no_order_that_waits_for_them(postgres_url):
    database = Database(postgres_url, threads=4)
    with database.transaction() as session:
        make_shop(session)
        made = products.create(session, SHIRT | COLOURS, **WHO)
        form = table(made)
        kept = product_import.keep(session, product_import.read("p.csv", _backwards(made).encode()), **WHO)
        ids, product_id, import_id = [variant.id for variant in made.kept], made.id, kept.id
    first, second = ids[:2]

    def save_table(session):
        changes = {f"price-{second}": "9", f"stock-{first}": "8"}
        variants.save_table(session, product_id, form | changes, **WHO)

    def save_options(session):
        changes = edit(catalogue.any_product(session, product_id), **{"value-0-0-th": "ดำสนิท"})
        options.save(session, product_id, changes, **WHO)

    def apply(session):
        mark = product_plan.plan(session, product_import.existing(session, import_id)).mark
        product_import.apply(session, import_id, mark, **WHO)

    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for change in (save_table, save_options, apply):
        with ThreadPoolExecutor(1) as pool:
            with database.transaction() as order:
                order.execute(update(Variant).where(Variant.id == first).values(stock=Variant.stock))
                other = pool.submit(_in_transaction, database, change)
                with database.reading() as session:
                    while not session.scalar(waiting):
                        session.rollback()
                        assert not other.done()
                order.execute(update(Variant).where(Variant.id == second).values(stock=Variant.stock))
            other.result(timeout=30)
    database.close()


def _in_transaction(database, change):
    with database.transaction() as session:
        change(session)


def _backwards(product):
    rows = [f"{variant.sku},77,{number}" for number, variant in enumerate(reversed(product.kept), 50)]
    return "\n".join(["sku,price,stock", *rows])


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
