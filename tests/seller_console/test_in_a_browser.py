"""The console in a real browser: live, by thumb, and without script."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from shop import fulfilment, handoff, notices, payments
from shop.db import utc_now
from shop.models import Channel
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.seller_console.support import EMAIL, PASSWORD, place, send_slip

PHONE = {"width": 360, "height": 740}
ARTEFACTS = Path("artefacts/console")


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
async def browser(chromium) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        await browser.close()


async def sign_in(context: BrowserContext, url: str) -> Page:
    page = await context.new_page()
    await page.goto(url + "/orders")
    await page.fill("#email", EMAIL)
    await page.fill("#password", PASSWORD)
    await page.click("button.main")
    await page.wait_for_url("**/orders")
    return page


@pytest.fixture
async def phone(browser, console) -> AsyncIterator[BrowserContext]:
    """A seller's phone, signed in; it must never log an error, such as a script the policy refuses."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, locale="en")
    errors: list[str] = []
    context.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    await (await sign_in(context, console.url)).close()
    yield context
    await context.close()
    assert errors == []


def is_ours(message: ConsoleMessage) -> bool:
    """Whether the page is to blame, and not an answer or a connection that the test itself spoils."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


async def open_tab(context: BrowserContext, address: str) -> Page:
    """A tab that shows the address and can tell whether it was loaded again."""
    page = await context.new_page()
    await page.goto(address)
    await page.evaluate("window.neverReloaded = true")
    return page


async def test_confirming_in_one_tab_turns_the_others_to_paid_without_a_reload(
    console, database, phone, order
):
    address = f"{console.url}/orders/{order.number}"
    here, other = await open_tab(phone, address), await open_tab(phone, address)
    orders = await open_tab(phone, console.url + "/orders")
    await expect(orders.locator(".mark.pending")).to_have_count(1)
    await here.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await expect(here.get_by_role("dialog")).to_contain_text("ได้รับเงิน ฿290")
    await here.screenshot(path=artefact("question"))
    await here.get_by_role("button", name="ใช่", exact=True).tap()
    await expect(here.get_by_role("status").first).to_have_text("ยืนยันการชำระเงินแล้ว")
    await expect(here.get_by_role("status").first).to_be_in_viewport(ratio=1)
    for tab in (here, other):
        await expect(tab.locator(".order-head .verified")).to_have_text("ชำระเงินแล้ว")
        await expect(tab.get_by_role("link", name="ยืนยันการชำระเงิน")).to_have_count(0)
    await expect(orders.locator(".mark.paid")).to_have_count(1)
    await here.screenshot(path=artefact("paid"))
    await expect(here.locator(".notice.waiting")).to_be_visible()
    with database.transaction() as session:
        notices.told(session, 1, utc_now())
    for tab in (here, other):
        await expect(tab.locator(".notice.told")).to_contain_text("แจ้งลูกค้าแล้ว")
    await expect(here.get_by_role("status").first).to_have_text("ยืนยันการชำระเงินแล้ว")  # still
    for tab in (here, other, orders):
        assert await tab.evaluate("window.neverReloaded")
    colour = await here.locator(".verified .icon").first.evaluate("icon => getComputedStyle(icon).color")
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    assert green > red and green > blue


async def test_the_first_order_and_the_next_ones_appear_by_themselves(console, database, store, phone):
    page = await open_tab(phone, console.url + "/orders")
    await expect(page.get_by_text("ยังไม่มีคำสั่งซื้อ")).to_be_visible()
    numbers = []
    for name in ("nok", "lek"):
        with database.transaction() as session:
            order = place(session, session.get_one(Channel, 1), customer=name, cause=name)
            numbers.insert(0, order.number)
        await expect(page.locator("a.number")).to_have_text(numbers)
    with database.transaction() as session:
        send_slip(session, store, order)
    await expect(page.locator("li .mark.pending")).to_have_count(1)
    assert await page.evaluate("window.neverReloaded")
    await page.goto(console.url + "/orders?channel=2")
    await expect(page.locator("a.number")).to_have_count(0)


async def test_a_tab_catches_up_after_the_connection_was_gone(console, database, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await phone.set_offline(True)
    with database.transaction() as session:
        payments.confirm(session, order.id, by=EMAIL, now=utc_now())
    await asyncio.sleep(1)
    await phone.set_offline(False)
    await expect(page.locator(".order-head .verified")).to_be_visible(timeout=15_000)


async def test_everything_works_without_script(console, browser, order):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.get_by_role("link", name=order.number).click()
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").click()
    await page.get_by_role("button", name="ใช่", exact=True).click()
    await expect(page.locator(".order-head .verified")).to_have_text("ชำระเงินแล้ว")
    await page.locator(".account summary").click()
    await page.get_by_role("button", name="English").click()
    await expect(page.locator(".order-head .verified")).to_have_text("Paid")
    await page.locator(".account summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(console.url + "/sign-in")
    await context.close()


async def test_on_a_narrow_phone_nothing_sticks_out_and_every_target_fits_a_thumb(
    console, database, store, phone
):
    with database.transaction() as session:
        session.get_one(Channel, 2).name = "A Page with a name that goes on and on and on"
        long = place(session, session.get_one(Channel, 2), name="Krung" + "thep" * 60)
        long.recipient, long.address = "Krung" + "thep" * 60, "1/" + "2" * 200
        send_slip(session, store, long)
        shipped = place(session, session.get_one(Channel, 1), customer="lek", cause="lek")
        payments.confirm(session, shipped.id, by=EMAIL, now=utc_now())
        parcel = {"carrier": "flash", "tracking": "TH" + "0" * 38}
        fulfilment.ship(session, shipped.id, **parcel, by=EMAIL, now=utc_now())
        handoff.ask_for_person(session, long.customer_id, utc_now())
    page = await phone.new_page()
    for path in (
        "/orders",
        f"/orders/{long.number}",
        f"/orders/{long.number}/confirm",
        f"/orders/{shipped.number}",
        "/problems",
        "/waiting",
        "/settings",
        "/nothing",
    ):
        await page.goto(console.url + path)
        await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        await page.screenshot(path=artefact(f"narrow{path.replace('/', '-')}"[:40]), full_page=True)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        small = await page.evaluate(
            """[...document.querySelectorAll('a, button, input:not([type=hidden]), summary')]
                .filter(one => one.checkVisibility() && !one.matches('.skip, .number, .switch input'))
                .map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
                .filter(([, height]) => height < 44)"""
        )
        assert small == [], path
    await page.goto(console.url + "/orders")
    await page.touchscreen.tap(
        180, (await page.locator("ol.orders li").last.bounding_box())["y"] + 60
    )  # anywhere in the row
    await expect(page).to_have_url(re.compile(long.number))
    button = await page.locator(".action .main").bounding_box()
    assert button["y"] + button["height"] <= PHONE["height"], "the confirm button is within reach"


async def test_a_slip_opens_enlarged_in_place(console, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.locator("[data-enlarge]").tap()
    await expect(page.locator(".zoom img")).to_be_visible()
    assert (
        await page.locator(".zoom img").evaluate("image => image.decode().then(() => image.naturalWidth)")
        == 300
    )
    await page.keyboard.press("Escape")
    await expect(page.locator(".zoom img")).to_be_hidden()


def artefact(name: str) -> Path:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS / f"{name}-360.png"
