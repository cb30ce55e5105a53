"""Hearing and seeing that orders and slips come in."""

from __future__ import annotations

import asyncio
import io
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.async_api import expect
from sqlalchemy import select

from seller_console.colours import SCHEMES
from shop.models import AuditEntry, Channel, User
from tests.seller_console.browser import ARTEFACTS, PHONE, is_good, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL, place, send_slip
from tests.seller_console.test_live import listening

#: A browser without a loudspeaker: counts the tones that a page plays.
EAR = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
"""


@pytest.fixture
def database_url(sqlite_url):
    """What is kept is two switches; what the browser does with them does not depend on the server."""
    return sqlite_url


async def test_a_tab_is_told_what_is_new_and_what_is_only_different(console, database, store, ploy):
    async with listening(console, ploy) as tab:
        with database.transaction() as session:
            order = place(session, session.get_one(Channel, 1))
        change = await tab.changed_orders(order.number)
        assert (change["placed"], change["slips"]) == ([order.number], [])
        with database.transaction() as session:
            send_slip(session, store, order)
        change = await tab.changed_orders(order.number)
        assert (change["placed"], change["slips"]) == ([], [order.number])


async def test_each_seller_switches_them_off_for_themselves(database, ploy):
    _, body = await ploy.get("/orders")
    assert 'data-alerts="sound notice"' in body
    await ploy.post("/alerts", notice="on")
    _, body = await ploy.get("/orders")
    assert 'data-alerts="notice"' in body
    with database.reading() as session:
        on = {user.email: user.alert_sound for user in session.scalars(select(User))}
        assert [email for email, sound in on.items() if not sound] == [EMAIL]
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "alerts.choose")).one()


async def test_the_worker_is_there_for_every_browser(stranger):
    answer, body = await stranger.get("/alerts/worker.js")
    assert answer.status == 200 and "javascript" in answer.headers["Content-Type"]
    assert "notificationclick" in body and answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"


async def until(page, script, expected):
    """Playwright's own waiting compiles the script in the page, which the page's policy refuses."""
    for _ in range(400):
        if (found := await page.evaluate(script)) == expected:
            return
        await asyncio.sleep(0.1)
    assert found == expected


async def test_a_new_order_is_heard_and_a_slip_is_shown_while_the_seller_looks_elsewhere(
    console, database, store, browser
):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    await context.grant_permissions(["notifications"], origin=console.url)
    await context.add_init_script(EAR)
    await (await sign_in(context, console.url)).close()
    page = await open_tab(context, console.url + "/orders")
    await page.locator(".alerts > summary").tap()  # which also lets the page be heard
    await is_good(page)
    await picture(page, "orders-alerts")
    await page.touchscreen.tap(4, 400)
    await expect(page.locator("body[data-alerting]")).to_be_attached()
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
    await expect(page.locator("a.number")).to_have_text([order.number])
    await until(page, "window.tones", 2)
    # the window is behind another one
    await page.evaluate("document.hasFocus = () => false")
    with database.transaction() as session:
        send_slip(session, store, order)
    await until(page, "window.tones", 4)
    shown = """async () => {
        const registration = await navigator.serviceWorker.getRegistration('/alerts/');
        return (await registration?.getNotifications() ?? []).map((one) => [one.body, one.data]);
    }"""
    await until(page, shown, [[order.number, f"/orders/{order.number}"]])
    await context.close()


async def test_the_tab_that_was_opened_first_alerts_whichever_page_it_shows(console, database, browser):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    await context.add_init_script(EAR)
    await (await sign_in(context, console.url)).close()
    first = await open_tab(context, console.url + "/products/low")
    await first.touchscreen.tap(4, 400)
    await expect(first.locator("body[data-alerting]")).to_be_attached()
    second = await open_tab(context, console.url + "/orders")
    await second.touchscreen.tap(4, 400)
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
    await expect(second.locator("a.number")).to_have_text([order.number])
    await until(first, "window.tones", 2)
    assert await second.evaluate("window.tones") == 0
    await context.close()


async def test_a_browser_without_notifications_says_what_helps(console, browser):
    context = await browser.new_context(viewport=PHONE, has_touch=True, locale="th")
    await context.add_init_script("delete window.Notification;")  # as Safari on an iPhone
    page = await sign_in(context, console.url)
    await page.locator(".alerts > summary").tap()
    await expect(page.locator(".alerts")).to_contain_text("เพิ่มไปยังหน้าจอโฮม")
    await expect(page.get_by_role("button", name="อนุญาตการแจ้งเตือนในเบราว์เซอร์นี้")).to_be_hidden()
    await is_good(page)
    await page.screenshot(path=ARTEFACTS / "alerts-none-360.png")
    await context.close()


async def test_the_console_can_be_put_on_the_home_screen(console, phone):
    page = await open_tab(phone, console.url + "/products")
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    address = await page.evaluate("document.querySelector('link[rel=manifest]').href")
    answer = await page.evaluate("(address) => fetch(address).then((answer) => answer.json())", address)
    assert (answer["display"], answer["start_url"]) == ("standalone", "/orders")
    assert answer["theme_color"] == SCHEMES["light"]["canvas"]
    for icon in (*answer["icons"], {"src": "icon-180.png", "sizes": "180x180"}):
        kept = await phone.request.get(urljoin(address, icon["src"]))
        assert kept.ok
        if icon["sizes"] != "any":
            picture = Image.open(io.BytesIO(await kept.body()))
            assert f"{picture.width}x{picture.height}" == icon["sizes"] and picture.format == "PNG"
    session = await phone.new_cdp_session(page)
    found = await session.send("Page.getAppManifest")
    assert found["errors"] == [] and found["url"] == address and refused == []


async def test_who_switched_the_sound_off_hears_none(console, database, browser):
    with database.transaction() as session:
        session.query(User).update({"alert_sound": False})
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    await context.add_init_script(EAR)
    page = await sign_in(context, console.url)
    await page.touchscreen.tap(4, 400)
    with database.transaction() as session:
        order = place(session, session.get_one(Channel, 1))
    await expect(page.locator("a.number")).to_have_text([order.number])
    assert await page.evaluate("window.tones") == 0
    await context.close()
