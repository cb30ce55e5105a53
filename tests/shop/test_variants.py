"""Options and the table of variants: changed at once by many hands, and what cannot be used changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update

from shop import (
    carts,
    catalogue,
    options,
    product_import,
    product_plan,
    products,
    search,
    variants,
)
from shop.db import Database
from shop.errors import BadFields
from shop.models import Variant
from tests.factories import make_channel, make_customer, make_order, make_shop, make_variant
from tests.shop.goods import COLOURS, SHIRT, WHO, names_of, table


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
