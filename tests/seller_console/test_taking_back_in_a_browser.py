"""What goes wrong with parcels, in a real browser: a slip of the thumb, and a parcel that nobody collected."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from shop import fulfilment, order_notes, stock, ways_to_pay
from shop.db import utc_now
from shop.models import Channel, Order, Shop, User
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in
from tests.seller_console.support import EMAIL, place

WORDS = {
    "th": (
        "บันทึกว่าแพ็กแล้ว",
        "บันทึกว่าจัดส่งแล้ว ระบบจะแจ้งลูกค้าให้",
        "บันทึกว่าส่งถึงแล้ว ระบบจะแจ้งลูกค้าให้",
        "ไม่มีผู้รับ หรือไม่มารับของ",
        "ยังต้องคืนลูกค้าอีก ฿290",
    ),
    "en": (
        "Packed.",
        "Shipped. The customer is told.",
        "Delivered. The customer is told.",
        "Not collected or nobody at home",
        "Left to return to the customer: ฿290",
    ),
}


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def cod(database):
    """An order that was taken on, to be paid on delivery."""
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
        order = place(session, session.get_one(Channel, 1), customer="som", name="Som", cause="som")
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=utc_now())
        fulfilment.accept(session, order.id, by=EMAIL, now=utc_now())
        return order


@pytest.mark.parametrize(("language", "viewport"), [("th", PHONE), ("en", DESKTOP)])
async def test_each_step_is_undone_and_a_parcel_taken_back(
    console, database, browser, cod, language, viewport
):
    packed, shipped, delivered, why, left = WORDS[language]
    with database.transaction() as session:
        session.query(User).update({"language": language})
    context = await browser.new_context(viewport=viewport, locale=language)
    page = await sign_in(context, console.url)

    async def shows(text, name):
        await expect(page.get_by_role("status")).to_have_text(text)
        await is_good(page)
        await picture(page, f"{name}-{language}")

    async def undo(step):
        await page.locator(f".action form[action$='/{step}'] button").click()
        await expect(page.locator(f".action form[action$='/{step}']")).to_have_count(0)

    async def ship():
        await page.locator("#parcel [name=carrier]").select_option("flash")
        await page.locator("#parcel [name=tracking]").fill("TH0112345678")
        await page.locator("#parcel button.main").click()

    async def deliver():
        await page.locator("#ask-deliver summary").click()
        await page.locator("#delivered button").click()

    await page.goto(f"{console.url}/orders/{cod.number}")
    await page.locator(".action form[action$='/pack'] button").click()
    await shows(packed, "packed")
    await undo("unpack")
    await page.locator(".action form[action$='/pack'] button").click()
    await expect(page.locator("#parcel")).to_be_visible()
    await ship()
    await shows(shipped, "shipped")
    await undo("unship")
    await ship()
    await deliver()
    await shows(delivered, "delivered")
    await undo("undeliver")
    await deliver()
    await expect(page.get_by_role("status")).to_have_text(delivered)

    await page.locator("#ask-undeliver summary").click()
    await page.locator("#come-back summary").click()
    await page.locator("#come-back [type=checkbox]").uncheck()
    with database.transaction() as session:  # the page is drawn anew under the seller's hands
        order_notes.add(session, session.get_one(Order, cod.id), "Wet", form="1", by=EMAIL, now=utc_now())
    await expect(page.locator(".notes").get_by_text("Wet")).to_be_visible()
    await expect(page.locator("#come-back [type=checkbox]")).not_to_be_checked()
    await is_good(page)
    await picture(page, f"came-back-{language}")
    await page.get_by_role("button", name=why).click()
    await expect(page.locator(".history").get_by_text(why)).to_be_visible()
    await expect(page.locator(".payment").get_by_text(left)).to_be_visible()
    await page.locator("#keep summary").click()
    await is_good(page)
    await picture(page, f"taken-back-{language}")
    await page.locator("#keep [name=reason]").fill("ค่าส่ง")
    await page.locator("#keep button").click()
    await expect(page.locator("#keep")).to_have_count(0)
    await is_good(page)
    await picture(page, f"kept-{language}")
    with database.reading() as session:
        order = session.get_one(Order, cod.id)
        assert (order.state, order.kept, stock.was_kept_out(session, order)) == (
            "cancelled",
            order.total,
            True,
        )
    await context.close()


@pytest.mark.parametrize("script", [True, False])
async def test_enter_ends_no_order_without_the_words(console, database, browser, cod, script):
    with database.transaction() as session:
        fulfilment.ship(session, cod.id, carrier="flash", tracking="TH0112345678", by=EMAIL, now=utc_now())
    context = await browser.new_context(viewport=DESKTOP, locale="th", java_script_enabled=script)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/orders/{cod.number}")
    await page.locator("#come-back summary").click()
    words = page.locator("#come-back [name=words]")
    await words.press("Enter")
    await expect(page.locator("#come-back [name=words][aria-invalid]")).to_be_visible()
    with database.reading() as session:
        assert session.get_one(Order, cod.id).state == "shipped"
    await words.fill("กล่องเปียกน้ำ")
    await words.press("Enter")
    await expect(page.locator(".history").get_by_text("กล่องเปียกน้ำ")).to_be_visible()
    await context.close()


async def test_several_are_packed_and_unpacked_with_one_tap(console, database, browser, cod):
    context = await browser.new_context(viewport=PHONE, locale="th", java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/orders")
    await page.locator(f"input[name=order][value='{cod.number}']").check()
    await page.locator("button[formaction='/orders/pack']").first.click()
    await is_good_without_script(page)
    await picture(page, "packed-several")
    await page.locator("form[action='/orders/unpack'] button").click()
    await expect(page.locator("h1")).to_be_visible()
    with database.reading() as session:
        assert session.get_one(Order, cod.id).state == "confirmed"
    await context.close()


async def is_good_without_script(page):
    """`is_good` runs in the page; without script only that the tap can be reached is looked at."""
    box = await page.locator("form[action='/orders/unpack'] button").bounding_box()
    assert box is not None
    assert box["height"] >= 44
