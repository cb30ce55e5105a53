"""Products from a spreadsheet: planned row by row, applied as it was planned or not at all, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import categories, product_import, product_plan, product_sheet, products, search, spreadsheets
from shop.errors import BadSheet, PlanMoved
from shop.models import Product, ProductImport, StockChange, Variant
from shop.product_rows import Kind
from tests.factories import NOW, make_channel, make_customer, make_order, make_variant

WHO = {"by": "ploy@example.com", "now": NOW}


def keep(session, text, name="products.csv"):
    return product_import.keep(session, product_import.read(name, text.encode()), **WHO)


def planned(session, text):
    return product_plan.plan(session, keep(session, text))


def applied(session, text):
    kept = keep(session, text)
    plan = product_plan.plan(session, kept)
    product_import.apply(session, kept.id, plan.mark, **WHO)
    session.expire_all()
    return plan


def test_the_template_makes_its_example_products_in_both_languages(session):
    for language in ("th", "en"):
        data = b"".join(spreadsheets.csv_lines(product_sheet.template(language)))
        plan = product_plan.plan(
            session, product_import.keep(session, product_import.read("t.csv", data), **WHO)
        )
        assert [line.kind for line in plan.lines] == ["new"] * 3 and plan.unknown == []
    kept = product_import.keep(
        session, product_import.read("t.xlsx", spreadsheets.xlsx(product_sheet.template("th"))), **WHO
    )
    product_import.apply(session, kept.id, product_plan.plan(session, kept).mark, **WHO)
    mug, tee = session.scalars(select(Product).order_by(Product.position))
    assert [one.option("en") for one in tee.kept] == ["Black / M", "White / L"]
    assert tee.options == [{"th": "สี", "en": "Colour"}, {"th": "ขนาด", "en": "Size"}]
    assert (mug.category.name("en"), mug.variants[0].price, mug.variants[0].stock) == ("Home", 16000, 12)
    assert search.find(session, "แก้วเซรามิก") == [mug]
    assert session.scalars(select(StockChange.reason)).all() == ["imported"] * 3


def test_what_is_exported_and_brought_back_changes_nothing(session):
    made = products.create(
        session,
        {"once": "f", "name_th": "=เสื้อ", "name_en": "-Shirt", "category": "", "new_category": "ผ้า / Cloth",
         "price": "59.5", "stock": "3", "option-0-th": "สี", "option-0-en": "Colour",
         "option-0-add": "ดำ / Black, ขาว / White"},
        **WHO,
    )  # fmt: skip
    made.variants[1].active, made.variants[1].low_stock = False, 7
    make_variant(session, "PLAIN")
    session.flush()
    for language in ("th", "en"):
        for data in (
            b"".join(spreadsheets.csv_lines(product_sheet.rows(session, language))),
            spreadsheets.xlsx(product_sheet.rows(session, language)),
        ):
            plan = product_plan.plan(
                session, product_import.keep(session, product_import.read("p", data), **WHO)
            )
            assert [line.kind for line in plan.lines] == ["same"] * 3, [line.changes for line in plan.lines]


def test_filled_cells_of_a_known_sku_change_it_and_empty_ones_do_not(session):
    variant = make_variant(session, stock=5)
    plan = applied(
        session,
        "SKU,Price,Stock,Name (English),Category,Weight (g),Hidden,Colour\nSHIRT,199.50,9,,ผ้า,,no,red\n",
    )
    assert plan.unknown == ["Colour"]
    assert plan.lines[0].changes == {
        "category": ("", "ผ้า"), "price": ("250", "199.5"), "stock": ("5", "9"),
    }  # fmt: skip
    assert (variant.price, variant.stock, variant.product.name_en) == (19950, 9, "T-shirt")
    assert [one.name_th for one in categories.all_of_them(session)] == ["ผ้า"]
    applied(session, "sku,received,hidden\nSHIRT,4,yes")
    assert (variant.stock, variant.active) == (13, False)
    assert session.scalars(select(StockChange.reason).order_by(StockChange.id)).all() == [
        "imported",
        "received",
    ]


def test_a_new_sku_joins_the_product_of_its_name(session):
    make_variant(session, "PLAIN", name_th="แก้ว", name_en="Mug")
    applied(session, "sku,ชื่อสินค้า,ตัวเลือก 1,ค่า 1,ราคา\nA,เสื้อ,ขนาด,S,100\n")
    plan = planned(
        session,
        "sku,ชื่อสินค้า,ตัวเลือก 1,ค่า 1,ราคา\nB,เสื้อ,ขนาด,M,100\nC,เสื้อ,,,100\nD,เสื้อ,ขนาด,M,100\nE,แก้ว,,,5\nF,แก้ว,สี,ดำ,5\n",
    )
    assert [line.wrong for line in plan.lines] == [
        {}, {"value_1": "options"}, {"value_1": "twice"}, {"name_th": "twice"}, {"value_1": "options"},
    ]  # fmt: skip
    applied(session, "sku,ชื่อสินค้า,ตัวเลือก 1,ค่า 1,ราคา\nB,เสื้อ,ขนาด,M,100\n")
    shirt = session.scalars(select(Product).where(Product.name_th == "เสื้อ")).one()
    assert [one.sku for one in shirt.kept] == ["A", "B"]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ("sku,price\n,5", {"sku": "missing"}),
        ("sku,price\nNEW,5", {"name_th": "missing"}),
        ("sku,name\nNEW,x", {"price": "missing"}),
        ("sku,price\nSHIRT,cheap", {"price": "number"}),
        ("sku,price\nSHIRT,-5", {"price": "number"}),
        ("sku,stock\nSHIRT,1.5", {"stock": "number"}),
        ("sku,stock\nSHIRT,-1", {"stock": "range"}),
        ("sku,stock,received\nSHIRT,9,1", {"received": "both"}),
        ("sku,hidden\nSHIRT,maybe", {"hidden": "yes_or_no"}),
        ("sku,name\nSHIRT," + "x" * 81, {"name_th": "long"}),
        ("sku,category\nSHIRT," + "x" * 41, {"category": "long"}),
        ("sku,value 1\nSHIRT,red", {"value_1": "fixed"}),
        ("sku,name,value 1,price\nNEW,x,red,1", {"option_1": "missing"}),
        ("sku,price\nGONE,5", {"sku": "archived"}),
        ("sku,name,price,option 1,value 1,option 2,value 2\nNEW,x,1,Size,S,size,M", {"option_2": "twice"}),
        (
            "sku,name,price,option 1,value 1,option 2,value 2\nNEW,x,1,สี / Look,S,ลาย / Look,M",
            {"option_2": "twice"},
        ),
    ],
)
def test_a_row_says_what_is_wrong_with_it(session, cells, wrong):
    make_variant(session)
    products.archive(session, make_variant(session, "GONE").product_id)
    (line,) = planned(session, cells).lines
    assert line.wrong == wrong and line.kind == Kind.WRONG


def test_rows_that_contradict_each_other_are_wrong(session):
    made = make_variant(session)
    session.add(Variant(product=made.product, sku="SHIRT-2", price=1, values=[{"th": "ข", "en": "b"}]))
    session.flush()
    plan = planned(session, "sku,name,price\nSHIRT,ก,1\nSHIRT-2,ข,1\nSHIRT,ก,2\n")
    assert [line.wrong for line in plan.lines] == [{}, {"name_th": "differs"}, {"sku": "twice"}]


def test_rows_with_mistakes_are_left_out_and_all_others_are_applied(session):
    plan = applied(session, "sku,name,price\nA,x,1\nB,y,oops\nC,z,3\n")
    assert [line.number for line in plan.of(Kind.WRONG)] == [3]
    assert session.scalars(select(Variant.sku).order_by(Variant.sku)).all() == ["A", "C"]


def test_nothing_is_applied_when_something_has_changed_since_one_looked(session):
    variant = make_variant(session, stock=5)
    kept = keep(session, "sku,stock,price\nSHIRT,9,1\n")
    mark = product_plan.plan(session, kept).mark
    make_order(session, make_customer(session, make_channel(session)), variant)
    session.expire_all()
    with pytest.raises(PlanMoved):
        product_import.apply(session, kept.id, mark, **WHO)
    assert (variant.stock, variant.price) == (4, 25000)
    assert product_plan.plan(session, kept).lines[0].changes["stock"] == ("4", "9")


def test_applying_twice_is_applying_once_and_the_same_file_is_known_again(session):
    variant = make_variant(session, stock=5)
    kept = keep(session, "sku,received\nSHIRT,4\n")
    mark = product_plan.plan(session, kept).mark
    assert product_import.apply(session, kept.id, mark, **WHO) is not None
    assert product_import.apply(session, kept.id, mark, **WHO) is None
    session.expire_all()
    assert variant.stock == 9
    again = keep(session, "sku,received\nSHIRT,4\n")
    assert product_import.applied_before(session, again) == NOW
    assert product_import.applied_before(session, keep(session, "sku,received\nSHIRT,5\n")) is None


def test_plans_that_nobody_applied_are_forgotten_after_a_day(session):
    keep(session, "sku,price\nA,1\n")
    later = {"by": "ploy@example.com", "now": NOW + timedelta(days=2)}
    product_import.keep(session, product_import.read("b.csv", b"sku,price\nB,1\n"), **later)
    assert session.scalars(select(ProductImport.name)).all() == ["b.csv"]


def test_a_table_that_is_too_long_or_none_is_refused(session):
    for data in (b"sku\n" + b"A\n" * 1001, b"hello\n1", b""):
        with pytest.raises(BadSheet):
            product_import.keep(session, product_import.read("x.csv", data), **WHO)


def test_hundreds_of_rows_are_applied_and_changed_again(session):
    text = "sku,name,price,stock\n" + "".join(f"S{n},ของชิ้นที่ {n},{n + 1},5\n" for n in range(300))
    applied(session, text)
    assert session.scalar(select(func.count(Product.id))) == 300
    applied(session, text.replace(",5\n", ",6\n"))
    assert session.scalar(select(func.min(Variant.stock))) == 6


def test_rows_that_would_now_join_another_product_are_looked_at_again(session):
    kept = keep(session, "sku,ชื่อสินค้า,ราคา,สต็อก\nA,เสื้อ,100,5\n")
    seen = product_plan.plan(session, kept)
    assert planned(session, "sku,ชื่อสินค้า,ราคา,สต็อก\nA,เสื้อ,100,5\n").mark == seen.mark
    for typed in ("A,เสื้อ,200,5", "A,เสื้อ,100,6", "A,กางเกง,100,5", "B,เสื้อ,100,5"):
        assert planned(session, f"sku,ชื่อสินค้า,ราคา,สต็อก\n{typed}\n").mark != seen.mark
    joins = "sku,ชื่อสินค้า,ราคา,ตัวเลือก 1,ค่า 1\nC,หมวก,1,สี,ดำ\n"
    alone = planned(session, joins)
    session.add(Product(name_th="หมวก", name_en="", options=[{"th": "สี", "en": "สี"}]))
    session.flush()
    joined = planned(session, joins)
    assert [line.kind for line in joined.lines] == [Kind.NEW] and joined.mark != alone.mark
