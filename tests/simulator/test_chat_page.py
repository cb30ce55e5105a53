"""The chat page in a browser at phone width, against a small shop that takes the webhooks."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.simulator.support import NOK, Shop, Simulator, until

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
MENU = [
    {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Products", "payload": "P"}]},
    {"locale": "th_TH", "call_to_actions": [{"type": "postback", "title": "สินค้า", "payload": "P"}]},
]
PROFILE = {
    "get_started": {"payload": "GET_STARTED"},
    "greeting": [{"locale": "default", "text": "สวัสดีค่ะคุณ{{user_first_name}}"}],
    "persistent_menu": MENU,
}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium where there is one, else the one Playwright has fetched."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone-sized context that fails the test on any script error."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield context
    await context.close()
    assert problems == []


async def open_chat(phone: BrowserContext, sim: Simulator, psid: str = NOK) -> Page:
    page = await phone.new_page()
    await page.goto(f"{sim.url}/chat/{psid}")
    await expect(page.locator("body")).to_have_attribute("data-ready", "true")
    return page


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


async def test_nok_starts_and_finds_greeting_and_menu_in_her_language(
    sim: Simulator, shop: Shop, phone: BrowserContext
) -> None:
    await sim.graph("POST", "me/messenger_profile", PROFILE)
    page = await open_chat(phone, sim)
    await expect(page.get_by_text("สวัสดีค่ะคุณนก")).to_be_visible()
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    await page.get_by_role("button", name="เริ่มต้นใช้งาน").click()
    await until(lambda: shop.events("postback"))
    assert shop.events("postback")[0]["postback"]["payload"] == "GET_STARTED"
    await expect(page.get_by_test_id("status")).to_have_attribute("data-state", "sent")

    await page.get_by_role("button", name="เมนู").click()
    await page.get_by_role("menuitem", name="สินค้า").click()
    await until(lambda: len(shop.events("postback")) == 2)
    assert shop.events("postback")[1]["postback"]["title"] == "สินค้า"


async def test_text_is_shown_as_text_and_stays_after_a_reload(
    sim: Simulator, shop: Shop, phone: BrowserContext
) -> None:
    page = await open_chat(phone, sim)
    evil = "<img src=x onerror=alert(1)> ค่ะ"
    await page.get_by_role("textbox").fill(evil)
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await until(lambda: shop.events())
    assert shop.events()[0]["message"]["text"] == evil
    await sim.send({"text": "รับทราบค่ะ <b>ไม่หนา</b>"})
    await expect(page.get_by_text("<b>ไม่หนา</b>")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("message")).to_have_count(2)
    assert await page.locator(".bubble img, .bubble b").count() == 0
    await until(lambda: shop.events("read"))


async def test_quick_replies_vanish_after_the_tap(sim: Simulator, shop: Shop, phone: BrowserContext) -> None:
    await sim.say("hi")
    page = await open_chat(phone, sim)
    replies = [{"content_type": "text", "title": f"{n} ตัว", "payload": f"Q{n}"} for n in (1, 2)]
    await sim.send({"text": "กี่ตัวคะ", "quick_replies": replies})
    await page.get_by_role("button", name="2 ตัว").click()
    await until(lambda: len(shop.events()) == 2)
    assert shop.events()[1]["message"]["quick_reply"] == {"payload": "Q2"}
    await expect(page.get_by_test_id("quick-reply")).to_have_count(0)


async def test_cards_swipe_and_their_buttons_tap(sim: Simulator, shop: Shop, phone: BrowserContext) -> None:
    await sim.say("hi")
    page = await open_chat(phone, sim)
    elements = [
        {
            "title": f"เสื้อแบบที่ {n}",
            "subtitle": "390 บาท",
            "image_url": f"{sim.url}/static/thumb.png",
            "buttons": [{"type": "postback", "title": "ซื้อเลย", "payload": f"BUY{n}"}],
        }
        for n in range(4)
    ]
    await sim.send(template(template_type="generic", elements=elements))
    last = page.get_by_test_id("card").nth(3)
    await expect(last).not_to_be_in_viewport()
    await page.locator(".track").evaluate("track => track.scrollTo({left: 9999, behavior: 'instant'})")
    await expect(last).to_be_in_viewport()
    await last.get_by_role("button", name="ซื้อเลย").click()
    await until(lambda: shop.events("postback"))
    assert shop.events("postback")[0]["postback"]["payload"] == "BUY3"
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_a_receipt_opens_its_details(sim: Simulator, phone: BrowserContext) -> None:
    await sim.say("hi")
    page = await open_chat(phone, sim)
    receipt = {
        "template_type": "receipt",
        "recipient_name": "นก ใจดี",
        "order_number": "TL-482913",
        "currency": "THB",
        "payment_method": "พร้อมเพย์",
        "elements": [{"title": "ผ้าขาวม้า", "quantity": 2, "price": 380}],
        "address": {
            "street_1": "12/3 ถ.เจริญกรุง",
            "city": "บางรัก",
            "postal_code": "10500",
            "state": "กรุงเทพฯ",
            "country": "TH",
        },
        "summary": {"subtotal": 380, "shipping_cost": 40, "total_cost": 420},
    }
    await sim.send(template(**receipt))
    await expect(page.get_by_test_id("receipt")).to_contain_text("฿420")
    await page.get_by_role("button", name="ดูรายละเอียด").click()
    details = page.get_by_role("dialog")
    for text in ("TL-482913", "พร้อมเพย์", "12/3 ถ.เจริญกรุง", "฿40"):
        await expect(details).to_contain_text(text)
    await page.keyboard.press("Escape")
    await expect(details).to_have_count(0)


async def test_photos_and_a_thumb_are_sent(
    sim: Simulator, shop: Shop, phone: BrowserContext, tmp_path: Path
) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(PNG)
    page = await open_chat(phone, sim)
    await page.get_by_test_id("photo-input").set_input_files([tmp_path / "a.png", tmp_path / "b.png"])
    await until(lambda: shop.events())
    attachments = shop.events()[0]["message"]["attachments"]
    assert [item["type"] for item in attachments] == ["image", "image"]
    async with sim.session.get(attachments[1]["payload"]["url"]) as answer:
        assert await answer.read() == PNG
    await page.get_by_role("button", name="ส่งยกนิ้ว").click()
    await until(lambda: len(shop.events()) == 2)
    assert shop.events()[1]["message"]["attachments"][0]["type"] == "sticker"


async def test_typing_and_seen_are_shown(sim: Simulator, phone: BrowserContext) -> None:
    await sim.say("hi")
    page = await open_chat(phone, sim)
    for action in ("mark_seen", "typing_on"):
        await sim.graph("POST", "me/messages", {"recipient": {"id": NOK}, "sender_action": action})
    await expect(page.get_by_test_id("typing")).to_be_visible()
    await expect(page.get_by_test_id("status")).to_contain_text("อ่านแล้ว")
    await sim.send({"text": "ค่ะ"})
    await expect(page.get_by_test_id("typing")).to_be_hidden()


async def test_trouble_is_told_and_passes(sim: Simulator, shop: Shop, phone: BrowserContext) -> None:
    await sim.scenario(retry_first=0.05, retry_longest=0.1)
    shop.answer = lambda taken: 500
    page = await open_chat(phone, sim)
    await page.get_by_test_id("composer").fill("ฮัลโหล")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("banner")).to_contain_text("HTTP 500")
    await expect(page.get_by_test_id("status")).to_have_attribute("data-state", "sending")
    shop.answer = lambda taken: 200
    await expect(page.get_by_test_id("banner")).to_be_hidden()
    await expect(page.get_by_test_id("status")).to_have_attribute("data-state", "sent")
    await sim.send({"text": "ก" * 2000})
    await expect(page.get_by_test_id("refused")).to_contain_text("message[text]")


async def test_a_link_opens_above_the_chat_at_its_height(sim: Simulator, phone: BrowserContext) -> None:
    await sim.say("hi")
    page = await open_chat(phone, sim)
    link = {"type": "web_url", "title": "ดูร้าน", "url": f"{sim.url}/", "webview_height_ratio": "tall"}
    await sim.send(template(template_type="button", text="ร้านของเรา", buttons=[link]))
    await page.get_by_role("button", name="ดูร้าน").click()
    view = page.get_by_test_id("webview")
    await expect(view.frame_locator("iframe").get_by_test_id("chat-row").first).to_be_visible()
    box = await view.bounding_box()
    assert box is not None and 0.7 < box["height"] / 844 < 0.8
    await page.get_by_test_id("webview-close").click()
    await expect(view).to_have_count(0)


async def test_two_customers_in_two_tabs_and_the_list(
    sim: Simulator, shop: Shop, phone: BrowserContext
) -> None:
    chats = await phone.new_page()
    await chats.goto(sim.url)
    await chats.get_by_test_id("new-chat-name").fill("Alex Carter")
    await chats.get_by_test_id("new-chat-locale").select_option("en_US")
    await chats.get_by_test_id("new-chat").click()
    await expect(chats.locator("body")).to_have_attribute("data-ready", "true")
    alex = chats.url.rsplit("/", 1)[-1]
    nok = await open_chat(phone, sim)
    await chats.get_by_role("textbox", name="Message").fill("Hello!")
    await chats.get_by_role("button", name="Send", exact=True).click()
    await expect(chats.get_by_text("Hello!")).to_be_visible()
    await until(lambda: shop.events())
    assert shop.events()[0]["sender"]["id"] == alex
    await expect(nok.get_by_test_id("message")).to_have_count(0)
    await nok.goto(sim.url)
    await expect(nok.get_by_test_id("chat-row").first).to_contain_text("Alex Carter")
    await sim.graph("POST", "me/messages", {"recipient": {"id": alex}, "message": {"text": "Hi Alex"}})
    await expect(nok.get_by_test_id("chat-row").first).to_contain_text("Hi Alex")
