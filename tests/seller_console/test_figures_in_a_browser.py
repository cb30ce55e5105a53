"""The shop's figures on a phone and on a wide screen, light and dark, with and without script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from shop import customers, payments
from shop.db import utc_now
from shop.models import Channel
from tests.factories import make_customer, make_order, make_variant
from tests.seller_console.browser import PHONE, is_good, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL

THINGS = (
    ("เสื้อเชิ้ตลินินแขนยาว", "Long-sleeved linen shirt"),
    ("กระเป๋าผ้า", "Canvas bag"),
    ("หมวกปีกกว้าง", "Sun hat"),
    ("แก้วเซรามิก", "Mug"),
)


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def a_month(database):
    """Thirty days of orders on two Pages, most of them paid."""
    with database.transaction() as session:
        pages = [session.get_one(Channel, 1), session.get_one(Channel, 2)]
        variants = [
            make_variant(session, f"S{number}", 20000 + 9000 * number, 500, name_th=th, name_en=en)
            for number, (th, en) in enumerate(THINGS)
        ]
        for day in range(30):
            at = utc_now() - timedelta(days=day)
            for number in range(1 + day % 4):
                buyer = make_customer(session, pages[number % 2], f"c{day}-{number}")
                customers.was_in_chat(session, buyer.id, at)
                order = make_order(
                    session, buyer, variants[(day + number) % 4], 1 + number, f"{day}-{number}"
                )
                order.placed_at = at
                for look in range(day % 5):  # who only asks
                    asks = make_customer(session, pages[number % 2], f"a{day}-{number}-{look}")
                    customers.was_in_chat(session, asks.id, at)
                if day % 7 == 3:
                    order.payment_state = "on_delivery"
                elif (day + number) % 3:
                    payments.confirm(session, order.id, by=EMAIL, now=at)
    return database


async def test_a_seller_looks_at_a_month_and_into_the_table(console, a_month, device):
    page = await open_tab(device, console.url + "/figures")
    await page.get_by_role("link", name="30 วัน").click()
    await expect(page.locator("picture img")).to_have_count(6)
    for image in await page.locator("picture img").all():
        await image.scroll_into_view_if_needed()
        await expect(image).to_have_js_property("complete", True)
        width = await image.evaluate("image => image.naturalWidth")
        assert width == (340 if page.viewport_size == PHONE else 900)
    await picture(page, "figures")
    await page.locator("#over-time ~ details summary").click()
    await expect(page.locator("#over-time ~ details tbody tr")).to_have_count(30)
    await is_good(page)
    await picture(page, "figures-table")
    await page.locator("summary", has_text="เลือกวันเอง").click()
    await page.get_by_label("ตั้งแต่").fill("2020-01-01")
    await page.get_by_label("ถึง").fill("2020-01-31")
    await page.get_by_role("button", name="แสดง").click()
    await expect(page.get_by_text("ช่วงนี้ยังไม่มียอดขาย")).to_be_visible()
    await is_good(page)
    await picture(page, "figures-empty")


async def test_figures_in_the_dark_and_in_english_without_script(console, a_month, browser):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, color_scheme="dark")
    page = await sign_in(context, console.url)
    await page.locator(".account summary").click()
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("link", name="More").click()
    await page.get_by_role("main").get_by_role("link", name="Figures").click()
    await page.get_by_role("link", name="7 days").click()
    await expect(page.get_by_role("heading", name="Best products")).to_be_visible()
    for image in await page.locator("picture img").all():
        await image.scroll_into_view_if_needed()
    await picture(page, "figures-dark")
    await context.close()
