"""Chats on a phone and on a wide screen: read, answered and followed live, with and without script."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import expect

from shop import carts, handoff, orders, quick_answers
from shop.conversation import Kind
from shop.db import utc_now
from shop.models import Channel, Customer, Order, OutboxMessage
from shop.replies import Bill, BillLine, Button, Card, Cards, Choices, Text
from tests.factories import make_customer, make_reply, make_said, make_variant
from tests.seller_console.browser import ARTEFACTS, DESKTOP, PHONE, is_good, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL, send_slip

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def nok(database, store, order):
    """Nok, who has talked with the bot, sent a slip, and waits for a person; others have written too."""
    with database.transaction() as session:
        nok = session.get_one(Customer, order.customer_id)
        nok.name = "สมหญิง ใจดี"
        began = utc_now() - timedelta(days=1)
        make_said(session, nok.id, "สวัสดีค่ะ มีเสื้อสีแดงไหมคะ", began)
        cards = Cards(tuple(Card(f"เสื้อยืด {size}", "฿250 · เหลือ 5 ตัว") for size in "SML"))
        make_reply(session, nok.id, Text("มีค่ะ เลือกดูได้เลยนะคะ"), began + MINUTE)
        make_reply(session, nok.id, cards, began + MINUTE)
        make_said(session, nok.id, "สั่งซื้อเลย", began + 2 * MINUTE, Kind.TAP)
        sizes = Choices(
            "เลือกไซส์ได้เลยค่ะ", tuple(Button(size, payload=f"/{size}") for size in ("S", "M", "L", "XL"))
        )
        make_reply(session, nok.id, sizes, began + 3 * MINUTE)
        make_said(session, nok.id, "M", began + 4 * MINUTE, Kind.TAP)
        bill = Bill("TL-1", "Nok", "THB", "PromptPay", (BillLine("เสื้อยืด", 1, 25000),), 25000, 4000, 29000, 1)
        make_reply(session, nok.id, bill, began + 5 * MINUTE)
        slip = make_said(session, nok.id, "", began + 6 * MINUTE, attachments=({"type": "image", "part": 0},))
        send_slip(session, store, session.get_one(Order, order.id), str(slip))
        now = utc_now()
        make_said(session, nok.id, "", now - 40 * MINUTE, attachments=({"type": "like"},))
        make_said(session, nok.id, "ขอที่อยู่ร้านหน่อยค่ะ " + "https://evil.example/" + "x" * 80, now - 30 * MINUTE)
        make_reply(session, nok.id, Text("สักครู่นะคะ แอดมินกำลังมาตอบค่ะ"), now - 30 * MINUTE)
        no_right = '{"th": "แอปยังไม่มีสิทธิ์ Human Agent", "en": "The app has no Human Agent."}'
        make_reply(
            session,
            nok.id,
            Text("ร้านอยู่ซอยอารีย์ค่ะ"),
            now - 20 * MINUTE,
            state="failed",
            error=no_right,
            written_by=EMAIL,
        )
        make_said(session, nok.id, "ขอบคุณค่ะ 🙏 จะส่งถึงวันไหนคะ", now - 10 * MINUTE)
        nok.last_inbound_at = now - 10 * MINUTE
        handoff.ask_for_person(session, nok.id, now - 30 * MINUTE)
        nok.unread = 2
        carts.put(session, nok.id, make_variant(session, sku="MUG", name_th="แก้วเซรามิก", name_en="Mug").id, 2)
        for number in range(12):
            other = make_customer(
                session, session.get_one(Channel, 1 + number % 2), f"c{number}", f"ลูกค้า {number}"
            )
            other.last_inbound_at = now - number * 50 * MINUTE
            make_said(session, other.id, f"สนใจสินค้าชิ้นที่ {number} ค่ะ", other.last_inbound_at)
        handoff.answered(session, other.id, now)
        for fields in (
            {
                "shortcut": "ส่ง",
                "text_th": "จัดส่งทุกวันจันทร์ถึงเสาร์ค่ะ คุณ{ชื่อ}",
                "text_en": "We ship Mon to Sat, {name}.",
            },
            {"shortcut": "ขอบคุณ", "text_th": "ขอบคุณมากค่ะ {ออเดอร์}", "text_en": ""},
        ):
            quick_answers.save(session, None, fields)
        return nok.id


async def in_view(page, selector):
    """Whether the last such thing is seen whole, without scrolling."""
    await expect(page.locator(selector).last).to_be_in_viewport(ratio=0.99)


async def test_a_seller_reads_answers_and_hears_the_reply(console, database, nok, device):
    page = await open_tab(device, console.url + "/chats")
    await expect(page.locator(".chat-list li").first).to_contain_text("สมหญิง ใจดี")
    await picture(page, "chats")
    await is_good(page)
    await page.locator(".chat-list li a").first.click()
    await page.wait_for_url(f"**/chats/{nok}")
    await page.evaluate("window.neverReloaded = true")
    await in_view(page, ".talk > li")
    await in_view(page, ".chat-write .send")
    await is_good(page)
    await page.screenshot(path=f"artefacts/console/chat-{page.viewport_size['width']}.png")
    await page.locator("#text").fill("ถึงพรุ่งนี้ค่ะ")
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await expect(page.locator(".talk > li").last).to_contain_text("ถึงพรุ่งนี้ค่ะ")
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator(".talk > li").last).to_contain_text("กำลังส่ง")
    with database.transaction() as session:
        mine = session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).first()
        mine.state = "sent"
    await expect(page.locator(".talk > li").last).to_contain_text("ส่งแล้ว")
    await page.locator("#text").fill("กำลังพิมพ์อยู่")
    with database.transaction() as session:
        make_said(session, nok, "โอเคค่ะ", utc_now())
    await expect(page.locator(".talk > li").last).to_contain_text("โอเคค่ะ")
    await in_view(page, ".talk > li")
    await expect(page.locator("#text")).to_have_value("กำลังพิมพ์อยู่")
    assert await page.evaluate("window.neverReloaded")
    await page.get_by_role("button", name="ให้บอทตอบต่อ").click()
    await expect(page.get_by_role("status").first).to_contain_text("บอทกลับมาตอบแชทนี้แล้ว")
    assert await page.evaluate("window.neverReloaded")


async def test_quick_answers_are_put_in_by_a_tap_or_by_their_name(console, database, nok, device):
    page = await open_tab(device, f"{console.url}/chats/{nok}")
    await page.locator(".quick summary").click()
    await page.screenshot(path=f"artefacts/console/chat-quick-{page.viewport_size['width']}.png")
    await is_good(page)
    await page.locator(".quick button", has_text="/ส่ง").click()
    await expect(page.locator("#text")).to_have_value("จัดส่งทุกวันจันทร์ถึงเสาร์ค่ะ คุณสมหญิง ใจดี")
    await page.locator("#text").fill("/ขอบ")
    await expect(page.locator(".quick li:not([hidden])")).to_have_count(1)
    await page.locator(".quick li:not([hidden]) button").click()
    with database.reading() as session:
        number = orders.latest(session, nok, 1)[0].number
    await expect(page.locator("#text")).to_have_value(f"ขอบคุณมากค่ะ {number}")
    await page.goto(console.url + "/chats/answers")
    await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    await picture(page, "quick-answers")
    await is_good(page)


async def test_a_keyboard_sends_with_enter(console, database, nok, browser):
    context = await browser.new_context(viewport=DESKTOP, locale="en")
    await (await sign_in(context, console.url)).close()
    page = await open_tab(context, f"{console.url}/chats/{nok}")
    await page.locator("#text").press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await page.locator("#text").press_sequentially("two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk > li").last).to_contain_text("one\ntwo", use_inner_text=True)
    await page.locator("#text").press_sequentially("/ส")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("จัดส่งทุกวันจันทร์ถึงเสาร์ค่ะ คุณสมหญิง ใจดี")
    await context.close()


async def test_all_of_it_works_without_script(console, nok, browser):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en")
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}")
    await in_view(page, ".talk > li")
    await page.locator(".quick summary").click()
    await page.locator(".quick button", has_text="/ส่ง").click()
    await expect(page.locator("#text")).to_have_value("จัดส่งทุกวันจันทร์ถึงเสาร์ค่ะ คุณสมหญิง ใจดี")
    await page.locator(".send").click()
    await expect(page.locator(".talk > li").last).to_contain_text("จัดส่งทุกวันจันทร์")
    await in_view(page, ".talk > li")
    await page.get_by_role("button", name="ให้บอทตอบต่อ").click()
    await expect(page.get_by_role("status").first).to_contain_text("บอทกลับมา")
    await context.close()


async def test_in_english_and_on_dark_screens(console, nok, device):
    page = await open_tab(device, f"{console.url}/chats/{nok}")
    await page.emulate_media(color_scheme="dark")
    token = await page.locator('input[name="csrf"]').first.input_value()
    await page.request.post(
        console.url + "/language", form={"csrf": token, "language": "en", "next": "/chats"}
    )
    await page.goto(f"{console.url}/chats/{nok}")
    await is_good(page)
    await page.screenshot(path=f"artefacts/console/chat-dark-en-{page.viewport_size['width']}.png")
    await page.goto(f"{console.url}/chats")
    await picture(page, "chats-dark-en")
    weight = len(await (await page.request.get(f"{console.url}/chats/{nok}")).body())
    assert weight < 60_000


def photo(colour: str, size: tuple[int, int] = (4000, 3000), kind: str = "JPEG") -> bytes:
    """A picture as large as a phone's camera makes them."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    with Image.open(out) as noise:
        noise = Image.blend(noise.convert("RGB"), Image.new("RGB", size, colour), 0.6)
    noise.save(out := io.BytesIO(), kind)
    return out.getvalue()


def chosen(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


async def test_pictures_are_made_small_shown_taken_away_and_sent(console, database, nok, device):
    page = await open_tab(device, f"{console.url}/chats/{nok}")
    red, green = photo("red"), photo("green", (1500, 3200))
    field = page.locator("[data-attach]")
    await field.set_input_files(
        [chosen("red.jpg", red), chosen("no.jpg", b"<svg/>"), chosen("green.jpg", green)]
    )
    await expect(page.locator("[data-shots] li")).to_have_count(2)
    await expect(page.locator("[data-shots-said]")).to_contain_text("no.jpg")
    await field.set_input_files([chosen("blue.jpg", photo("blue", (900, 700)))])  # adds to what is there
    await expect(page.locator("[data-shots] li")).to_have_count(3)
    await expect(page.locator("[data-shots-said]")).to_have_text("")
    await page.screenshot(path=f"artefacts/console/chat-pictures-chosen-{page.viewport_size['width']}.png")
    await is_good(page)
    await in_view(page, ".chat-write .send")
    await page.locator("[data-shots] button").nth(1).click()
    await expect(page.locator("[data-shots] li")).to_have_count(2)
    await page.locator("#text").fill("สีนี้ค่ะ")
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await expect(page.locator(".talk > li").last).to_contain_text("สีนี้ค่ะ")
    await expect(page.locator("[data-shots] li")).to_have_count(0)
    await expect(page.locator(".by-seller .photo img")).to_have_count(2)
    assert await page.evaluate("window.neverReloaded")
    # The server alone would have left them at 2400 pixels: it was this browser that made them small.
    for image in await page.locator(".by-seller .photo img").all():
        await expect(image).to_have_js_property("complete", True)
        assert await image.evaluate("one => one.naturalWidth * one.naturalHeight") <= 1600 * 1200 * 1.01
    await page.screenshot(path=f"artefacts/console/chat-pictures-sent-{page.viewport_size['width']}.png")
    await is_good(page)
    await page.locator(".by-seller .photo").first.click()
    await expect(page.locator("[data-zoom] img")).to_be_visible()
    await page.keyboard.press("Escape")
    # the next ones are another message, and take no words
    await field.set_input_files([chosen("next.jpg", photo("yellow", (300, 200)))])
    await expect(page.locator("[data-shots] li")).to_have_count(1)
    await page.get_by_role("button", name="ส่ง", exact=True).click()
    await expect(page.locator(".by-seller .photo img")).to_have_count(3)
    with database.reading() as session:
        kinds = [row.body["kind"] for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]
    assert kinds[-4:] == ["image", "image", "text", "image"]


async def test_a_lost_connection_loses_nothing_and_pictures_can_be_dropped_and_pasted(
    console, database, nok, browser
):
    context = await browser.new_context(viewport=DESKTOP, locale="en")
    await (await sign_in(context, console.url)).close()
    page = await open_tab(context, f"{console.url}/chats/{nok}")
    give = """([name, type]) => {
        const data = new DataTransfer();
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 50;
        return new Promise((done) => canvas.toBlob((blob) => {
            data.items.add(new File([blob], `${type}.png`, { type: "image/png" }));
            const how = type === "paste" ? { clipboardData: data } : { dataTransfer: data };
            const kind = type === "paste" ? ClipboardEvent : DragEvent;
            const event = new kind(type, { ...how, bubbles: true, cancelable: true });
            document.querySelector(name).dispatchEvent(event);
            done(event.defaultPrevented);
        }));
    }"""
    assert await page.evaluate(give, ["#text", "paste"])
    assert await page.evaluate(give, [".talk", "drop"])
    await expect(page.locator("[data-shots] li")).to_have_count(2)
    await page.locator("#text").fill("two")
    await context.set_offline(True)
    await page.locator(".send").click()
    await expect(page.locator("[data-unsent][role=alert]")).to_contain_text("ส่งไม่สำเร็จ")
    await context.set_offline(False)
    await expect(page.locator("[data-shots] li")).to_have_count(2)
    await page.locator(".send").click()
    await expect(page.locator(".by-seller .photo img")).to_have_count(2)
    await expect(page.locator(".talk > li").last).to_contain_text("two")
    await context.close()


async def test_pictures_are_sent_without_script(console, database, nok, browser):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en")
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}")
    await page.locator("[data-attach]").set_input_files([chosen("red.jpg", photo("red", (800, 600)))])
    await in_view(page, ".chat-write .send")
    await page.screenshot(path=ARTEFACTS / "chat-pictures-without-script-360.png")
    assert await page.locator("[data-attach]").bounding_box() is not None
    await page.locator(".send").click()
    await expect(page.locator(".by-seller .photo img")).to_have_count(1)
    await context.close()
