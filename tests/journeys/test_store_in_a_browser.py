"""The web store in a real browser, as it opens inside the chat on a small phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.journeys.phones import SECONDS, SMALL_PHONE, open_chat
from tests.support.stack import Stack

EN = {
    "open": "Open store", "category": "Clothes", "product": "Linen shirt", "colour": "White", "buy": "Buy Now",
    "confirm": "Confirm order", "save": "Save", "send": "Send slip", "thanks": "We have your slip",
    "pending": "Payment Confirmation: Pending", "name": "Nok Jaidee",
    "address": "99/1 Sukhumvit Road, Khlong Toei, Bangkok 10110",
}  # fmt: skip
TH = {
    "open": "เปิดร้านออนไลน์", "category": "เสื้อผ้า", "product": "เสื้อเชิ้ตลินิน", "colour": "ขาว", "buy": "ซื้อเลย",
    "confirm": "ยืนยันคำสั่งซื้อ", "save": "บันทึก", "send": "ส่งสลิป", "thanks": "ได้รับสลิปแล้วค่ะ",
    "pending": "รอยืนยันการชำระเงิน", "name": "นก ใจดี",
    "address": "99/1 ถ.สุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพฯ 10110",
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "psid", "words"), [("en_US", "7000000000000011", EN), ("th_TH", "7000000000000012", TH)]
)
def test_nok_orders_in_the_store_and_the_chat_knows(
    chrome: Browser,
    stack: Stack,
    slip_photo: Path,
    artefacts: Path,
    locale: str,
    psid: str,
    words: dict[str, str],
) -> None:
    nok = open_chat(chrome, stack, psid, words["name"], locale)
    nok.page.set_viewport_size(SMALL_PHONE)  # type: ignore[arg-type]
    nok.page.get_by_test_id("get-started").click()
    if locale == "en_US":
        nok.tap("English")
    nok.tap(words["open"])
    nok.hears(re.compile("yours alone|ของคุณคนเดียว"))
    nok.tap(words["open"])
    store = nok.page.frame_locator("[data-testid=webview] iframe")

    def photograph(step: str) -> None:
        nok.page.screenshot(path=artefacts / f"store-{locale}-{step}.png")
        assert fits(store), step

    store.get_by_role("link", name=words["category"]).click(timeout=SECONDS)
    expect(store.get_by_text(words["product"])).to_be_visible(timeout=SECONDS)
    expect(store.locator(".goods img").first).to_have_js_property("complete", True)
    photograph("1-window")
    store.get_by_text(words["product"]).click()
    store.get_by_text(words["colour"], exact=True).click(timeout=SECONDS)
    store.get_by_text("M", exact=True).click()
    photograph("2-product")
    store.get_by_role("button", name=words["buy"]).click()
    expect(store.locator(".lines")).to_contain_text("฿490", timeout=SECONDS)
    photograph("3-cart")
    store.get_by_role("button", name=words["confirm"]).click()
    store.locator("[name=recipient]").fill(words["name"])
    store.locator("[name=phone]").fill("081")
    store.locator("[name=address]").fill(words["address"])
    store.get_by_role("button", name=words["save"]).click()
    expect(store.locator(".bad")).to_be_visible(timeout=SECONDS)
    photograph("4-address")
    expect(store.locator("[name=recipient]")).to_have_value(words["name"])
    store.locator("[name=phone]").fill("081-234-5678")
    store.get_by_role("button", name=words["save"]).click()
    expect(store.get_by_text("฿530").first).to_be_visible(timeout=SECONDS)
    photograph("5-order")
    store.locator("[name=slip]").set_input_files(slip_photo)
    store.get_by_role("button", name=words["send"]).click()
    expect(store.get_by_text(words["thanks"])).to_be_visible(timeout=SECONDS)
    expect(store.get_by_text(words["pending"])).to_be_visible()
    photograph("6-slip")

    expect(nok.page.get_by_test_id("receipt").last).to_be_attached(timeout=SECONDS)
    close(nok.page)
    nok.hears(words["pending"])
    nok.page.screenshot(path=artefacts / f"store-{locale}-7-chat.png")


def fits(store: FrameLocator) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide: bool = store.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")
    return wide


def close(page: Page) -> None:
    """Close the webview and go back to the chat."""
    page.get_by_test_id("webview-close").click()
