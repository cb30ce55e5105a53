"""Tracking numbers in a real browser: scanned, shared, from a carrier's file, typed while another seller is quicker."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from shop import fulfilment
from shop.db import utc_now
from shop.models import Order, User
from tests.seller_console.browser import DESKTOP, PHONE, is_good, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL
from tests.seller_console.test_parcels import made, shipped  # noqa: F401  # a fixture

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


async def tab(browser, console, database, size):
    """A signed-in tab: in Thai on a phone in the dark, in English at the desk."""
    with database.transaction() as session:
        session.query(User).update({"language": "th" if size is PHONE else "en"})
    context = await browser.new_context(
        viewport=size, has_touch=size is PHONE, color_scheme="dark" if size is PHONE else "light"
    )
    return await sign_in(context, console.url)


@SIZES
async def test_numbers_are_scanned_and_one_for_two_customers_is_asked_about(
    console,
    browser,
    database,
    made,  # noqa: F811
    size,
):
    page = await tab(browser, console, database, size)
    await page.goto(f"{console.url}/orders/parcels?of={','.join(made.values())}")
    await is_good(page)
    await picture(page, "parcels-mixed")
    await page.locator(".to-send input").first.focus()
    for _ in range(2):  # a scanner types and presses Enter
        await page.keyboard.type("TH0777")
        await page.keyboard.press("Enter")
    await expect(page.locator("form .main")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[name=shared]")).to_be_visible()
    await is_good(page)
    await picture(page, "parcels-shared")
    await page.locator(".to-send input").nth(1).fill("TH0778")
    await page.locator("form .main").click()
    await expect(page.get_by_role("status")).to_be_visible()
    assert set(shipped(database)[0].values()) == {
        ("flash", "TH0001"),
        ("flash", "TH0777"),
        ("flash", "TH0778"),
    }
    await page.context.close()


@SIZES
async def test_a_carriers_file_says_what_is_new_what_differs_and_what_is_missing(
    console,
    browser,
    database,
    made,  # noqa: F811
    size,
):
    page = await tab(browser, console, database, size)

    async def bring(*lines):
        await page.goto(console.url + "/orders/parcels/file")
        file = {"name": "parcels.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode("cp874")}
        await page.set_input_files('input[type="file"]', file)
        await page.locator("form .main").click()

    await bring("รายงานพัสดุประจำวัน", "ชื่อผู้รับ,Consignee Tel,น้ำหนัก,Remark,COD", "สมหญิง,0812345678,1,,")
    await expect(page.get_by_role("alert")).to_contain_text("Consignee Tel")
    await is_good(page)
    await picture(page, "parcels-file-refused")
    await bring(
        "รายงานพัสดุประจำวัน",
        "",
        "Tracking No. (เลขพัสดุ),*Order No,Reference,โทรศัพท์ผู้รับ,ขนส่ง",
        f'="820012345678",A-1,{made["nok"]},="0812345678",J&T',
        f"TH0009,A-2,{made['sent']},0812345678,",
        f"TH0001,A-3,{made['mali']},0899999999,",
        f"8.20012E+11,A-4,{made['waiting']},,Kerry Express",
    )
    await expect(page.locator("[name=parcel]:checked")).to_have_count(1)
    await expect(page.locator("[name=parcel]")).to_have_count(2)
    await is_good(page)
    await picture(page, "parcels-file-looked-at")
    await page.locator("form .main").click()
    await expect(page.get_by_role("status")).to_be_visible()
    assert shipped(database)[0] == {made["sent"]: ("flash", "TH0001"), made["nok"]: ("jt", "820012345678")}
    await page.context.close()


async def test_a_number_that_somebody_enters_while_one_is_typed_is_not_overwritten(
    console,
    browser,
    database,
    made,  # noqa: F811
):
    first = await tab(browser, console, database, PHONE)
    page = await open_tab(first.context, f"{console.url}/orders/{made['mali']}")
    await page.locator("#ship > summary").tap()
    await is_good(page)
    await page.locator("[name=tracking]").fill("TH0888")
    with database.transaction() as session:
        order = session.query(Order).filter_by(number=made["mali"]).one()
        fulfilment.ship(session, order.id, carrier="jt", tracking="TH0777", by=EMAIL, now=utc_now())
    await expect(page.locator(".steps")).to_contain_text("TH0777")
    await expect(page.locator("[name=tracking]")).to_have_value("TH0888")
    await page.locator("#parcel .main").tap()
    await expect(page.get_by_role("alert")).to_contain_text("ไปก่อนแล้ว")
    await picture(page, "parcels-meanwhile")
    assert shipped(database)[0][made["mali"]] == ("jt", "TH0777")
    await page.context.close()
