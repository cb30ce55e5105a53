"""From an invite to a second step and signing out everywhere, at both widths, in Thai and English."""

from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.async_api import expect

from shop.db import utc_now
from shop.models import User
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in
from tests.seller_console.support import EMAIL

NEW, NEW_PASSWORD = "lek@example.com", "three quiet market cats"
#: What is pressed, by language.
WORDS = {
    "en": {
        "make": "Make a link", "start": "Start", "set_up": "Set up", "on": "Switch on", "kept": "I have kept them",
        "everywhere": "Sign out everywhere", "sign_in": "Sign in",
    },
    "th": {
        "make": "สร้างลิงก์เชิญ", "start": "เริ่มใช้งาน", "set_up": "ตั้งค่า", "on": "เปิดใช้งาน", "kept": "เก็บไว้แล้ว",
        "everywhere": "ออกจากระบบทุกเครื่อง", "sign_in": "เข้าสู่ระบบ",
    },
}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


def code_of(key: str, steps: int = 0) -> str:
    """What an authenticator app with the key shows now, or so many steps later."""
    app = TOTP(base64.b32decode(key), 6, SHA1(), 30)
    return app.generate(int(utc_now().timestamp()) + 30 * steps).decode()


@pytest.mark.parametrize(
    ("language", "viewport"), [("th", PHONE), ("en", DESKTOP)], ids=["th-phone", "en-desktop"]
)
async def test_somebody_is_invited_joins_sets_up_two_steps_and_signs_out_everywhere(
    console, database, browser, language, viewport
):
    words, looks = WORDS[language], {"viewport": viewport, "locale": language}
    with database.transaction() as session:
        session.query(User).update({"language": language})
    owner = await sign_in(await browser.new_context(**looks), console.url)
    await owner.goto(console.url + "/people")
    await owner.fill("[name=email]", NEW)
    await owner.locator("form[action='/people/invites'] select").select_option("packer")
    await owner.get_by_role("button", name=words["make"]).click()
    link = await owner.locator(".made code").inner_text()
    await picture(owner, "people-link")
    await is_good(owner)

    lek = await browser.new_context(
        **looks, user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"
    )
    page = await lek.new_page()
    await page.goto(link)
    await page.fill("#name", "Lek")
    await page.fill("#password", NEW_PASSWORD)
    await page.check(f"[name=language][value={language}]")
    await picture(page, "people-join")
    await is_good(page)
    await page.get_by_role("button", name=words["start"]).click()
    await page.wait_for_url("**/orders")
    await expect(page.locator(".who")).to_have_text("Lek")
    assert (await page.request.get(link)).status == 410  # once

    await page.goto(console.url + "/account")
    await page.get_by_role("button", name=words["set_up"], exact=True).click()
    key = (await page.locator(".key code").inner_text()).replace(" ", "")
    await picture(page, "people-second-step")
    await is_good(page)
    await page.fill("#code", "000000")
    await page.fill("#password", NEW_PASSWORD)
    await page.get_by_role("button", name=words["on"], exact=True).click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.fill("#code", code_of(key))
    await page.fill("#password", NEW_PASSWORD)
    await page.get_by_role("button", name=words["on"], exact=True).click()
    await expect(page.locator(".codes li")).to_have_count(10)
    recovery = await page.locator(".codes li").first.inner_text()
    await picture(page, "people-recovery-codes")
    await is_good(page)
    await page.get_by_role("link", name=words["kept"]).click()
    await expect(page).to_have_url(re.compile("/account$"))

    other = await browser.new_context(**looks)
    there = await other.new_page()
    await there.goto(console.url + "/sign-in?next=/account")
    await there.fill("#email", NEW)
    await there.fill("#password", NEW_PASSWORD)
    await there.get_by_role("button", name=words["sign_in"]).click()
    await there.wait_for_url("**/sign-in/code?next=/account")
    await there.fill("#code", "000000")
    await there.get_by_role("button", name=words["sign_in"]).click()
    await expect(there.get_by_role("alert")).to_be_visible()
    await picture(there, "people-sign-in-code")
    await is_good(there)
    await there.fill("#code", code_of(key, 1))  # the app's next one: the first was used to switch it on
    await there.get_by_role("button", name=words["sign_in"]).click()
    await there.wait_for_url("**/account")
    await expect(there.locator(".sessions li")).to_have_count(2)
    await expect(there.locator(".sessions")).to_contain_text("Chrome · Android")
    await picture(there, "people-account")
    await is_good(there)

    await there.get_by_role("button", name=words["everywhere"]).click()
    await there.wait_for_url("**/sign-in")
    await page.goto(console.url + "/account")
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.fill("#email", NEW)
    await page.fill("#password", NEW_PASSWORD)
    await page.get_by_role("button", name=words["sign_in"]).click()
    await page.fill("#code", recovery)  # the phone is lost
    await page.get_by_role("button", name=words["sign_in"]).click()
    await page.wait_for_url("**/account")

    await owner.goto(console.url + "/people")
    await owner.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    await picture(owner, "people")
    await owner.goto(console.url + "/people/log")
    await expect(owner.locator(".log li").first).to_contain_text("Lek")
    await picture(owner, "people-log")
    await is_good(owner)
    await owner.fill("[name=words]", EMAIL[:4])
    await owner.keyboard.press("Enter")
    await expect(owner.locator(".log li").last).to_contain_text("Ploy")
    await expect(owner.locator(".log")).not_to_contain_text("Lek ")
