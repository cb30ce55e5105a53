"""The whole way in a real browser: Nok orders on her phone, Ploy confirms on hers, Nok is told "Paid"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.phones import SECONDS, open_chat, open_console
from tests.support.stack import Stack


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


@pytest.mark.parametrize("words", [ENGLISH, THAI], ids=["english", "thai"])
def test_nok_orders_ploy_confirms_nok_is_told_paid(
    chrome: Browser, stack: Stack, slip_photo: Path, artefacts: Path, words: Words
) -> None:
    psid = {"en_US": "7000000000000001", "th_TH": "7000000000000002"}[words.locale]
    nok = open_chat(chrome, stack, psid, words.name, words.locale)

    def photograph(page: Page, step: str) -> None:
        page.screenshot(path=artefacts / f"journey-{words.locale}-{step}.png")

    nok.page.get_by_test_id("get-started").click()
    if words is ENGLISH:  # Meta tells few apps a person's language, so the first words are the shop's
        nok.tap("English")
    nok.tap(words.products)
    expect(nok.page.get_by_test_id("card").filter(has_text=words.product).last).to_be_visible(timeout=SECONDS)
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
    expect(nok.page.get_by_test_id("receipt").last).to_be_visible(timeout=SECONDS)
    nok.hears("089-111-2223")
    photograph(nok.page, "2-bill")
    nok.page.get_by_test_id("photo-input").set_input_files(slip_photo)
    nok.hears(words.pending)
    photograph(nok.page, "3-pending")

    ploy = open_console(chrome, stack)
    other_tab = ploy.context.new_page()
    other_tab.goto(f"{stack.addresses['console']}/orders/{number[0]}")
    row = ploy.locator("a", has_text=number[0]).first
    expect(row).to_be_visible(timeout=SECONDS)
    photograph(ploy, "4-orders")
    row.click()
    slip = ploy.locator("img[src*='/slips/']").first
    expect(slip).to_be_visible(timeout=SECONDS)
    assert slip.evaluate("picture => picture.complete && picture.naturalWidth") == 720
    photograph(ploy, "5-order")
    assert ploy.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ploy.get_by_role("link", name=re.compile("^(Confirm payment|ยืนยันการชำระเงิน)$")).first.click()
    ploy.get_by_role("button", name=re.compile("^(Yes|ใช่)$")).last.click()
    expect(ploy.get_by_text(re.compile("Payment Confirmed|ยืนยันการชำระเงินแล้ว")).first).to_be_visible(
        timeout=SECONDS
    )
    for tab in (ploy, other_tab):  # nobody reloads the other one
        expect(tab.get_by_text(re.compile("^(Paid|ชำระเงินแล้ว)$")).first).to_be_visible(timeout=SECONDS)
    photograph(ploy, "6-paid")

    nok.hears(words.paid)
    photograph(nok.page, "7-told")
    nok.write(words.view_orders)
    orders = nok.page.get_by_test_id("card").filter(has_text=number[0]).last
    expect(orders).to_contain_text(re.compile("Paid|ชำระเงินแล้ว"), timeout=SECONDS)
    photograph(nok.page, "8-orders")
