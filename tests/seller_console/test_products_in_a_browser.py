"""Products in a real browser, on a phone and on a wide screen: pictures, variants, low stock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from shop import catalogue
from shop.db import Database
from tests.factories import make_variant
from tests.seller_console.browser import PHONE, is_good, picture, sign_in
from tests.seller_console.test_products import picture as photo


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


def files(tmp_path: Path, *colours: str) -> list[Path]:
    made = [tmp_path / f"{colour}.jpg" for colour in colours]
    for path in made:
        path.write_bytes(photo(colour=path.stem))
    return made


async def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        await page.fill(f'[name="{name}"]', value)


async def test_a_product_with_two_pictures_and_six_variants_is_made_by_thumb(
    console, database, device, tmp_path
):
    page = await device.new_page()
    await page.goto(console.url + "/products")
    await expect(page.get_by_text("ยังไม่มีสินค้า")).to_be_visible()
    await is_good(page)
    await picture(page, "products-none")
    await page.get_by_role("link", name="เพิ่มสินค้า").click()
    await page.set_input_files('[name="pictures"]', files(tmp_path, "teal", "orange"))
    await expect(page.locator("[data-chosen]")).to_have_text("teal.jpg, orange.jpg")
    await fill(
        page, name_th="เสื้อลินิน", name_en="Linen shirt", description_th="ผ้าลินินแท้ ใส่สบาย", new_category="เสื้อผ้า / Clothes",
        price="590", stock="5",
    )  # fmt: skip
    await page.locator('[name="option-0-th"]').fill("สี")
    await page.locator('[name="option-0-add"]').fill("ดำ / Black, ขาว / White")
    await page.locator('[name="option-1-th"]').fill("ขนาด")
    await page.locator('[name="option-1-add"]').fill("S, M, L")
    await picture(page, "products-new")
    await is_good(page)
    await page.get_by_role("button", name="เพิ่มสินค้า").click()
    await expect(page.get_by_role("status").first).to_contain_text("เพิ่มสินค้าแล้ว")
    await expect(page.locator(".shots li")).to_have_count(2)
    await expect(page.locator(".variant:not(.all)")).to_have_count(6)
    await picture(page, "products-one")
    await is_good(page)

    variants = page.locator(".variant:not(.all)")
    await variants.nth(3).locator('[name^="picture-"]').select_option(label="รูปที่ 2")
    await variants.nth(5).locator('[name^="stock-"]').fill("0")
    await page.fill('[name="all-low_stock"]', "2")
    await page.locator("#variants").get_by_role("button", name="บันทึก").click()
    await expect(page.get_by_role("status").first).to_have_text("บันทึกแล้ว")
    with database.reading() as session:
        (seen,) = catalogue.products_page(session).products  # what chat and store show
        assert [len(seen.pictures), len(seen.offered), seen.category.name("en")] == [2, 6, "Clothes"]
        white = seen.offered[3]
        assert white.option("en") == "White / S" and white.picture == seen.pictures[1].key
        assert catalogue.pictures(session, [white.id]) == {white.id: seen.pictures[1].key}
    await page.goto(console.url + "/products")
    await expect(page.locator('[data-count="low_stock"]')).to_have_text("1")
    await expect(page.locator(".products .name")).to_have_text("เสื้อลินิน")
    await picture(page, "products-list")


async def test_pictures_are_sent_when_chosen_and_turned_without_losing_what_is_typed(
    console, database, device, tmp_path
):
    with database.transaction() as session:
        make_variant(session)
    page = await device.new_page()
    await page.goto(console.url + "/products/1")
    await page.evaluate("window.neverReloaded = true")
    await page.fill('[name="name_th"]', "ชื่อที่ยังไม่ได้บันทึก")
    await expect(page.get_by_role("button", name="เพิ่มรูปที่เลือก")).to_be_hidden()
    await page.locator('.choose [name="pictures"]').first.set_input_files(files(tmp_path, "teal", "orange"))
    await expect(page.locator(".shots li")).to_have_count(2)
    (tmp_path / "words.jpg").write_text("no picture")
    await page.locator('.choose [name="pictures"]').last.set_input_files(tmp_path / "words.jpg")
    await expect(page.locator("#pictures .say.bad")).to_contain_text("words.jpg: ใช้รูปนี้ไม่ได้")
    await page.locator(".shots li").last.get_by_role("button", name="เลื่อนไปก่อน").click()
    await expect(page.locator(".shots li").first).to_have_id("picture-2")
    await page.locator(".shots li").last.get_by_role("button", name="ลบรูปที่ 2").click()
    await expect(page.locator(".shots li")).to_have_count(1)
    assert await page.evaluate("window.neverReloaded")
    await expect(page.locator('[name="name_th"]')).to_have_value("ชื่อที่ยังไม่ได้บันทึก")
    with database.reading() as session:
        assert [one.id for one in catalogue.any_product(session, 1).pictures] == [2]


async def test_more_pictures_than_one_form_takes_are_sent_with_a_new_product(
    console, database, phone, tmp_path
):
    page = await phone.new_page()
    await page.goto(console.url + "/products/new")
    heavy = files(tmp_path, "teal", "orange", "navy")
    for path in heavy:
        path.write_bytes(
            path.read_bytes() + b"\0" * 12_000_000
        )  # as heavy as a camera's; together beyond 32 MB
    await page.set_input_files('[name="pictures"]', heavy)
    await fill(page, name_th="กระเป๋าสาน", price="แพง", stock="2")
    await page.evaluate("window.neverReloaded = true")
    add = page.get_by_role("button", name="เพิ่มสินค้า")
    await add.tap()
    await expect(page.locator('label:has([name="price"]) [role=alert]')).to_be_visible()
    await expect(page.locator("[data-chosen]")).to_have_text(
        "teal.jpg, orange.jpg, navy.jpg"
    )  # they stay chosen
    await expect(page.get_by_text("กรุณาเลือกรูปอีกครั้ง")).to_have_count(0)
    await is_good(page)
    await picture(page, "products-new-wrong")
    assert await page.evaluate("window.neverReloaded")
    await fill(page, price="350.-")
    sent = []

    async def cut(route):
        sent.append(route.request.url)
        await (route.abort() if len(sent) == 2 else route.continue_())

    await page.route("**/products/1/pictures", cut)
    await add.tap()
    await expect(page.locator("[data-unsent][role=alert]")).to_contain_text("ส่งไม่สำเร็จ")
    await expect(page.locator("[data-chosen]")).to_have_text("orange.jpg, navy.jpg")
    await add.tap()  # goes on where it was
    await expect(page.get_by_role("status").first).to_contain_text("เพิ่มสินค้าแล้ว", timeout=20_000)
    await expect(page.locator(".shots li")).to_have_count(3)
    with database.reading() as session:
        assert [one.variants[0].price for one in catalogue.products_page(session).products] == [35000]


async def test_a_picture_is_dropped_on_the_page(console, database, desktop):
    with database.transaction() as session:
        make_variant(session)
    page = await desktop.new_page()
    await page.goto(console.url + "/products/1")
    transfer = await page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", { type: "image/jpeg" }));
            return transfer;
        }""",
        list(photo()),
    )
    await page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})
    await expect(page.locator(".shots li")).to_have_count(1)


async def test_everything_works_without_script(console, browser, database, tmp_path):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.goto(console.url + "/products/new")
    await fill(page, name_th="แก้ว", price="160", stock="2")
    await page.get_by_role("button", name="เพิ่มสินค้า").click()
    await page.locator('.choose [name="pictures"]').first.set_input_files(files(tmp_path, "teal"))
    await page.get_by_role("button", name="เพิ่มรูปที่เลือก").click()
    await expect(page.locator(".shots li")).to_have_count(1)
    await page.get_by_role("link", name="สต็อกและประวัติ").click()
    await page.locator('[name="reason"]').select_option("damaged")
    await page.fill('[name="number"]', "1")
    await page.get_by_role("button", name="บันทึก").click()
    await expect(page.locator(".changes li").first).to_contain_text(re.compile("−1.*เสียหาย", re.S))
    await context.close()


async def test_low_stock_is_filled_up_where_it_is_listed(console, database: Database, device):
    with database.transaction() as session:
        for number in range(4):
            make_variant(
                session,
                f"SKU-{number}",
                stock=number,
                name_th=f"เสื้อยืดคอกลมผ้าฝ้ายรุ่นที่ {number}",
                name_en=f"Shirt {number}",
            )
    page = await device.new_page()
    await page.goto(console.url + "/products/low")
    await expect(page.locator(".products.low li")).to_have_count(3)
    await is_good(page)
    await picture(page, "products-low")
    row = page.locator(".products.low li").first
    await row.locator('[name="number"]').fill("12")
    await row.get_by_role("button", name="รับเข้า").click()
    await expect(page.locator(".products.low li")).to_have_count(2)
    await page.goto(console.url + "/products/1/stock")
    await expect(page.locator(".changes li").first).to_contain_text("+12")
    await picture(page, "products-stock")
    await is_good(page)


async def test_fifty_rows_with_three_mistakes_are_looked_at_and_applied(console, database, device, tmp_path):
    rows = [f"MUG-{n:02},แก้วเซรามิกลายที่ {n},{150 + n},{n}" for n in range(50)]
    rows[6], rows[20] = "MUG-06,แก้วลายช้าง,แพง,6", "MUG-20,,170,20"
    rows[40] = "MUG-39,แก้วซ้ำ,190,1"
    table = tmp_path / "สินค้า.csv"
    table.write_bytes("รหัสสินค้า,ชื่อสินค้า,ราคา,สต็อก\r\n{}\r\n".format("\r\n".join(rows)).encode("cp874"))
    with database.transaction() as session:
        make_variant(session, "MUG-00", price=9900, stock=0, name_th="แก้วเซรามิกลายที่ 0")
    page = await device.new_page()
    await page.goto(console.url + "/products/import")
    await picture(page, "products-import")
    await is_good(page)
    await page.set_input_files('[name="table"]', table)
    await page.get_by_role("button", name="ตรวจก่อนนำเข้า").click()
    await expect(page.locator(".sums dd")).to_have_text(["46", "1", "0", "3"])
    await expect(page.locator(".changes .say.bad")).to_have_count(3)
    await picture(page, "products-planned")
    await is_good(page)
    with database.reading() as session:
        assert catalogue.variant_on_sale(session, 1).price == 9900
    await page.get_by_role("button", name="นำเข้า 47 แถว").click()
    await expect(page.get_by_role("status").first).to_contain_text("นำเข้าเรียบร้อยแล้ว")
    with database.reading() as session:
        assert len(catalogue.products_page(session, limit=100).products) == 47
        assert catalogue.variant_on_sale(session, 1).price == 15000
