"""The page of one order in a real browser: on a phone by thumb, at a desk by keys, and for packers without money."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from shop import order_lines, orders, payments, people
from shop.db import utc_now
from shop.models import Channel, Customer, Order, User
from tests.factories import make_order, make_variant
from tests.seller_console.browser import ARTEFACTS, DESKTOP, PHONE, is_good, measured, open_tab, sign_in
from tests.seller_console.support import EMAIL, PASSWORD, SUMS, place, send_slip


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def english(database):
    with database.transaction() as session:
        session.get_one(User, 1).language = "en"


@pytest.fixture
async def desk(browser, console):
    """A seller's desktop browser, signed in."""
    context = await browser.new_context(viewport=DESKTOP, locale="en")
    await (await sign_in(context, console.url)).close()
    yield context
    await context.close()


def another(database, store, name, *, slip=True):
    """One more customer's order, maybe with its slip."""
    with database.transaction() as session:
        made = place(session, session.get_one(Channel, 1), customer=name, name=name, cause=name)
        if slip:
            send_slip(session, store, made, f"slip {name}")
        return made


async def seen(page, name, *, whole=False):
    """Keep what the seller sees as a picture."""
    width = page.viewport_size["width"]
    await page.screenshot(path=ARTEFACTS / f"{name}-{width}.png", full_page=whole)


async def test_confirmed_by_thumb_undone_and_on_to_the_next_slip(console, database, store, phone, order):
    following = another(database, store, "lek")
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await is_good(page)
    bar = page.locator(".action").last
    await expect(bar).to_be_in_viewport(ratio=1)
    await seen(page, "order-pending")
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await page.get_by_role("button", name="ใช่", exact=True).tap()
    await expect(page.get_by_role("status").first).to_have_text("ยืนยันการชำระเงินแล้ว")
    await expect(page.locator(".order-head .verified")).to_have_text("ชำระเงินแล้ว")
    undo = page.locator("[data-after]").get_by_role("button", name="เลิกทำ")
    await expect(undo).to_be_in_viewport(ratio=1)
    await seen(page, "order-just-confirmed")
    await undo.tap()
    await expect(page.locator(".order-head .pill")).to_contain_text("รอยืนยันการชำระเงิน")
    with database.reading() as session:
        assert session.get_one(Order, order.id).payment_state == "pending"
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await page.get_by_role("button", name="ใช่", exact=True).tap()
    await expect(page.locator("[data-seconds]")).to_have_text(re.compile(r"\([1-8]\)"))
    await expect(page).to_have_url(f"{console.url}/orders/{following.number}", timeout=15_000)  # by itself


async def test_whoever_wants_to_stay_stays(console, database, store, phone, order):
    another(database, store, "lek")
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    now = utc_now()
    await page.clock.set_fixed_time(
        now
    )  # however slow the machine is, the seconds are not over before the tap
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await page.get_by_role("button", name="ใช่", exact=True).tap()
    await page.get_by_role("button", name="อยู่หน้านี้").tap()
    await page.clock.set_fixed_time(now + timedelta(seconds=9))
    await page.wait_for_timeout(2_000)
    assert await page.evaluate("window.neverReloaded")
    await expect(page.get_by_role("link", name="สลิปถัดไป").first).to_be_visible()


async def test_a_slip_is_rejected_with_one_reason_and_taken_up_again(console, database, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.get_by_role("link", name="ไม่ผ่าน").tap()
    await seen(page, "order-reject")
    await page.get_by_role("button", name="ยอดเงินไม่ตรงกับออเดอร์").tap()
    await expect(page.locator(".order-head .pill")).to_contain_text("รอชำระเงิน")
    await expect(page.locator(".slips")).to_contain_text("ยอดเงินไม่ตรงกับออเดอร์")
    await page.get_by_role("button", name="กดผิด ขอตรวจใหม่").tap()
    await expect(page.locator(".order-head .pill")).to_contain_text("รอยืนยันการชำระเงิน")
    await page.get_by_role("link", name="ไม่ผ่าน").tap()
    await page.get_by_label("พิมพ์เหตุผลเอง").fill("โอนมาไม่ครบค่ะ")
    await page.get_by_role("button", name="ไม่ผ่าน แจ้งตามนี้").tap()
    await expect(page.locator(".slips")).to_contain_text("โอนมาไม่ครบค่ะ")
    assert await page.evaluate("window.neverReloaded")


async def test_the_slip_is_looked_at_closely(console, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.locator("[data-enlarge]").first.tap()
    shown = page.locator(".zoom img")
    await expect(shown).to_be_visible()

    async def transform():
        return await shown.evaluate("image => image.style.transform")

    await page.get_by_role("button", name="ขยาย").tap()
    assert "scale(1.5)" in await transform()
    await page.get_by_role("button", name="หมุน").tap()
    assert "rotate(90deg)" in await transform()
    await page.keyboard.press("0")
    assert "translate(0px, 0px)" in await transform()
    await seen(page, "slip-turned")
    await page.keyboard.press("t")
    await page.keyboard.press("+")
    assert "rotate(180deg) scale(1.5)" in await transform()
    await page.keyboard.press("0")
    await page.touchscreen.tap(180, 300)  # comes closer, where it was tapped
    assert "scale(2.5)" in await transform()
    await page.touchscreen.tap(180, 300)
    assert "scale(1)" in await transform()
    cdp = await page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 80), ("touchMove", 160), ("touchEnd", 0)):
        points = [{"x": 180 - apart / 2, "y": 300}, {"x": 180 + apart / 2, "y": 300}] if apart else []
        await cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    scale = float(re.search(r" scale\(([\d.]+)\)", await transform())[1])
    assert 3 < scale < 5, "two fingers four times as far apart"
    await page.keyboard.press("Escape")
    await expect(shown).to_be_hidden()


async def test_what_is_being_typed_stays_when_the_page_hears_of_a_change(console, database, store, phone):
    waiting = another(database, store, "lek", slip=False)
    page = await open_tab(phone, f"{console.url}/orders/{waiting.number}")
    await page.locator("#add-note > summary").tap()
    await page.locator("[name=note]").fill("ห่อของขวัญ")
    with database.transaction() as session:
        send_slip(session, store, session.get_one(Order, waiting.id), "late")
    await expect(page.locator(".slips img")).to_have_count(1)
    await expect(page.locator("[name=note]")).to_have_value("ห่อของขวัญ")
    await page.get_by_role("button", name="บันทึกโน้ต").tap()
    await expect(page.locator(".notes .letter")).to_have_text("ห่อของขวัญ")
    assert await page.evaluate("window.neverReloaded")


async def test_a_sum_typed_for_another_total_is_not_entered(console, database, store, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await expect(page.locator("dialog#confirm")).to_contain_text("฿290")
    change(database, order, 2)
    await expect(page.locator(".bill .sum")).to_contain_text("฿540")
    await expect(page.locator("dialog#confirm")).to_be_hidden()  # it would ask for another sum now
    await page.locator("#accept-amount > summary").tap()
    await page.locator("#accept-amount [name=amount]").fill("540")
    change(database, order, 3)
    await expect(page.locator(".bill .sum")).to_contain_text("฿790")
    await expect(page.locator("#accept-amount [name=amount]")).to_have_value("540")
    await page.locator("#accept-amount button").tap()
    await expect(page.get_by_role("alert")).to_contain_text("เปลี่ยนไปแล้ว")
    with database.reading() as session:
        assert session.get_one(Order, order.id).received == 0


def change(database, order, quantity):
    with database.transaction() as session:
        variant = session.get_one(Order, order.id).lines[0].variant_id
        order_lines.edit(session, order.id, {variant: quantity}, by="chai", now=utc_now())


async def test_items_are_changed_by_thumb(console, database, phone):
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
        make_variant(session, "HAT", 12000, 3, name_th="หมวกสาน", name_en="Straw hat")
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.get_by_role("link", name="แก้รายการสินค้า").tap()
    await page.locator("[data-search]").fill("หมวก")
    await page.keyboard.press("Enter")
    row = page.locator("li", has_text="หมวกสาน")
    await expect(row).to_contain_text("เพิ่มได้อีก 3 ชิ้น")
    for _ in range(4):
        await row.get_by_role("button", name="เพิ่มหนึ่งชิ้น").tap()
    await is_good(page)
    save = page.get_by_role("button", name="บันทึกและส่งบิลใหม่").last
    await save.tap()
    await expect(page.get_by_role("alert")).to_contain_text("เพิ่มได้อีกแค่ 3 ชิ้น")
    await seen(page, "lines-sold-out")
    await row.get_by_role("button", name="ลดหนึ่งชิ้น").tap()
    await save.tap()
    await expect(page.locator(".bill")).to_contain_text("หมวกสาน")
    await expect(page.locator(".bill .sum")).to_contain_text("฿650")
    with database.reading() as session:
        assert session.get_one(Order, order.id).total == 25000 + 3 * 12000 + 4000


async def test_at_a_desk_everything_goes_by_keys(console, database, store, desk, english, order):
    second = another(database, store, "lek")
    with database.transaction() as session:
        mine = session.get_one(Customer, order.customer_id)
        earlier = make_order(session, mine, make_variant(session, "MUG"), cause="earlier")
        orders.cancel(session, earlier.id, now=utc_now())
    page = await open_tab(desk, f"{console.url}/orders/{order.number}")
    await expect(page.locator(".others")).to_contain_text(earlier.number)
    left, right = await measured(page, ".bill, .payment")
    assert left["right"] < right["x"] and abs(left["y"] - right["y"]) < 2, "side by side"
    await seen(page, "order-pending", whole=True)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    await seen(page, "order-keys")
    await page.keyboard.press("Escape")
    await page.keyboard.press("s")
    await expect(page.locator(".zoom img")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.locator("#add-note > summary").click()
    await page.locator("[name=note]").click()
    await page.keyboard.type("cy?")  # somebody writes: no key does anything
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.locator("h1").click()
    await page.keyboard.press("c")
    await expect(page.get_by_role("dialog")).to_contain_text("Have you received ฿290")
    await page.keyboard.press("y")
    await expect(page.get_by_role("status").first).to_have_text("Payment Confirmed")
    await seen(page, "order-just-confirmed")
    await page.keyboard.press("u")
    await expect(page.locator(".order-head .pill")).to_contain_text("Payment Confirmation: Pending")
    await page.keyboard.press("k")
    await expect(page.locator("h1")).to_have_text(second.number)
    await page.keyboard.press("j")
    await expect(page.locator("h1")).to_have_text(order.number)
    await page.keyboard.press("r")
    await expect(page.get_by_role("dialog")).to_contain_text("Why is the slip not accepted?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await expect(page.locator("h1")).to_have_text(second.number)


async def test_keys_work_with_a_thai_keyboard(console, database, store, desk, english, order):
    async def press(key, code, **more):
        """Playwright types as an American keyboard does; of the Thai layout only the keys' places are the same."""
        await page.evaluate(
            "(typed) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', typed))",
            {"key": key, "code": code, "bubbles": True, "cancelable": True, **more},
        )

    second = another(database, store, "lek")
    page = await open_tab(desk, f"{console.url}/orders/{order.number}")
    await press("ฦ", "Slash", shiftKey=True)
    await expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    await page.keyboard.press("Escape")
    await press("ห", "KeyS")
    await press("ะ", "KeyT")
    assert "rotate(90deg)" in await page.locator(".zoom img").evaluate("image => image.style.transform")
    await page.keyboard.press("Escape")
    await press("แ", "KeyC")
    await expect(page.get_by_role("dialog")).to_contain_text("Have you received ฿290")
    await press("ั", "KeyY")
    await expect(page.get_by_role("status").first).to_have_text("Payment Confirmed")
    await press("า", "KeyK")
    await expect(page.locator("h1")).to_have_text(second.number)
    await press("่", "KeyJ")
    await expect(page.locator("h1")).to_have_text(order.number)


async def test_what_was_opened_stays_open_when_the_seller_touches_something_else(console, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.locator("#add-note > summary").tap()
    await page.locator("[name=note]").fill("ห่อของขวัญ")
    await page.locator("address").tap()
    await expect(page.locator("[name=note]")).to_be_visible()
    await page.locator(".account summary").tap()
    await expect(page.locator(".account .sheet")).to_be_visible()
    await page.locator("address").tap()
    await expect(page.locator(".account .sheet")).to_be_hidden()


async def test_a_packer_packs_and_ships_and_sees_no_money(console, database, browser, order):
    with database.transaction() as session:
        payments.confirm(session, order.id, by=EMAIL, now=utc_now())
        packer = people.add_user(
            session, email="pim@example.com", name="Pim", password=PASSWORD, role="packer"
        )
        packer.language = "en"
    context = await browser.new_context(viewport=PHONE, has_touch=True, locale="en")
    page = await sign_in(context, console.url, email="pim@example.com")
    await page.goto(f"{console.url}/orders/{order.number}")
    await is_good(page)
    body = await page.content()
    for money in ("฿", "/slips/", "Paid", "bill.pdf", "Refund"):
        assert money not in body, money
    assert not SUMS.search(body)
    await seen(page, "order-packer", whole=True)
    await page.get_by_role("button", name="Mark as packed").tap()
    await page.get_by_role("link", name="Ship", exact=True).tap()
    await page.locator("[name=carrier]").select_option("flash")
    await page.get_by_label("Tracking number").fill("TH0123456789A")
    await page.get_by_role("button", name="Save and tell the customer").tap()
    await expect(page.locator(".order-head .pill")).to_have_text("Shipped")
    assert "฿" not in await page.content()
    await context.close()
