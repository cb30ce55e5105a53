"""Writing in a chat while things happen: words typed meanwhile, a slow answer, and the time for writing that ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import expect

from shop import handoff, reach
from shop.db import utc_now
from shop.models import Channel, Customer, OutboxMessage
from tests.factories import make_customer, make_said
from tests.seller_console.browser import ARTEFACTS, DESKTOP, is_good, open_tab, sign_in


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def nok(database):
    with database.transaction() as session:
        nok = make_customer(session, session.get_one(Channel, 1), "nok", "สมหญิง")
        nok.last_inbound_at = utc_now()
        make_said(session, nok.id, "สวัสดีค่ะ", nok.last_inbound_at)
        handoff.answered(session, nok.id, utc_now())
        return nok.id


def wrote(database, nok, *, ago):
    with database.transaction() as session:
        session.get_one(Customer, nok).last_inbound_at = utc_now() - ago


def sent(database):
    with database.reading() as session:
        return [row.body["text"] for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]


class Slow:
    """Holds the answers to what is sent back until it is let go; the first ones may get lost."""

    def __init__(self, lost=0):
        self.lost = lost
        self.held = asyncio.Event()
        self.count = 0

    async def __call__(self, route):
        self.count += 1
        answer = await route.fetch(max_redirects=0)
        if self.count <= self.lost:
            await route.abort("connectionreset")
        else:
            await self.held.wait()
            await route.fulfill(response=answer)


@pytest.fixture
async def page(browser, console, nok):
    context = await browser.new_context(viewport=DESKTOP, locale="th")
    await (await sign_in(context, console.url)).close()
    yield await open_tab(context, f"{console.url}/chats/{nok}")
    await context.close()


async def test_what_is_typed_while_a_message_is_on_its_way_stays_and_enter_sends_nothing_twice(
    database, page
):
    slow = Slow()
    await page.route("**/write", slow)
    await page.locator("#text").press_sequentially("หนึ่ง")
    await page.keyboard.press("Enter")
    await page.locator("#text").press_sequentially(" สอง")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    slow.held.set()
    await expect(page.locator(".talk > li").last).to_contain_text("หนึ่ง")
    await expect(page.locator("#text")).to_have_value("สอง")
    await page.keyboard.press("Enter")
    await expect(page.locator(".talk > li").last).to_contain_text("สอง")
    await expect(page.locator("#text")).to_have_value("")
    assert sent(database) == ["หนึ่ง", "สอง"]


@pytest.mark.parametrize("hears", [True, False], ids=["hears of changes", "hears of no change"])
async def test_what_perhaps_arrived_counts_once_and_what_was_changed_since_is_not_lost(database, page, hears):
    if not hears:
        await page.route("**/events*", lambda route: route.abort())
        await page.reload()
        await page.evaluate("window.neverReloaded = true")
    await page.route("**/write", Slow(lost=2))  # both arrive, which the page cannot know
    await page.locator("#text").fill("หนึ่ง")
    for _ in range(2):
        await page.locator(".send").click()
        await expect(page.locator("[data-unsent][role=alert]")).to_contain_text("ส่งไม่สำเร็จ")
        await expect(page.locator("#text")).to_have_value("หนึ่ง")
        assert sent(database) == ["หนึ่ง"]
    await page.unroute("**/write")
    await page.locator("#text").fill("หนึ่ง แก้แล้ว")
    await page.locator(".send").click()
    await expect(page.locator("#text")).to_have_value("")
    assert sent(database) == ["หนึ่ง", "หนึ่ง แก้แล้ว"]
    assert await page.evaluate("window.neverReloaded")


async def test_as_soon_as_the_customer_is_back_one_may_write(console, database, nok, page):
    wrote(database, nok, ago=timedelta(days=8))
    await page.reload()
    await page.evaluate("window.neverReloaded = true")
    closed = page.locator("[data-when=closed]")
    await expect(closed).to_contain_text("m.me/100")
    await expect(page.locator("#text")).to_be_hidden()
    await is_good(page)
    with database.transaction() as session:
        session.get_one(Customer, nok).last_inbound_at = utc_now()
        make_said(session, nok, "กลับมาแล้วค่ะ", utc_now())
    await expect(page.locator("#text")).to_be_visible()
    await expect(closed).to_be_hidden()
    await page.locator("#text").fill("สวัสดีค่ะ")
    await page.locator(".send").click()
    await expect(page.locator(".talk > li").last).to_contain_text("สวัสดีค่ะ")
    assert sent(database) == ["สวัสดีค่ะ"] and await page.evaluate("window.neverReloaded")


@pytest.mark.parametrize(
    ("window", "shown"), [(reach.WINDOW, "HUMAN_AGENT"), (reach.PERSONS_WINDOW, "closed disconnected")]
)
async def test_when_the_time_for_writing_ends_the_page_says_so_by_itself(
    console, database, nok, page, window, shown
):
    wrote(database, nok, ago=window - timedelta(seconds=6))
    await page.reload()
    await page.locator("#text").fill("กำลังพิมพ์")
    notice = page.locator(f"[data-when='{shown.split()[0]}']")
    await expect(notice).to_be_hidden()
    await expect(notice).to_be_visible(timeout=15_000)
    if shown == "HUMAN_AGENT":
        await expect(page.locator("#text")).to_have_value("กำลังพิมพ์")
    else:
        await expect(page.locator("[data-letter]")).to_have_text("กำลังพิมพ์")  # to be copied


async def test_what_is_sent_too_late_is_not_sent_and_the_page_says_why(console, database, nok, page):
    await page.locator("#text").fill("ช้าไปหรือเปล่า")
    wrote(database, nok, ago=timedelta(days=8))
    await page.locator(".send").click()
    await expect(page.get_by_role("alert")).to_contain_text("7 วัน")
    await expect(page.locator("[data-when=closed] a")).to_be_visible()
    await expect(page.locator("[data-letter]")).to_have_text("ช้าไปหรือเปล่า")
    await expect(page.locator("#text")).to_be_hidden()
    await is_good(page)
    await page.screenshot(path=ARTEFACTS / "chat-too-late-1280.png")
    assert sent(database) == []
