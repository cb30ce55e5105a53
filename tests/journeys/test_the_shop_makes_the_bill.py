"""Without Auto Billing: Nok fills the cart, a person makes the order in the console, and the bot goes on from there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shop.db import Database
from shop.models import Shop
from tests.journeys.phones import SECONDS, open_chat, open_console
from tests.support.stack import Stack


@pytest.fixture
def no_auto_billing(stack: Stack) -> Iterator[None]:
    database = Database(stack.settings.database_url)

    def switch(on: bool) -> None:
        with database.transaction() as session:
            session.get_one(Shop, 1).auto_billing = on

    switch(False)
    yield
    switch(True)
    database.close()


def open_form(ploy: Page, stack: Stack, name: str) -> None:
    """From the list of chats to the form that makes the order, by taps."""
    ploy.goto(f"{stack.addresses['console']}/chats")
    ploy.get_by_role("link", name=re.compile(name)).first.click()
    ploy.get_by_role("link", name=re.compile("^(เปิดบิล|Make the order)$")).click()


def confirm(ploy: Page, stack: Stack, number: str) -> None:
    ploy.goto(f"{stack.addresses['console']}/orders/{number}")
    ploy.get_by_role("link", name=re.compile("^(Confirm payment|ยืนยันการชำระเงิน)$")).first.click()
    ploy.get_by_role("button", name=re.compile("^(Yes|ใช่)$")).last.click()


def test_the_bot_asks_for_the_address_of_the_order_that_the_shop_made(
    chrome: Browser, stack: Stack, slip_photo: Path, artefacts: Path, no_auto_billing: None
) -> None:
    nok = open_chat(chrome, stack, "7400000000000001", "นก บิลหนึ่ง", "th_TH")
    nok.page.get_by_test_id("get-started").click()
    nok.tap("สินค้า")
    nok.tap_on_card("เสื้อยืดสีขาว", "ซื้อเลย")
    nok.tap("2")
    nok.tap("ยืนยันคำสั่งซื้อ")
    nok.hears("แอดมินสรุปยอด")

    ploy = open_console(chrome, stack)
    open_form(ploy, stack, "นก บิลหนึ่ง")
    ploy.screenshot(path=artefacts / "shop-makes-the-bill-1-form.png", full_page=True)
    ploy.locator(".action button.main").click()
    said = ploy.get_by_role("status").filter(has_text=re.compile(r"TL-\d+"))
    expect(said).to_be_visible(timeout=SECONDS)
    ploy.screenshot(path=artefacts / "shop-makes-the-bill-2-made.png")
    number = re.search(r"TL-\d+", said.inner_text())
    assert number is not None

    nok.hears(f"ร้านเปิดบิลออเดอร์ {number[0]}")
    nok.hears("ชื่อผู้รับ")
    nok.page.screenshot(path=artefacts / "shop-makes-the-bill-3-asked.png")
    nok.write("นก ใจดี")
    nok.hears("เบอร์โทร")
    nok.write("081-234-5678")
    nok.hears("ที่อยู่")
    nok.write("99/1 ถ.สุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพฯ 10110")
    nok.tap("ถูกต้อง")
    expect(nok.page.get_by_test_id("receipt").last).to_be_visible(timeout=SECONDS)
    nok.hears("089-111-2223")
    nok.page.get_by_test_id("photo-input").set_input_files(slip_photo)
    nok.hears("รอยืนยันการชำระเงิน")
    confirm(ploy, stack, number[0])
    nok.hears("ชำระเงินแล้ว")
    nok.page.screenshot(path=artefacts / "shop-makes-the-bill-4-paid.png")


def test_what_was_agreed_in_the_chat_is_ordered_with_its_address(
    chrome: Browser, stack: Stack, slip_photo: Path, artefacts: Path, no_auto_billing: None
) -> None:
    nok = open_chat(chrome, stack, "7400000000000002", "Nok Billtwo", "en_US")
    nok.page.get_by_test_id("get-started").click()
    nok.tap("English")
    nok.tap("Products")
    nok.tap_on_card("White T-shirt", "Buy Now")
    nok.tap("1")
    nok.tap("Confirm order")
    nok.hears("I have told the seller")

    ploy = open_console(chrome, stack)
    open_form(ploy, stack, "Nok Billtwo")
    ploy.locator(".lines section").first.locator("input[type=number]").fill("2")
    ploy.locator("section[aria-labelledby=more] summary").click()
    ploy.locator("section[aria-labelledby=more] [data-step='1']").first.click()
    ploy.locator("[name=recipient]").fill("Nok Jaidee")
    ploy.locator("[name=phone]").fill("081 234 5678")
    ploy.locator("[name=address]").fill("99/1 Sukhumvit Road, Khlong Toei, Bangkok 10110")
    ploy.locator(".action button.main").click()
    said = ploy.get_by_role("status").filter(has_text=re.compile(r"TL-\d+"))
    expect(said).to_be_visible(timeout=SECONDS)
    number = re.search(r"TL-\d+", said.inner_text())
    assert number is not None

    nok.hears(f"The shop has made your order {number[0]}")
    expect(nok.page.get_by_test_id("receipt").last).to_contain_text(number[0], timeout=SECONDS)
    nok.hears("089-111-2223")
    nok.page.screenshot(path=artefacts / "shop-makes-the-bill-5-bill.png")
    nok.page.get_by_test_id("photo-input").set_input_files(slip_photo)
    nok.hears("Payment Confirmation: Pending")
    confirm(ploy, stack, number[0])
    nok.hears("Payment Confirmed")
