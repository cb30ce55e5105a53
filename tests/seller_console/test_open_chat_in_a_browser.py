"""What a chat that lies open does by itself: it is read while it is seen, rings no bell then, and the list goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from shop import handoff
from shop.db import utc_now
from shop.models import Channel, Customer
from tests.factories import make_customer, make_said
from tests.seller_console.browser import DESKTOP, PHONE, open_tab, sign_in
from tests.seller_console.test_alerts import EAR, until

#: Lets a test say whether the tab is seen.
_EYES = """
Object.defineProperty(document, "hidden", { get: () => window.covered ?? false });
window.cover = (covered) => { window.covered = covered; document.dispatchEvent(new Event("visibilitychange")); };
"""


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def nok(database):
    """Nok, whose chat Ploy has, among others whose chats people have."""
    with database.transaction() as session:
        for number in range(30):
            talking(session, f"c{number}", f"ลูกค้า {number}", minutes=number + 5)
        return talking(session, "nok", "สมหญิง", minutes=2)


def talking(session, external_id, name, *, minutes):
    customer = make_customer(session, session.get_one(Channel, 1), external_id, name)
    began = utc_now() - timedelta(minutes=minutes)
    for number in range(25):
        make_said(session, customer.id, f"ข้อความที่ {number}", began + timedelta(seconds=number))
    customer.last_inbound_at = began
    handoff.answered(session, customer.id, utc_now())
    return customer.id


def writes(database, customer_id, text):
    """As the gateway keeps it."""
    with database.transaction() as session:
        customer = session.get_one(Customer, customer_id)
        customer.last_inbound_at = utc_now()
        customer.unread += 1
        make_said(session, customer_id, text, customer.last_inbound_at)


def unread(database, customer_id):
    with database.reading() as session:
        return session.get_one(Customer, customer_id).unread


def said_read(page):
    """The addresses by which the page says from now on that it was read."""
    said = []
    page.on("request", lambda request: said.extend([request.url] if "/read" in request.url else []))
    return said


async def is_read(page, database, customer_id):
    for _ in range(400):
        if not unread(database, customer_id):
            return
        await page.wait_for_timeout(100)
    raise AssertionError("still unread")


@pytest.fixture
async def seller(browser, console):
    """A seller's computer, which hears and may be shown notifications."""
    context = await browser.new_context(viewport=DESKTOP, locale="th")
    await context.grant_permissions(["notifications"], origin=console.url)
    await context.add_init_script(EAR + _EYES)
    await (await sign_in(context, console.url)).close()
    yield context
    await context.close()


async def test_what_comes_is_read_while_the_page_is_seen_and_not_behind_other_windows(
    console, database, nok, seller
):
    writes(database, nok, "สวัสดีค่ะ")
    page = await seller.new_page()
    said = said_read(page)
    await page.add_init_script("window.covered = true")  # a link opened for later
    await page.goto(f"{console.url}/chats/{nok}")
    assert (said, unread(database, nok)) == ([], 1)
    await page.evaluate("cover(false)")
    await is_read(page, database, nok)
    writes(database, nok, "เห็นไหมคะ")
    await expect(page.locator(".talk > li").last).to_contain_text("เห็นไหมคะ")
    await is_read(page, database, nok)
    await expect(page.locator("body[data-alerting]")).to_be_attached()
    await page.evaluate("cover(true)")
    said.clear()
    writes(database, nok, "ยังอยู่ไหมคะ")
    await expect(page.locator(".talk > li").last).to_contain_text("ยังอยู่ไหมคะ")  # it listens on, to ring
    assert (said, unread(database, nok)) == ([], 1)  # what is shown is said to be read at once or never
    await expect(page.locator("[data-count=chats]")).to_have_text("1")
    await page.evaluate("cover(false)")
    await is_read(page, database, nok)
    await expect(page.locator("[data-count=chats]")).to_be_hidden()


async def test_an_older_part_of_the_conversation_is_no_look_at_what_came_last(console, database, nok, seller):
    with database.transaction() as session:
        for number in range(20):
            make_said(session, nok, f"อีก {number}", utc_now())
    page = await open_tab(seller, f"{console.url}/chats/{nok}")
    await page.get_by_role("link", name="ดูข้อความก่อนหน้า").click()
    await page.wait_for_url("**before=*")
    writes(database, nok, "เห็นไหมคะ")
    await expect(page.locator("[data-count=chats]")).to_have_text("1")
    said = said_read(page)
    await page.reload()  # whose scripts have run when this returns
    assert (said, unread(database, nok)) == ([], 1)
    await page.goto(f"{console.url}/chats/{nok}")
    await is_read(page, database, nok)


async def test_without_script_a_page_that_is_shown_has_been_read(console, database, nok, browser):
    writes(database, nok, "สวัสดีค่ะ")
    context = await browser.new_context(viewport=PHONE, locale="th", java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}")
    await is_read(page, database, nok)
    await context.close()


async def test_who_begins_to_wait_or_writes_to_a_person_is_heard_and_shown_unless_seen_already(
    console, database, nok, seller
):
    ringing = await open_tab(seller, f"{console.url}/orders")
    await ringing.locator("h1").click()  # which lets the page be heard
    await expect(ringing.locator("body[data-alerting]")).to_be_attached()
    await ringing.evaluate("document.hasFocus = () => false")
    with database.transaction() as session:
        handoff.ask_for_person(session, talking(session, "lek", "เล็ก", minutes=1), utc_now())
        session.query(Customer).filter_by(name="เล็ก").update({"wants_person_since": utc_now()})
    await until(ringing, "window.tones", 2)
    shown = """async () => {
        const registration = await navigator.serviceWorker.getRegistration('/alerts/');
        return (await registration?.getNotifications() ?? []).map((one) => [one.title, one.body, one.data]);
    }"""
    with database.reading() as session:
        lek = session.query(Customer).filter_by(name="เล็ก").one().id
    await until(ringing, shown, [["ลูกค้ารอคำตอบจากร้าน", "เล็ก", f"/chats/{lek}"]])
    writes(database, nok, "สวัสดีค่ะ")
    await until(ringing, "window.tones", 4)
    # in another tab Nok's chat lies before the seller's eyes
    chat = await open_tab(seller, f"{console.url}/chats/{nok}")
    await is_read(chat, database, nok)
    writes(database, nok, "เห็นแล้ว")
    await is_read(chat, database, nok)
    await ringing.wait_for_timeout(1500)
    assert await ringing.evaluate("window.tones") == 4
    await chat.evaluate("cover(true)")
    writes(database, nok, "ไม่เห็น")
    await until(ringing, "window.tones", 6)


async def test_the_list_beside_an_open_chat_goes_on_and_nothing_jumps(console, database, nok, seller):
    page = await open_tab(seller, f"{console.url}/chats/{nok}")
    await page.locator("#text").fill("กำลังพิมพ์")
    await page.locator(".chat-talk").evaluate("one => { one.scrollTop = -300; }")
    await page.locator(".chat-list").evaluate("one => { one.scrollTop = 400; }")
    key = await page.locator(".talk > li", has_text="ข้อความที่ 12").get_attribute("data-key")
    stands = f"""[
        document.querySelector('.talk [data-key="{key}"]').getBoundingClientRect().y,
        document.querySelector('.chat-list').scrollTop,
    ]"""
    before = await page.evaluate(stands)
    with database.transaction() as session:
        handoff.ask_for_person(session, talking(session, "lek", "เล็ก มาใหม่", minutes=1), utc_now())
        session.query(Customer).filter_by(name="เล็ก มาใหม่").update({"wants_person_since": utc_now()})
    await expect(page.locator(".chat-list li").first).to_contain_text("เล็ก มาใหม่")
    writes(database, nok, "ข้อความใหม่")
    await expect(page.locator(".talk > li").last).to_contain_text("ข้อความใหม่")
    after = await page.evaluate(stands)
    assert abs(after[0] - before[0]) < 2 and after[1] > before[1]
    await expect(page.locator("#text")).to_have_value("กำลังพิมพ์")
    assert await page.evaluate("window.neverReloaded")


async def test_on_a_phone_where_there_is_no_list_other_chats_fetch_nothing(console, database, nok, browser):
    context = await browser.new_context(viewport=PHONE, locale="th")
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with database.reading() as session:
        other = session.query(Customer).filter_by(external_id="c3").one().id
    writes(database, other, "สวัสดี")
    await expect(page.locator("[data-count=chats]")).to_have_text("1")
    writes(database, nok, "สวัสดี")
    await expect(page.locator(".talk > li").last).to_contain_text("สวัสดี")
    parts = [url for url in asked if url == f"{console.url}/chats/{nok}"]
    assert len(parts) == 1, "for what came in this chat, and not for the other's"
    await context.close()
