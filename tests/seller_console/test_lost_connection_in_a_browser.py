"""A request that does not arrive loses nothing: the page stays, says so, and what was pressed can be pressed again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from shop import catalogue, customers
from shop.db import utc_now
from shop.models import Customer, Order, OrderNote, OutboxMessage, Payment
from tests.factories import make_variant
from tests.seller_console.browser import ARTEFACTS, is_good, open_tab
from tests.seller_console.test_products_in_a_browser import files


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


async def lose(page, what, *, times=1, arrives=False):
    """The next forms sent to such an address are cut off: before they arrive, or before the answer does."""
    left = [times]

    async def cut(route):
        if route.request.method == "POST" and left[0]:
            left[0] -= 1
            if arrives:
                await route.fetch(max_redirects=0)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route(what, cut)


async def said_unsent(page):
    sentence = page.locator("[data-unsent][role=alert]")
    await expect(sentence).to_contain_text("ส่งไม่สำเร็จ")
    await expect(sentence).to_be_in_viewport(ratio=1)
    assert await page.evaluate("window.neverReloaded")


async def test_a_rejection_that_got_lost_is_pressed_again(console, database, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await lose(page, "**/reject")
    await page.get_by_role("link", name="ไม่ผ่าน").tap()
    reason = page.get_by_role("button", name="ยอดเงินไม่ตรงกับออเดอร์")
    await reason.tap()
    await said_unsent(page)  # above the question, which stays
    await is_good(page)
    await page.screenshot(path=ARTEFACTS / "unsent-question-360.png")
    await expect(reason).to_be_enabled()
    await expect(reason).to_be_focused()
    await reason.tap()
    await expect(page.locator(".slips")).to_contain_text("ยอดเงินไม่ตรงกับออเดอร์")
    await expect(page.locator("[data-unsent][role=alert]")).to_have_count(0)
    with database.reading() as session:
        assert session.get_one(Order, order.id).payment_state == "awaiting_slip"


async def test_a_note_written_without_a_connection_stays_and_is_kept_once(console, database, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.locator("#add-note > summary").tap()
    await page.locator("[name=note]").fill("ห่อของขวัญ")
    await phone.set_offline(True)
    await page.locator("#add-note button").tap()
    await said_unsent(page)
    await expect(page.locator("[name=note]")).to_have_value("ห่อของขวัญ")
    await is_good(page)
    await page.screenshot(path=ARTEFACTS / "unsent-360.png")
    await phone.set_offline(False)
    await lose(page, "**/notes", arrives=True)
    await page.locator("#add-note button").tap()
    await said_unsent(page)  # it arrived, which the page cannot know
    await page.locator("#add-note button").tap()
    await expect(page.locator("#live")).to_contain_text("ห่อของขวัญ")
    with database.reading() as session:
        assert [note.text for note in session.scalars(select(OrderNote))] == ["ห่อของขวัญ"]


async def test_a_phone_of_before_2022_sends_and_waits_for_no_answer_forever(console, database, phone, order):
    await phone.clock.install()
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    assert await page.evaluate("delete AbortSignal.timeout && AbortSignal.timeout === undefined")
    await page.route("**/notes", lambda route: None)  # neither arrives nor fails
    await page.locator("#add-note > summary").tap()
    await page.locator("[name=note]").fill("ห่อของขวัญ")
    async with page.expect_request("**/notes"):
        await page.locator("#add-note button").tap()
    await phone.clock.fast_forward(31_000)
    await said_unsent(page)
    await page.unroute("**/notes")
    await page.locator("#add-note button").tap()
    await expect(page.locator("#live")).to_contain_text("ห่อของขวัญ")
    with database.reading() as session:
        assert [note.text for note in session.scalars(select(OrderNote))] == ["ห่อของขวัญ"]


async def test_a_confirmation_whose_answer_got_lost_counts_once(console, database, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await lose(page, "**/confirm", arrives=True)
    await page.get_by_role("link", name="ยืนยันการชำระเงิน").tap()
    await page.get_by_role("button", name="ใช่", exact=True).tap()
    await said_unsent(page)
    # the page hears of what has happened; whoever was faster than that may press again
    await expect(page.locator(".order-head .verified")).to_have_text("ชำระเงินแล้ว")
    with database.reading() as session:
        assert len(session.scalars(select(Payment)).all()) == 1


async def test_what_the_server_refuses_is_said_without_leaving(console, phone, order):
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    await page.locator("#add-note > summary").tap()
    await page.locator("[name=note]").fill("ห่อของขวัญ")
    await page.evaluate("document.querySelector('#add-note [name=csrf]').value = 'of another session'")
    await page.locator("#add-note button").tap()
    await expect(page.locator("[data-unsent][role=alert]")).to_contain_text("หน้านี้เปิดค้างไว้นานเกินไป")
    await expect(page.locator("[name=note]")).to_have_value("ห่อของขวัญ")
    assert await page.evaluate("window.neverReloaded")


async def test_a_form_of_a_whole_page_waits_for_the_connection(console, database, phone):
    with database.transaction() as session:
        make_variant(session)
    page = await open_tab(phone, console.url + "/products/1")
    await page.fill('[name="name_th"]', "เสื้อผ้าฝ้าย")
    save = page.locator("form[action='/products/1'] button.main")
    await lose(page, "**/products/1")
    await save.tap()
    await said_unsent(page)
    await phone.set_offline(True)
    await save.tap()
    await said_unsent(page)
    await expect(page.locator('[name="name_th"]')).to_have_value("เสื้อผ้าฝ้าย")
    await phone.set_offline(False)
    await save.tap()
    await expect(page.get_by_role("status").first).to_have_text("บันทึกแล้ว")
    with database.reading() as session:
        assert catalogue.any_product(session, 1).name("th") == "เสื้อผ้าฝ้าย"


async def test_a_letter_that_got_lost_is_still_there(console, database, phone, order):
    with database.transaction() as session:
        customers.heard_from(session.get_one(Customer, order.customer_id), utc_now())
    page = await open_tab(phone, f"{console.url}/orders/{order.number}")
    letter = page.locator("[name=text]")
    await letter.fill("ส่งพรุ่งนี้นะคะ")
    await lose(page, "**/write", arrives=True)
    send = page.get_by_role("button", name="ส่ง", exact=True)
    await send.tap()
    await said_unsent(page)
    await expect(letter).to_have_value("ส่งพรุ่งนี้นะคะ")
    await send.tap()
    await expect(page.get_by_role("status").first).to_have_text("เรียบร้อยแล้ว")
    with database.reading() as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 1


async def test_what_leaves_for_elsewhere_waits_for_the_connection(console, phone):
    page = await open_tab(phone, console.url + "/account")
    await page.fill('[name="name"]', "พลอยใส")
    save = page.locator("form[action='/account'] button.main")
    await phone.set_offline(True)
    await save.tap()
    await said_unsent(page)
    await expect(page.locator('[name="name"]')).to_have_value("พลอยใส")
    await phone.set_offline(False)
    await save.tap()
    await expect(page.get_by_role("status").first).to_have_text("บันทึกแล้ว")


async def test_pictures_that_got_lost_are_turned_and_sent_again(console, database, phone, tmp_path):
    with database.transaction() as session:
        make_variant(session)
    page = await open_tab(phone, console.url + "/products/1")
    await page.fill('[name="name_th"]', "ชื่อที่ยังไม่ได้บันทึก")
    await lose(page, "**/products/1/pictures")
    chosen = page.locator('.choose [name="pictures"]').first
    await chosen.set_input_files(files(tmp_path, "teal", "orange"))
    await said_unsent(page)
    await expect(page.locator("[data-chosen]")).to_have_text("teal.jpg, orange.jpg")
    await page.get_by_role("button", name="เพิ่มรูปที่เลือก").tap()
    await expect(page.locator(".shots li")).to_have_count(2)
    await lose(page, "**/products/1/pictures/*")
    later = page.locator(".shots li").first.get_by_role("button", name="เลื่อนไปหลัง")
    await later.click()
    await said_unsent(page)
    await later.click()
    await expect(page.locator(".shots li").first).to_have_id("picture-2")
    await expect(page.locator('[name="name_th"]')).to_have_value("ชื่อที่ยังไม่ได้บันทึก")
    assert await page.evaluate("window.neverReloaded")
