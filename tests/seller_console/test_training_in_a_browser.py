"""Training in a real browser: by thumb and by keys, in the row and on a page of its own, and without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from shop import people
from shop.db import utc_now
from shop.models import Channel, Customer, User, Utterance
from shop.roles import Role
from tests.factories import make_customer
from tests.seller_console.browser import ARTEFACTS, DESKTOP, PHONE, is_good, is_ours, measured, picture
from tests.seller_console.support import PASSWORD
from tests.seller_console.teaching import say, some

EMAIL = "tan@example.com"


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def typed(database):
    """The ids of some messages that Nok typed, least certain first; Tan is a trainer, and reads Thai."""
    with database.transaction() as session:
        people.add_user(session, email=EMAIL, name="Tan", password=PASSWORD, role=Role.TRAINER)
        return some(session, make_customer(session, session.get_one(Channel, 1)))


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
async def tan(request, browser, console, typed):
    """A trainer's tab on the list, on a phone and at a desk; it must never be loaded again, nor log an error."""
    context = await browser.new_context(viewport=request.param, has_touch=request.param is PHONE, locale="th")
    errors: list[str] = []
    context.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = await sign_in(context, console.url)
    await page.evaluate("window.neverReloaded = true")
    yield page
    await context.close()
    assert errors == []


async def sign_in(context, url):
    page = await context.new_page()
    await page.goto(url)
    await page.fill("#email", EMAIL)
    await page.fill("#password", PASSWORD)
    await page.click("button.main")
    await page.wait_for_url("**/training")  # where a trainer's day begins
    return page


def made_of(database, utterance_id):
    with database.reading() as session:
        one = session.get_one(Utterance, utterance_id)
        named = [
            (mark["entity"], one.taught_text[mark["start"] : mark["end"]]) for mark in one.taught_entities
        ]
        return one.verdict, one.taught_intent, one.taught_text, named


def words_of(row):
    """The message of a row; what is opened below it may hold other messages of the conversation."""
    return row.locator("> .utterance")


async def test_one_tap_agrees_and_the_next_one_comes_by_itself(tan, database, typed):
    first = tan.locator(".utterances > li").first
    await expect(words_of(first)).to_contain_text("เอาดำ")
    await is_good(tan)
    await picture(tan, "training")
    await first.get_by_role("button", name="ใช่: ถามว่ามีของไหม").click()
    await expect(tan.get_by_role("status").first).to_contain_text("สอนแล้ว: ถามว่ามีของไหม")
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    await expect(first).to_be_focused()
    await is_good(tan)
    await picture(tan, "training-learnt")
    assert made_of(database, typed[0]) == (
        "taught",
        "ask_stock",
        "เอาดำ M 1",
        [("colour", "ดำ"), ("size", "M")],
    )

    await tan.get_by_role("button", name="เลิกทำ").click()
    await expect(words_of(first)).to_contain_text("เอาดำ")
    assert made_of(database, typed[0]) == ("", "", "", [])
    await first.get_by_role("button", name="ไม่ต้องสอน").click()
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    assert made_of(database, typed[0])[0] == "ignored"
    assert await tan.evaluate("window.neverReloaded")


async def test_another_meaning_is_picked_in_the_row_with_the_conversation_beside_it(tan, database, typed):
    first = tan.locator(".utterances > li").first
    await first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    opened = first.locator("[data-teach]")
    await expect(opened.get_by_role("list", name="บทสนทนา")).to_contain_text("สนใจตัวไหนคะ")
    await is_good(tan)
    await picture(tan, "training-opened")
    await opened.locator("[data-find] input").fill("คิดเงิน")
    await expect(opened.locator(".every").get_by_role("button", name=re.compile("^ปิดออเดอร์"))).to_be_visible()
    await expect(opened.locator(".every").get_by_role("button", name=re.compile("^ร้องเรียน"))).to_be_hidden()
    await opened.locator("[data-find] input").fill("ไม่มีคำนี้")
    await expect(opened.get_by_text("ไม่พบความหมายนี้")).to_be_visible()
    await opened.locator("[data-find] input").fill("buy")  # the other language finds it too
    await opened.locator(".every").get_by_role("button", name=re.compile("^จะซื้อ")).click()
    await expect(tan.get_by_role("status").first).to_contain_text("สอนแล้ว: จะซื้อ")
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    assert made_of(database, typed[0])[:2] == ("taught", "buy_now")
    assert await tan.evaluate("window.neverReloaded")


async def test_a_guess_is_one_tap_and_what_is_decided_stays_put(tan, database, typed):
    second = tan.locator(".utterances > li").nth(1)
    await second.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    await second.locator(".guesses").get_by_role("button", name=re.compile("^จะซื้อ")).click()
    await expect(words_of(second)).to_contain_text("tao rai ka")
    await expect(second).to_be_focused()
    assert made_of(database, typed[1])[:2] == ("taught", "buy_now")


async def test_words_are_marked_and_marks_taken_off_by_tapping(tan, database, typed):
    first = tan.locator(".utterances > li").first
    await first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    words = first.get_by_role("group", name="คำในข้อความ")
    await expect(words.get_by_role("button", name="เอาออก: ดำ (สี)")).to_be_visible()
    quantity = first.get_by_role("button", name="จำนวน", exact=True)
    await expect(quantity).to_be_disabled()
    await words.get_by_role("button", name="1", exact=True).click()
    await expect(first.get_by_text("เลือกว่าคำนี้คืออะไร")).to_be_visible()
    await picture(tan, "training-words")
    await quantity.click()
    await expect(words.get_by_role("button", name="เอาออก: 1 (จำนวน)")).to_be_focused()
    await words.get_by_role("button", name="เอาออก: M (ไซส์)").click()
    await is_good(tan)
    await picture(tan, "training-marked")
    await first.locator(".every").get_by_role("button", name=re.compile("^จะซื้อ")).click()
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    assert made_of(database, typed[0]) == (
        "taught", "buy_now", "เอาดำ M 1", [("colour", "ดำ"), ("quantity", "1")],
    )  # fmt: skip


async def test_several_words_become_one_mark_over_marks_that_were_there(tan, database, typed):
    with database.transaction() as session:
        nok = session.scalars(select(Customer)).one()
        text = "เอากระเป๋าผ้าลายแมว2ใบ #10452 🖤"
        marked = say(session, nok, text, "buy_now", 0.01, [("product", "กระเป๋า"), ("colour", "แมว")]).id
    await tan.goto(tan.url)
    first = tan.locator(".utterances > li").first
    await first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    words = first.get_by_role("group", name="คำในข้อความ")
    await words.get_by_role("button", name="เอาออก: กระเป๋า (สินค้า)").click()
    await words.get_by_role("button", name="กระเป๋า", exact=True).click()
    await words.get_by_role("button", name="ผ้าลาย", exact=True).click()
    await first.get_by_role("button", name="สินค้า", exact=True).click()
    await words.get_by_role("button", name="2", exact=True).click()
    await first.get_by_role("button", name="จำนวน", exact=True).click()
    await words.get_by_role("button", name="#", exact=True).click()
    await words.get_by_role("button", name="00000", exact=True).click()
    await first.get_by_role("button", name="เลขที่ออเดอร์", exact=True).click()
    await first.locator(".guesses").get_by_role("button").first.click()
    await expect(words_of(first)).to_contain_text("เอาดำ")
    assert made_of(database, marked)[2:] == (
        "เอากระเป๋าผ้าลายแมว2ใบ #00000 🖤",
        [("product", "กระเป๋าผ้าลาย"), ("colour", "แมว"), ("quantity", "2"), ("order_number", "#00000")],
    )


async def test_the_text_is_corrected_and_a_slip_in_it_is_said_beside_it(tan, database, typed):
    first = tan.locator(".utterances > li").first
    await first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    await first.get_by_text("แก้ข้อความ").click()
    field = first.get_by_label("ข้อความและคำที่ระบุ")
    await expect(field).to_have_value("เอา[ดำ](colour) [M](size) 1")
    await field.fill("พี่นก เอา[ดำ (colour)")
    await first.locator(".guesses").get_by_role("button").first.click()
    await expect(first.get_by_role("alert")).to_contain_text("วงเล็บเหลี่ยมไม่ครบคู่")
    await expect(field).to_have_value("พี่นก เอา[ดำ (colour)")
    await is_good(tan)
    await picture(tan, "training-wrong")
    await field.fill("พี่ เอา[ดำ](colour)")
    await first.locator(".guesses").get_by_role("button").first.click()
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    assert made_of(database, typed[0])[2:] == ("พี่ เอาดำ", [("colour", "ดำ")])
    assert await tan.evaluate("window.neverReloaded")


async def test_at_a_desk_it_goes_by_keys(console, database, browser, typed):
    with database.transaction() as session:
        session.scalars(select(User).where(User.email == EMAIL)).one().language = "en"
    context = await browser.new_context(viewport=DESKTOP, locale="en")
    page = await sign_in(context, console.url)
    messages = page.locator(".utterances > li")
    await page.keyboard.press("j")
    await expect(messages.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(messages.nth(0)).to_be_focused()
    await page.keyboard.press("a")
    await expect(page.get_by_role("status").first).to_contain_text("Learnt: Asks if it is there")
    await expect(words_of(messages.nth(0))).to_contain_text("ของยังไม่มา")
    await expect(messages.nth(0)).to_be_focused()
    await page.keyboard.press("u")
    await expect(words_of(messages.nth(0))).to_contain_text("เอาดำ")
    await expect(messages.nth(0)).to_be_focused()
    await page.keyboard.press("i")
    await expect(words_of(messages.nth(0))).to_contain_text("ของยังไม่มา")
    await expect(messages.nth(0)).to_be_focused()
    await page.keyboard.press("p")
    await expect(messages.nth(0).get_by_label("Search")).to_be_focused()
    await page.keyboard.type("complains")
    await page.keyboard.press("Enter")
    await expect(
        messages.nth(0).locator(".every").get_by_role("button", name=re.compile("^Complains"))
    ).to_be_focused()
    await picture(page, "training-keys")
    await page.keyboard.press("Escape")
    await expect(messages.nth(0)).to_be_focused()
    await expect(page.locator("[data-teach]")).to_have_count(0)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Another meaning")
    await context.close()
    assert [made_of(database, one)[0] for one in typed] == ["ignored", "", "", ""]


async def test_agreeing_by_key_takes_what_was_marked_in_the_opened_message_along(
    console, database, browser, typed
):
    context = await browser.new_context(viewport=DESKTOP, locale="th")
    page = await sign_in(context, console.url)
    first = page.locator(".utterances > li").first
    await page.keyboard.press("p")
    await first.get_by_role("group", name="คำในข้อความ").get_by_role("button", name="1", exact=True).click()
    await first.get_by_role("button", name="จำนวน", exact=True).click()
    await expect(first.locator("> .decide").get_by_role("button")).to_have_count(0)
    await page.keyboard.press("a")
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    assert made_of(database, typed[0]) == (
        "taught", "ask_stock", "เอาดำ M 1", [("colour", "ดำ"), ("size", "M"), ("quantity", "1")],
    )  # fmt: skip
    await page.keyboard.press("p")
    await first.get_by_role("link", name=re.compile("^ปิด")).click()
    await expect(first.locator("> .decide").get_by_role("button")).to_have_count(2)
    await context.close()


async def test_a_hasty_second_tap_does_not_teach_the_next_one(console, database, browser, typed):
    context = await browser.new_context(viewport=PHONE, has_touch=True, locale="th")
    page = await sign_in(context, console.url)
    await page.clock.install()
    await page.clock.pause_at(utc_now() + timedelta(minutes=1))  # for the page all these taps come at once

    async def tap():
        button = (await measured(page, ".decide .main"))[0]
        await page.touchscreen.tap(button["x"] + 20, button["y"] + 20)

    await tap()
    await tap()
    await expect(page.locator(".utterances > li")).to_have_count(len(typed) - 1)
    await tap()
    await page.clock.run_for(1000)
    await tap()
    await expect(page.locator(".utterances > li")).to_have_count(len(typed) - 2)
    assert [made_of(database, one)[0] for one in typed] == ["taught", "taught", "", ""]
    await context.close()


async def test_all_of_it_works_without_script(console, database, browser, typed):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, locale="th")
    page = await sign_in(context, console.url)
    first = page.locator(".utterances > li").first
    await first.get_by_role("button", name=re.compile("^ใช่")).click()
    await expect(words_of(first)).to_contain_text("ของยังไม่มา")
    await page.get_by_role("button", name="เลิกทำ").click()
    await first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    await page.wait_for_url(f"**/training/{typed[0]}")
    await page.screenshot(path=ARTEFACTS / "training-without-script-360.png", full_page=True)
    await page.get_by_label("ข้อความและคำที่ระบุ").fill("เอา[ดำ](color)")
    await page.locator(".every").get_by_role("button", name=re.compile("^จะซื้อ")).click()
    await expect(page.get_by_role("alert")).to_contain_text("วงเล็บกลม")
    await page.get_by_label("ข้อความและคำที่ระบุ").fill("เอา[ดำ](colour) [M](size) [1](quantity)")
    await page.locator(".every").get_by_role("button", name=re.compile("^จะซื้อ")).click()
    await page.wait_for_url(re.compile(r"/training\?"))
    await expect(page.get_by_role("status").first).to_contain_text("สอนแล้ว: จะซื้อ")
    assert made_of(database, typed[0]) == (
        "taught", "buy_now", "เอาดำ M 1", [("colour", "ดำ"), ("size", "M"), ("quantity", "1")],
    )  # fmt: skip
    await first.get_by_role("button", name="ไม่ต้องสอน").click()
    await page.get_by_label("บอทเข้าใจว่า").select_option("ask_price")
    await page.get_by_role("button", name="แสดง").click()
    await expect(page.locator(".utterances > li")).to_have_count(1)
    await first.get_by_role("button", name=re.compile("^ใช่")).click()
    await expect(page.get_by_text("ไม่มีข้อความที่บอทเข้าใจแบบนี้รออยู่")).to_be_visible()
    await page.get_by_role("link", name="ดูทั้งหมด").click()
    assert [made_of(database, one)[0] for one in typed] == ["taught", "ignored", "taught", ""]
    await context.close()


async def test_new_messages_appear_when_there_are_none_and_are_announced_when_there_are(tan, database, typed):
    def more(text):
        with database.transaction() as session:
            say(session, session.scalars(select(Customer)).one(), text, "ask_price", 0.2)

    assert await tan.locator(".fresh-ones").is_hidden()
    more("ลดได้อีกไหม")
    await tan.get_by_role("link", name="มีข้อความใหม่ แตะเพื่อดู").click()
    await expect(tan.locator(".utterances > li")).to_have_count(5)
    await tan.evaluate("window.neverReloaded = true")
    for left in range(5, 0, -1):
        await expect(tan.locator(".utterances > li")).to_have_count(left)
        await expect(tan.locator("#desk")).not_to_have_attribute("inert", "")
        await tan.locator(".utterances > li").first.get_by_role("button", name="ไม่ต้องสอน").click()
    await expect(tan.get_by_text("ตอนนี้ไม่มีอะไรต้องสอน")).to_be_visible()
    await is_good(tan)
    await picture(tan, "training-empty")
    more("มีโปรไหม")
    await expect(tan.locator(".utterances > li")).to_contain_text("มีโปรไหม")
    assert await tan.evaluate("window.neverReloaded")


async def test_long_words_and_signs_of_all_kinds_stay_inside(tan, database, typed):
    with database.transaction() as session:
        nok = session.scalars(select(Customer)).one()
        for text in (
            "ก" * 299,
            "W" * 300,
            "<script>alert(1)</script>\u202edrowkcab\u2066 [ดำ](colour)",
            "🖤" * 100,
        ):
            say(session, nok, text, "ask_price", 0.01)
    await tan.goto(tan.url)
    await is_good(tan)
    await picture(tan, "training-hostile")
    for n in range(4):
        row = tan.locator(".utterances > li").nth(n)
        await row.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
        await expect(row.locator("[data-words] button").first).to_be_visible()
        await is_good(tan)
    await tan.locator(".utterances > li").first.get_by_role("link", name=re.compile("ความหมายอื่น")).click()
    await tan.locator(".utterances > li").first.locator(".guesses").get_by_role("button").first.click()
    await expect(tan.get_by_role("status").first).to_contain_text("สอนแล้ว")
    await is_good(tan)


async def test_the_page_of_one_message_leads_back_to_the_list(tan, console, database, typed):
    await tan.goto(f"{console.url}/training/{typed[1]}?meant=view_orders")
    await expect(tan.get_by_role("group", name="คำในข้อความ")).to_be_visible()
    await is_good(tan)
    await picture(tan, "training-one")
    await tan.locator(".guesses").get_by_role("button").first.click()
    await tan.wait_for_url(re.compile(r"/training\?meant=view_orders"))
    await expect(tan.get_by_role("status").first).to_contain_text("สอนแล้ว: ตามออเดอร์")
    await tan.goto(f"{console.url}/training/{typed[1]}")
    await expect(tan.get_by_text(re.compile("สอนแล้ว: ตามออเดอร์ · Tan"))).to_be_visible()
    await is_good(tan)
    await picture(tan, "training-one-learnt")
