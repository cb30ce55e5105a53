"""The seller keeps the products in the console; what cannot be used is said beside its field and nothing is lost."""

from __future__ import annotations

import io
import re

import aiohttp
import pytest
from PIL import Image
from sqlalchemy import select

from shop import audit, catalogue, categories, product_pictures, spreadsheets
from shop.audit import Question
from shop.errors import BadInput
from shop.media import MediaStore
from shop.models import Product, StockChange
from tests.factories import make_variant
from tests.seller_console.support import HTML

SHIRT = {
    "once": "f1", "name_th": "เสื้อลินิน", "name_en": "Linen <shirt>", "category": "", "new_category": "เสื้อผ้า / Clothes",
    "price": "590", "stock": "4", "option-0-th": "ขนาด", "option-0-en": "Size", "option-0-add": "S, M",
}  # fmt: skip


def picture(kind="JPEG", colour="red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, kind)
    return out.getvalue()


async def make(ploy, *files, **fields):
    answer, _ = await ploy.send_files("/products/new", SHIRT | fields, *files)
    assert answer.status == 303
    return int(re.search(r"/products/(\d+)", answer.headers["Location"])[1])


def the_product(database, product_id=1):
    with database.reading() as session:
        return catalogue.any_product(session, product_id)


async def test_a_product_with_pictures_is_added_and_customers_see_it_at_once(database, ploy):
    made = await make(ploy, ("a.jpg", picture()), ("b.jpg", picture("PNG", "blue")))
    with database.reading() as session:
        (seen,) = catalogue.products_page(session).products
        assert (seen.id, len(seen.pictures), [variant.sku for variant in seen.variants]) == (
            made, 2, [f"P{made}-S", f"P{made}-M"],
        )  # fmt: skip
        assert [category.name("en") for category in catalogue.categories(session)] == ["Clothes"]
    _, body = await ploy.get(f"/products/{made}?said=created")
    assert "Linen &lt;shirt&gt;" in body and "<shirt>" not in body and "The product is added." in body
    _, body = await ploy.get("/products?q=linen")
    assert "Linen &lt;shirt&gt;" in body and f"/pictures/{seen.cover.id}/small" in body
    again = await make(ploy)
    assert again == made


async def show(ploy, path):
    async with ploy.client.get(ploy.url + path) as answer:
        assert (answer.content_type, answer.status) == ("image/jpeg", 200)
        return answer.headers["Cache-Control"], await answer.read()


async def test_a_picture_that_comes_after_one_that_was_removed_is_shown_itself(database, ploy):
    made = await make(ploy, ("a.jpg", picture()))
    _, body = await ploy.get(f"/products/{made}")
    (first,) = re.findall(r'src="(/pictures/[^"]+)"', body)
    cached, red = await show(ploy, first)
    assert "immutable" in cached
    await ploy.post(f"/products/{made}/pictures/{the_product(database, made).pictures[0].id}", remove="1")
    await ploy.send_files(f"/products/{made}/pictures", {}, ("b.jpg", picture(colour="blue")))
    _, body = await ploy.get(f"/products/{made}")
    (second,) = re.findall(r'src="(/pictures/[^"]+)"', body)
    cached, blue = await show(ploy, second)
    assert second != first and blue != red and "immutable" in cached
    large = re.search(r'href="(/pictures/[^"]+)"', body)[1]
    assert "immutable" in (await show(ploy, large))[0]
    assert (await show(ploy, large.partition("?")[0]))[0] == "no-store"


async def test_what_cannot_be_used_stands_beside_its_field_and_what_was_typed_stays(database, ploy):
    answer, body = await ploy.send_files("/products/new", SHIRT | {"price": "<b>", "stock": "-1"})
    assert answer.status == 409
    assert re.search(
        r'name="price" value="&lt;b&gt;"[^>]*aria-invalid="true">\s*<span[^>]*>This is not a number', body
    )
    assert re.search(
        r'name="stock" value="-1"[^>]*aria-invalid="true">\s*<span[^>]*>This number is too', body
    )
    assert 'value="เสื้อลินิน"' in body
    with database.reading() as session:
        assert session.scalar(select(Product.id)) is None


async def test_a_file_that_is_no_picture_is_refused_by_name_and_the_others_are_kept(database, ploy):
    made = await make(ploy, ("evil.jpg", b"<script>alert(1)</script>"), ("a.jpg", picture()))
    assert len(the_product(database, made).pictures) == 1
    answer, body = await ploy.send_files(
        f"/products/{made}/pictures", {}, ("<i>.jpg", b"x"), ("b.jpg", picture()), **{"X-Fragment": "1"}
    )
    assert answer.status == 409 and "This is no picture that can be used" in body
    assert "<i>" not in body and "<html" not in body
    assert len(the_product(database, made).pictures) == 2


async def test_more_pictures_than_a_product_has_are_refused_and_none_of_their_files_stays(
    console, database, ploy, monkeypatch
):
    made = await make(ploy, ("a.jpg", picture()))
    decoded = []
    keep = product_pictures.keep
    monkeypatch.setattr(product_pictures, "keep", lambda *given: decoded.append(1) or keep(*given))
    monkeypatch.setattr(product_pictures, "MOST", 3)
    files = [(f"{number}.jpg", picture()) for number in range(5)]
    answer, body = await ploy.send_files(f"/products/{made}/pictures", {}, *files, **{"X-Fragment": "1"})
    assert answer.status == 409 and body.count("These are too many.") == 3 and "4.jpg" in body
    assert (len(the_product(database, made).pictures), len(decoded)) == (3, 2)

    def another_was_first(_session, _product, _kept):
        raise BadInput("pictures", "many")

    deleted = []
    monkeypatch.setattr(product_pictures, "MOST", 9)
    monkeypatch.setattr(product_pictures, "add", another_was_first)
    monkeypatch.setattr(MediaStore, "delete", lambda _store, key: deleted.append(key))
    answer, body = await ploy.send_files(f"/products/{made}/pictures", {}, files[0], **{"X-Fragment": "1"})
    assert "These are too many." in body and len(set(deleted)) == 2


async def test_pictures_are_moved_described_and_removed_without_script(database, ploy):
    made = await make(ploy, ("a.jpg", picture()), ("b.jpg", picture(colour="blue")))
    first, second = (one.id for one in the_product(database, made).pictures)
    answer, _ = await ploy.post(f"/products/{made}/pictures/{second}", place="0")
    assert answer.status == 303
    assert [one.id for one in the_product(database, made).pictures] == [second, first]
    await ploy.post(f"/products/{made}/pictures/{second}", alt_th="ด้านหน้า", alt_en="Front")
    assert the_product(database, made).pictures[0].alt("en") == "Front"
    await ploy.post(f"/products/{made}/pictures/{second}", remove="1")
    assert [one.id for one in the_product(database, made).pictures] == [first]
    answer, _ = await ploy.post("/products/4711/pictures/1", place="0")
    assert answer.status == 404


def table(product, **changes):
    form = {"once": "t1", "reason": "received"}
    for one in product.kept:
        n = one.id
        form |= {f"price-{n}": "590", f"stock-{n}": str(one.stock), f"seen-{n}": str(one.stock)}
        form |= {f"sku-{n}": one.sku, f"weight-{n}": "0", f"low_stock-{n}": "", f"picture-{n}": ""}
    return form | changes


async def test_the_table_is_saved_as_a_whole_and_each_row_says_what_is_wrong_with_it(database, ploy):
    made = await make(ploy)
    product = the_product(database, made)
    small, medium = (one.id for one in product.kept)
    answer, body = await ploy.post(
        f"/products/{made}/variants",
        **table(product, **{f"price-{small}": "x", f"sku-{medium}": product.kept[0].sku}),
    )
    assert answer.status == 409
    assert re.search(
        rf'name="price-{small}" value="x"[^>]*aria-invalid="true">\s*<span[^>]*>This is not a number', body
    )
    assert re.search(rf'name="sku-{medium}"[^>]*aria-invalid="true">\s*<span[^>]*>Another product has', body)
    answer, _ = await ploy.post(
        f"/products/{made}/variants",
        **table(product, **{f"stock-{small}": "10", "all-price": "600", f"hidden-{medium}": "on"}),
    )
    assert answer.status == 303
    product = the_product(database, made)
    assert [(one.price, one.stock, one.active) for one in product.kept] == [
        (60000, 10, True),
        (60000, 4, False),
    ]
    _, body = await ploy.get(f"/products/{made}/stock")
    assert "Goods received" in body and "Ploy" in body and "then 10" in body


async def test_two_sellers_who_count_at_once_do_not_overwrite_each_other(database, ploy, visitor):
    made = await make(ploy)
    seen = the_product(database, made)
    n = seen.kept[0].id
    chai = visitor()
    await chai.sign_in("chai@example.com")
    await chai.post("/language", language="en", next="/orders")
    await chai.post(f"/products/{made}/variants", **table(seen, **{f"stock-{n}": "7", "once": "chai"}))
    answer, body = await ploy.post(f"/products/{made}/variants", **table(seen, **{f"stock-{n}": "9"}))
    assert answer.status == 409
    assert (
        "Somebody else has changed this meanwhile" in body
        and "There are 7 now. Save again to have 9." in body
    )
    assert f'name="seen-{n}" value="7"' in body
    again = table(seen, **{f"stock-{n}": "9", f"seen-{n}": "7", "once": "t2"})
    await ploy.post(f"/products/{made}/variants", **again)
    assert the_product(database, made).kept[0].stock == 9


async def test_two_sellers_who_price_at_once_do_not_overwrite_each_other(database, ploy):
    made = await make(ploy)
    n = the_product(database, made).kept[0].id
    _, body = await ploy.get(f"/products/{made}")
    drawn = re.findall(
        r'name="((?:was-)?(?:price|stock|seen|sku|weight|low_stock)-\d+)" value="([^"]*)"', body
    )
    page = dict(drawn) | {"reason": "counted"} | {f"picture-{one}": "" for one in (n, n + 1)}
    await ploy.post(f"/products/{made}/variants", **page | {f"price-{n}": "700", "once": "a"})
    answer, body = await ploy.post(f"/products/{made}/variants", **page | {f"price-{n}": "800", "once": "b"})
    assert answer.status == 409 and "It is 700 now. Save again to have 800." in body
    assert f'name="was-price-{n}" value="700"' in body and f'name="price-{n}" value="800"' in body
    answer, _ = await ploy.post(f"/products/{made}/variants", **page | {f"stock-{n}": "9", "once": "c"})
    assert answer.status == 303
    assert [(one.price, one.stock) for one in the_product(database, made).kept] == [(70000, 9), (59000, 4)]


async def test_options_are_changed_and_the_page_says_what_came_of_it(database, ploy):
    made = await make(ploy)
    form = {
        "option-0-was": "ขนาด", "option-0-th": "ไซส์", "option-0-en": "Size", "option-0-add": "L, XL",
        "value-0-0-was": "S", "value-0-0-th": "", "value-0-0-en": "",
        "value-0-1-was": "M", "value-0-1-th": "M", "value-0-1-en": "M",
    }  # fmt: skip
    answer, _ = await ploy.post(f"/products/{made}/options", **form)
    _, body = await ploy.get(answer.headers["Location"].partition("#")[0])
    assert "New variants: 2." in body and "Deleted variants: 1." in body
    assert [one.option("en") for one in the_product(database, made).kept] == ["M", "L", "XL"]
    answer, body = await ploy.post(f"/products/{made}/options", **form)  # the page was drawn before
    assert answer.status == 409 and "Somebody else has changed this meanwhile" in body
    assert 'name="option-0-add" value="L, XL"' in body and 'name="value-0-0-th" value="M"' in body


async def test_what_runs_low_is_counted_in_the_menu_and_filled_up_with_one_tap(console, database, ploy):
    with database.transaction() as session:
        variant = make_variant(session, stock=1)
    _, body = await ploy.get("/products/low")
    once = re.search(r'name="once" value="([^"]+)"', body)[1]
    assert "Left: 1" in body
    for _ in range(2):
        answer, _ = await ploy.post("/products/received", variant=str(variant.id), number="20", once=once)
        assert answer.status == 303
    assert the_product(database).variants[0].stock == 21
    _, body = await ploy.get("/products/low")
    assert "Enough of everything" in body
    answer, _ = await ploy.post("/products/low", low_stock="50")
    _, body = await ploy.get("/products?show=low")
    assert "Running low" in body and "T-shirt" in body
    answer, body = await ploy.post("/products/low", low_stock="many")
    assert answer.status == 409 and "This is not a number" in body


async def test_what_runs_low_can_be_read_to_the_last(database, ploy):
    with database.transaction() as session:
        for number in range(61):
            make_variant(session, f"LOW-{number:02}", stock=0)
    _, body = await ploy.get("/products/low")
    assert body.count('class="received"') == 60 and "LOW-60" not in body
    following = re.search(r'rel="next" href="([^"]+)"', body)[1]
    _, body = await ploy.get(following)
    assert body.count('class="received"') == 1 and "LOW-60" in body and 'rel="next"' not in body
    again = re.search(r'name="after" value="([^"]+)"', body)[1]
    answer, _ = await ploy.post("/products/received", variant="61", number="9", once="x 61", after=again)
    _, body = await ploy.get(answer.headers["Location"])
    assert "Saved." in body and "Enough of everything" not in body
    for made_up in ("x", "1-", "-1-2", "9" * 40 + "-1"):
        answer, _ = await ploy.get(f"/products/low?after={made_up}")
        assert answer.status == 200


async def test_every_row_of_a_long_table_can_be_looked_at(ploy):
    rows = "".join(f"BAD-{number},x,mistake {number},1\n" for number in range(101))
    answer, _ = await upload(ploy, f"sku,name,price,stock\n{rows}")
    path = answer.headers["Location"]
    _, body = await ploy.get(path)
    assert "mistake 99" in body and "mistake 100" not in body
    following = re.search(r'rel="next" href="([^"]+)"', body)[1].replace("&amp;", "&")
    _, body = await ploy.get(path + following)
    assert "mistake 100" in body and "mistake 99" not in body
    for made_up in ("x", "-1", "9" * 40):
        answer, _ = await ploy.get(f"{path}?kind=wrong&begin={made_up}")
        assert answer.status == 200


async def test_what_was_ordered_is_archived_and_the_page_says_why(database, ploy, order):
    _, body = await ploy.get("/products/1")
    assert "Orders with this product: 1. It cannot be deleted" in body and "/products/1/delete" not in body
    answer, _ = await ploy.post("/products/1/delete")
    assert answer.headers["Location"] == "/products/1"
    await ploy.post("/products/1/archive")
    assert the_product(database).archived
    _, body = await ploy.get("/products")
    assert "T-shirt" not in body
    _, body = await ploy.get("/products?show=archived")
    assert "T-shirt" in body
    await ploy.post("/products/1/restore")
    made = await make(ploy)
    _, body = await ploy.get(f"/products/{made}/delete")
    assert "Delete this product?" in body
    answer, _ = await ploy.post(f"/products/{made}/delete")
    _, body = await ploy.get(answer.headers["Location"])
    assert "The product is deleted." in body


async def test_categories_are_kept_without_script(database, ploy):
    for name in ("Clothes", "Mugs"):
        await ploy.post("/products/categories", name_th="", name_en=name)
    with database.reading() as session:
        first, second = categories.all_of_them(session)
    await ploy.post(f"/products/categories/{second.id}", up="1", name_th="", name_en="Mugs")
    await ploy.post(f"/products/categories/{second.id}", name_th="แก้ว", name_en="Cups")
    _, body = await ploy.get("/products/categories")
    assert body.index("Cups") < body.index("Clothes")
    await ploy.post(f"/products/categories/{first.id}", remove="1")
    answer, body = await ploy.post(f"/products/categories/{second.id}", name_th=" ", name_en="")
    assert answer.status == 409 and "Please fill this in." in body
    with database.reading() as session:
        assert [one.name_th for one in categories.all_of_them(session)] == ["แก้ว"]


async def test_every_change_is_in_the_log(database, ploy):
    made = await make(ploy)
    await ploy.post(f"/products/{made}", name_th="เสื้อ", name_en="", category="")
    await ploy.post(
        f"/products/{made}/stock", variant="1", reason="damaged", number="1", words="", seen="4", once="s1"
    )
    with database.reading() as session:
        entries, _ = audit.find(session, Question(subject=str(made)))
        assert [(entry.action, entry.by) for entry in entries] == [
            ("stock.change_stock", "ploy@example.com"),
            ("product.details", "ploy@example.com"),
        ]
        assert entries[0].detail == {"stock of 1": -1}
        assert entries[1].detail["name_th"] == ["เสื้อลินิน", "เสื้อ"]
        assert (
            session.scalars(select(StockChange.reason).order_by(StockChange.id.desc())).first() == "damaged"
        )


@pytest.mark.parametrize(
    "path", ["/products?after=99999&q=%00&category=x&show=y", "/products/99999", "/pictures/99"]
)
async def test_addresses_that_lead_nowhere_break_nothing(ploy, path):
    answer, _ = await ploy.get(path)
    assert answer.status in (200, 404)


async def upload(ploy, text, name="products.csv"):
    form = aiohttp.FormData({"csrf": ploy.csrf})
    form.add_field("table", text.encode() if isinstance(text, str) else text, filename=name)
    async with ploy.client.post(
        ploy.url + "/products/import", data=form, headers=HTML, allow_redirects=False
    ) as answer:
        return answer, (await answer.read()).decode()


async def test_a_table_is_looked_at_before_it_is_applied_and_applied_once(database, ploy):
    with database.transaction() as session:
        make_variant(session)
    answer, _ = await upload(ploy, "sku,name,price,stock\nSHIRT,,199,\nNEW,<b>Mug</b>,5,2\nBAD,x,oops,1\n")
    assert answer.status == 303
    path = answer.headers["Location"]
    _, body = await ploy.get(path)
    assert "Nothing is changed yet." in body and "Apply 2 rows" in body
    assert "<del>250</del> → 199" in body and "&lt;b&gt;Mug" in body and "<b>Mug" not in body
    assert re.search(r"Price: This is not a number that can be used\.\s+<q>oops</q>", body)
    assert "Price: 5" in body and "Stock: 2" in body
    assert the_product(database).variants[0].price == 25000
    mark = re.search(r'name="mark" value="(\w+)"', body)[1]
    answer, body = await ploy.post(path, mark="another")
    assert answer.status == 409 and "Something has changed since you looked" in body
    for _ in range(2):
        answer, _ = await ploy.post(path, mark=mark)
        assert answer.status == 303
    _, body = await ploy.get(path)
    assert "The table is applied." in body
    with database.reading() as session:
        assert len(catalogue.products_page(session).products) == 2
        (*_, entry), _ = audit.find(session, Question(actions=["imports.apply"]))
        assert {name: entry.detail[name] for name in ("new", "changed", "wrong")} == {
            "new": 1,
            "changed": 1,
            "wrong": 1,
        }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0", "old Excel file"),
        (b"PK\x03\x04 broken", "cannot be read"),
        ("hello\n1", "no heading that is known"),
        ("", "Please choose a file|The table is empty"),
    ],
)
async def test_a_file_that_is_no_table_is_refused_with_the_reason(ploy, data, words):
    answer, body = await upload(ploy, data)
    assert answer.status == 409 and re.search(words, body)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_template_and_all_products_are_downloaded(database, ploy, kind):
    with database.transaction() as session:
        make_variant(session, name_en="=1+1")
    for path in (f"/products/import/template/{kind}", f"/products/export/{kind}"):
        async with ploy.client.get(ploy.url + path) as answer:
            data = await answer.read()
            assert answer.status == 200 and f".{kind}" in answer.headers["Content-Disposition"]
        assert "SKU" in spreadsheets.read(data)[0]
    assert spreadsheets.read(data)[1][:3] == ["SHIRT", "เสื้อยืด", "=1+1"]
    answer, _ = await ploy.get("/products/export/exe")
    assert answer.status == 404
