"""The store in a real browser on a small phone: what its script adds, and that it can do without."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from shop.db import Database
from shop.models import Customer
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.storefront.conftest import Browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture(params=[True], ids=["script"])
async def phone(request: pytest.FixtureRequest, chromium: str) -> AsyncIterator[BrowserContext]:
    """A customer's phone; no page may make it log an error, such as a script the policy refuses."""
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        context = await chrome.new_context(viewport=PHONE, has_touch=True, java_script_enabled=request.param)
        errors: list[str] = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        yield context
        await chrome.close()
    assert [error for error in errors if "status of 409" not in error] == []


async def shop(phone: BrowserContext, browser: Browser, path: str = "") -> Page:
    page = await phone.new_page()
    await page.goto(browser.address(path))
    return page


async def test_a_choice_shows_its_price_and_stock_and_what_is_sold_out(
    phone: BrowserContext, browser: Browser, database: Database, customer: Customer
) -> None:
    page = await shop(phone, browser, "products/1")
    await expect(page.locator("label.chip.none")).to_have_text("L")
    await page.get_by_text("M", exact=True).click()
    await expect(page.locator("[data-price]")).to_have_text("฿250")
    await expect(page.locator("[data-stock]")).to_have_text("Left: 5")
    await page.get_by_text("L", exact=True).click()
    await expect(page.locator("[data-stock]")).to_have_text("Sold out")
    await expect(page.get_by_role("button", name="Buy Now")).to_be_disabled()
    await page.get_by_text("M", exact=True).click()
    for _ in range(9):
        await page.get_by_role("button", name="One more").click()
    await expect(page.locator("[name=quantity]")).to_have_value("5")


async def test_a_changed_number_is_sent_by_itself_and_never_ordered_unseen(
    phone: BrowserContext, browser: Browser
) -> None:
    page = await shop(phone, browser, "products/1")
    await page.get_by_text("M", exact=True).click()
    await page.get_by_role("button", name="Buy Now").click()
    await expect(page.locator("p.total")).to_contain_text("฿250")
    await page.get_by_role("button", name="One more").click()
    await expect(page.locator("p.total")).to_contain_text("฿500")
    await page.locator("[name=quantity]").first.fill("3")
    await page.get_by_role("button", name="Confirm order").click()
    await expect(page.locator("p.total")).to_contain_text("฿750")
    assert page.url.endswith("/cart")
    await page.get_by_role("button", name="Confirm order").click()
    await expect(page.locator("[name=recipient]")).to_be_visible()


@pytest.mark.parametrize("phone", [False], indirect=True, ids=["no script"])
async def test_everything_can_be_done_without_a_script(phone: BrowserContext, browser: Browser) -> None:
    page = await shop(phone, browser)
    await page.get_by_text("T-shirt").click()
    await page.get_by_text("M", exact=True).click()
    await page.get_by_role("button", name="Buy Now").click()
    await page.locator("[name=quantity]").first.fill("2")
    await page.get_by_role("button", name="Update").click()
    await expect(page.locator("p.total")).to_contain_text("฿500")
    await page.get_by_role("button", name="Confirm order").click()
    await page.locator("[name=recipient]").fill("Nok Jaidee")
    await page.locator("[name=phone]").fill("081 234 5678")
    await page.locator("[name=address]").fill("99/1 Sukhumvit Road, Khlong Toei, Bangkok 10110")
    await page.locator("[name=address]").blur()
    await page.get_by_role("button", name="Save").last.click()
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "JPEG")
    await page.locator("[name=slip]").set_input_files(
        {"name": "slip.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    await page.get_by_role("button", name="Send slip").click()
    await expect(page.get_by_text("We have your slip")).to_be_visible()
    await expect(page.get_by_text("Payment Confirmation: Pending")).to_be_visible()
