"""The first day on a phone and on a wide screen: a Page is connected, set up and tried; the shop is set."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from gateway.service import Service
from shop import accounts, customers, errands, trial_messages
from shop.db import utc_now
from shop.errands import Kind
from shop.models import Channel, User
from shop.vault import Vault
from talad.settings import Settings
from tests.gateway.fakes import RASA_TOKEN
from tests.gateway.messenger import Messenger
from tests.gateway.waiting import until
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in
from tests.seller_console.test_channels import KEY, PAGE, TYPED
from tests.support.simulator import running_simulator

LOOKS = {"th-phone": ("th", "light", PHONE), "en-desktop": ("en", "dark", DESKTOP)}


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
async def messenger():
    with running_simulator() as address:
        async with Messenger(address) as messenger:
            yield messenger


@pytest.fixture
def settings(database_url, tmp_path, messenger):
    return Settings(
        _env_file=None,
        var=tmp_path,
        TALAD_DATABASE_URL=database_url,
        TALAD_SECRET_KEY=KEY,
        TALAD_RASA_TOKEN=RASA_TOKEN,
        graph_url=messenger.api,
    )


@pytest.fixture
async def gateway(settings, database):
    """The whole gateway, without its web server."""
    service = Service(settings)
    await service.start()
    yield service
    await service.stop()


@pytest.mark.parametrize("look", LOOKS)
async def test_a_page_is_connected_set_up_and_tried(console, database, browser, gateway, messenger, look):
    language, scheme, viewport = LOOKS[look]
    thai = language == "th"
    with database.transaction() as session:
        session.query(User).update({"language": language})
        for channel in accounts.connected(session):
            accounts.switch_off(channel)
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    page = await sign_in(context, console.url)
    await page.goto(console.url + "/orders")

    # from the start page over the checklist to the form
    await page.locator(".first-day").click()
    await picture(page, f"first-day-{language}")
    await is_good(page)
    await page.get_by_role(
        "link", name="เชื่อมต่อเพจ Facebook" if thai else "Connect your Facebook Page"
    ).click()
    for name, value in {**TYPED, "token": "wrong"}.items():
        await page.fill(f"[name={name}]", value)
    check = page.get_by_role("button", name="ตรวจและเชื่อมต่อ" if thai else "Check and connect")
    await check.click()
    await expect(page.locator("#token-wrong")).to_be_visible()
    await expect(page.locator("[name=name]")).to_have_value("Cotton House")
    await expect(page.locator("[name=token]")).to_have_value("")
    await picture(page, f"wrong-token-{language}")
    await is_good(page)
    await page.fill("[name=token]", TYPED["token"])
    await page.fill("[name=app_secret]", TYPED["app_secret"])
    await check.click()
    await expect(page.get_by_role("status").first).to_contain_text(
        "Messenger รับโทเค็น" if thai else "Messenger takes"
    )

    # set up
    await page.get_by_role("button", name="ตั้งค่าเพจ" if thai else "Set up the Page").click()
    await expect(page.locator("#set-up ~ .lines .calm").first).to_be_visible(timeout=20_000)
    shown = (await messenger.control(f"pages/{PAGE}"))["profile"]
    assert shown["greeting"][0]["text"] == "Hello"

    # somebody writes to the Page, and gets a test message
    await messenger.meet("nok", name="Nok")
    with database.transaction() as session:
        channel = accounts.by_account(session, PAGE)
        nok = customers.meet(session, channel, "nok", language, utc_now())
        nok.name, nok.last_inbound_at = "Nok", utc_now()
    await messenger.says("nok", "hello")
    await page.reload()
    await page.get_by_role("button", name="ส่งข้อความทดสอบ" if thai else "Send a test message").click()
    await expect(page.locator("section", has=page.locator("#test")).locator(".calm")).to_be_visible(
        timeout=20_000
    )
    assert any(("ข้อความทดสอบ" if thai else "test message") in text for text in await messenger.texts("nok"))
    await picture(page, f"channel-{language}")
    await is_good(page)
    await page.goto(console.url + "/channels")
    await picture(page, f"channels-{language}")
    await is_good(page)

    # the shop gets a new greeting, which reaches Messenger by itself
    await page.goto(console.url + "/settings")
    await picture(page, f"settings-{language}")
    await page.goto(console.url + "/settings/shop")
    await expect(page.locator("[name=menu_products_en]")).to_be_hidden()
    await page.get_by_label("ตั้งชื่อเอง" if thai else "Words of my own").check()
    await page.fill("[name=menu_products_en]", "")
    await page.fill("[name=greeting_en]", "Sawasdee")
    save = page.get_by_role("button", name="บันทึก" if thai else "Save")
    await save.click()
    await expect(page.locator("#menu_products_en-wrong")).to_be_visible()
    await expect(page.locator("[name=greeting_en]")).to_have_value("Sawasdee")
    await picture(page, f"wrong-label-{language}")
    await is_good(page)
    await page.fill("[name=menu_products_en]", "Things")
    await save.click()
    await expect(page.locator(".say.good")).to_be_visible()

    async def is_shown():
        found = (await messenger.control(f"pages/{PAGE}"))["profile"]
        return found["greeting"][0]["text"] == "Sawasdee"

    await until(is_shown)
    await expect(page.locator("section", has=page.locator("#shown")).locator(".calm")).to_be_visible()
    await picture(page, f"shop-{language}")

    # is everything working?
    await page.goto(console.url + "/settings/checks")
    await page.get_by_role("button", name="ตรวจตอนนี้" if thai else "Look now").click()
    await expect(page.locator("#fine")).to_be_visible(timeout=20_000)
    await expect(page.locator("#wrong ~ ul")).to_contain_text("rasa")
    await picture(page, f"checks-{language}")
    await is_good(page)
    await context.close()


@pytest.mark.parametrize("look", LOOKS)
async def test_a_page_is_disconnected_and_used_again(console, database, browser, gateway, messenger, look):
    language, scheme, viewport = LOOKS[look]
    thai = language == "th"
    with database.transaction() as session:
        session.query(User).update({"language": language})
        secrets = {name: TYPED[name] for name in ("token", "app_secret", "verify_token", "app_id")}
        channel = accounts.connect(session, Vault(KEY), account_id=PAGE, name="บ้านฝ้าย", **secrets).id
        errands.ask(session, Kind.SET_UP, channel_id=channel, by="ploy@example.com", now=utc_now())
        nok = customers.meet(session, session.get_one(Channel, channel), "nok", language, utc_now())
        nok.last_inbound_at = utc_now()

    async def menu():
        return (await messenger.control(f"pages/{PAGE}"))["profile"].get("persistent_menu")

    await until(menu)
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/channels/{channel}")
    await page.locator(".sure summary").click()
    await expect(page.locator(".consequences li")).to_have_count(5)
    await is_good(page)
    await page.locator("section", has=page.locator("#end")).scroll_into_view_if_needed()
    await picture(page, f"disconnect-{language}")

    # Messenger is away for a moment: the page shows by itself how it went
    await messenger.goes_wrong({"error": "temporary", "edge": "messenger_profile", "times": 3})
    await page.locator(".sure button").click()
    await expect(page.locator("#taken-down ~ .lines .alarm")).to_be_visible(timeout=20_000)
    await picture(page, f"disconnecting-{language}")
    await expect(page.locator("#taken-down ~ .lines .calm")).to_have_count(2, timeout=40_000)
    assert await menu() is None
    with database.transaction() as session:
        trial_messages.send(session, channel, nok.id, form="f", by="x", now=utc_now())
    await page.reload()
    await picture(page, f"disconnected-{language}")
    await is_good(page)
    await page.goto(console.url + "/problems")
    await expect(page.locator("#waiting")).to_be_visible()
    await picture(page, f"waits-for-page-{language}")
    await is_good(page)

    # used again, and once more gone, when the token has ended meanwhile
    await page.locator("#waiting ~ ul a").click()
    await page.get_by_role("button", name="ใช้เพจนี้ต่อ" if thai else "Use the Page again").click()
    await expect(page.locator("#set-up ~ .lines .calm").first).to_be_visible(timeout=20_000)
    assert await menu()
    await messenger.control(f"pages/{PAGE}", {"token_valid": False})
    await page.locator(".sure summary").click()
    await page.locator(".sure button").click()
    await expect(page.locator("#taken-down ~ .lines .alarm")).to_have_count(2, timeout=20_000)
    await expect(page.locator("#taken-down ~ form button")).to_be_visible()
    await picture(page, f"dead-token-{language}")
    await is_good(page)
    await context.close()


async def test_a_page_is_connected_without_script(console, database, browser, gateway):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.goto(console.url + "/channels/new")
    for name, value in TYPED.items():
        await page.fill(f"[name={name}]", value)
    await page.get_by_role("button", name="ตรวจและเชื่อมต่อ").click()
    await expect(page).to_have_url(re.compile(r"/channels/\d+"), timeout=20_000)
    await expect(page.get_by_role("status").first).to_contain_text("Messenger รับโทเค็น")
    await context.close()


@pytest.mark.parametrize("look", LOOKS)
async def test_each_section_of_the_settings_can_be_read_and_saved(console, database, browser, look):
    language, scheme, viewport = LOOKS[look]
    with database.transaction() as session:
        session.query(User).update({"language": language})
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    page = await sign_in(context, console.url)
    for section in ("selling", "languages", "times", "privacy"):
        await page.goto(f"{console.url}/settings/{section}")
        await picture(page, f"section-{section}-{language}")
        await is_good(page)
        await page.locator("form button.main").click()
        await expect(page.locator(".say.good")).to_be_visible()
    await context.close()
