"""The whole way in a real browser: Nok orders on her phone, Ploy confirms on hers, Nok is told "Paid"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.journeys.simulated import Simulator
from tests.support.machine import browser as chromium
from tests.support.stack import Stack

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
_SECONDS = 20_000


@dataclass(frozen=True)
class Words:
    """What stands on the taps and in the answers, in one language."""

    locale: str
    products: str
    buy_now: str
    product: str
    confirm_order: str
    question: str
    answer: str
    correct: str
    pending: str
    paid: str
    view_orders: str
    name: str
    address: str


ENGLISH = Words(
    locale="en_US",
    products="Products",
    buy_now="Buy Now",
    product="White T-shirt",
    confirm_order="Confirm order",
    question="how much is shipping?",
    answer="฿40",
    correct="Correct",
    pending="Payment Confirmation: Pending",
    paid="Payment Confirmed",
    view_orders="View orders",
    name="Nok Jaidee",
    address="99/1 Sukhumvit Road, Khlong Toei, Bangkok 10110",
)
THAI = Words(
    locale="th_TH",
    products="สินค้า",
    buy_now="ซื้อเลย",
    product="เสื้อยืดสีขาว",
    confirm_order="ยืนยันคำสั่งซื้อ",
    question="ค่าส่งเท่าไหร่คะ",
    answer="฿40",
    correct="ถูกต้อง",
    pending="รอยืนยันการชำระเงิน",
    paid="ชำระเงินแล้ว",
    view_orders="ดูคำสั่งซื้อ",
    name="นก ใจดี",
    address="99/1 ถ.สุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพฯ 10110",
)


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def slip_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    picture = Image.new("RGB", (720, 1280), "#e8f3ee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([60, 80, 660, 1200], fill="white", outline="#0a7a4b", width=6)
    draw.text((120, 160), "Transfer successful\n290.00 THB", fill="#123", font_size=48)
    file = tmp_path_factory.mktemp("slip") / "slip.jpg"
    picture.save(file)
    return file


class Chat:
    """Nok's phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tap(self, title: str) -> None:
        """Tap the newest button or quick reply with this title."""
        self._tappable(title).last.click(timeout=_SECONDS)

    def tap_on_card(self, product: str, title: str) -> None:
        card = self.page.get_by_test_id("card").filter(has_text=product).last
        card.get_by_text(title, exact=True).click(timeout=_SECONDS)

    def write(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def hears(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the shop has said so."""
        said = self.page.locator('[data-testid="message"][data-side="shop"]').filter(has_text=text).last
        expect(said).to_be_visible(timeout=_SECONDS)
        return said

    def _tappable(self, title: str) -> Locator:
        return self.page.locator('[data-testid="quick-reply"], [data-testid="button"]').filter(
            has_text=re.compile(f"^\\s*{re.escape(title)}\\s*$")
        )


def open_chat(chrome: Browser, stack: Stack, psid: str, words: Words) -> Chat:
    Simulator(stack.addresses["simulator"]).post("customers", psid=psid, name=words.name, locale=words.locale)
    page = chrome.new_context(
        viewport=PHONE, has_touch=True, locale=words.locale.replace("_", "-")
    ).new_page()
    page.goto(f"{stack.addresses['simulator']}/chat/{psid}")
    return Chat(page)


def open_console(chrome: Browser, stack: Stack) -> Page:
    page = chrome.new_context(viewport=SMALL_PHONE, has_touch=True).new_page()
    page.goto(stack.addresses["console"])
    page.locator("#email").fill(stack.seller)
    page.locator("#password").fill(stack.password)
    page.locator("button.main").click()
    return page


@pytest.mark.parametrize("words", [ENGLISH, THAI], ids=["english", "thai"])
def test_nok_orders_ploy_confirms_nok_is_told_paid(
    chrome: Browser, stack: Stack, slip_photo: Path, artefacts: Path, words: Words
) -> None:
    psid = {"en_US": "7000000000000001", "th_TH": "7000000000000002"}[words.locale]
    nok = open_chat(chrome, stack, psid, words)

    def photograph(page: Page, step: str) -> None:
        page.screenshot(path=artefacts / f"journey-{words.locale}-{step}.png")

    nok.page.get_by_test_id("get-started").click()
    if words is ENGLISH:  # Meta tells few apps a person's language, so the first words are the shop's
        nok.tap("English")
    nok.tap(words.products)
    expect(nok.page.get_by_test_id("card").filter(has_text=words.product).last).to_be_visible(
        timeout=_SECONDS
    )
    photograph(nok.page, "1-products")
    nok.tap_on_card(words.product, words.buy_now)
    nok.tap("2")
    nok.hears("฿500")
    nok.tap(words.confirm_order)
    number = re.search(r"TL-\d+", nok.hears(re.compile(r"TL-\d+")).inner_text())
    assert number is not None

    nok.hears(re.compile("recipient's name|ชื่อผู้รับ"))
    nok.write(words.name)
    nok.hears(re.compile("phone number|เบอร์โทร"))
    nok.write(words.question)
    nok.hears(words.answer)
    nok.write("081-234-5678")
    nok.hears(re.compile("address|ที่อยู่"))
    nok.write(words.address)
    nok.tap(words.correct)
    expect(nok.page.get_by_test_id("receipt").last).to_be_visible(timeout=_SECONDS)
    nok.hears("089-111-2223")
    photograph(nok.page, "2-bill")
    nok.page.get_by_test_id("photo-input").set_input_files(slip_photo)
    nok.hears(words.pending)
    photograph(nok.page, "3-pending")

    ploy = open_console(chrome, stack)
    other_tab = ploy.context.new_page()
    other_tab.goto(f"{stack.addresses['console']}/orders/{number[0]}")
    row = ploy.locator("a", has_text=number[0]).first
    expect(row).to_be_visible(timeout=_SECONDS)
    photograph(ploy, "4-orders")
    row.click()
    slip = ploy.locator("img[src*='/slips/']").first
    expect(slip).to_be_visible(timeout=_SECONDS)
    assert slip.evaluate("picture => picture.complete && picture.naturalWidth") == 720
    photograph(ploy, "5-order")
    assert ploy.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ploy.get_by_text(re.compile("^(Confirm payment|ยืนยันการชำระเงิน)$")).last.click()
    ploy.get_by_text(re.compile("^(Yes|ใช่)$")).last.click()
    expect(ploy.get_by_text(re.compile("Payment Confirmed|ยืนยันการชำระเงินแล้ว")).first).to_be_visible(
        timeout=_SECONDS
    )
    for tab in (ploy, other_tab):  # nobody reloads the other one
        expect(tab.get_by_text(re.compile("^(Paid|ชำระเงินแล้ว)$")).first).to_be_visible(timeout=_SECONDS)
    photograph(ploy, "6-paid")

    nok.hears(words.paid)
    photograph(nok.page, "7-told")
    nok.write(words.view_orders)
    orders = nok.page.get_by_test_id("card").filter(has_text=number[0]).last
    expect(orders).to_contain_text(re.compile("Paid|ชำระเงินแล้ว"), timeout=_SECONDS)
    photograph(nok.page, "8-orders")
