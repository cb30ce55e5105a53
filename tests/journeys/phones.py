"""Nok's phone with the chat, and Ploy's with the console, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.simulated import Simulator
from tests.support.stack import Stack

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
#: So long, in milliseconds, may anything take to appear.
SECONDS = 20_000


class Chat:
    """Nok's phone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tap(self, title: str) -> None:
        """Tap the newest button or quick reply with this title."""
        self._tappable(title).last.click(timeout=SECONDS)

    def tap_on_card(self, product: str, title: str) -> None:
        card = self.page.get_by_test_id("card").filter(has_text=product).last
        card.get_by_text(title, exact=True).click(timeout=SECONDS)

    def write(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def hears(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until the shop has said so."""
        said = self.page.locator('[data-testid="message"][data-side="shop"]').filter(has_text=text).last
        expect(said).to_be_visible(timeout=SECONDS)
        return said

    def _tappable(self, title: str) -> Locator:
        return self.page.locator('[data-testid="quick-reply"], [data-testid="button"]').filter(
            has_text=re.compile(f"^\\s*{re.escape(title)}\\s*$")
        )


def open_chat(chrome: Browser, stack: Stack, psid: str, name: str, locale: str) -> Chat:
    Simulator(stack.addresses["simulator"]).post("customers", psid=psid, name=name, locale=locale)
    page = chrome.new_context(viewport=PHONE, has_touch=True, locale=locale.replace("_", "-")).new_page()
    page.goto(f"{stack.addresses['simulator']}/chat/{psid}")
    return Chat(page)


def open_console(chrome: Browser, stack: Stack) -> Page:
    page = chrome.new_context(viewport=SMALL_PHONE, has_touch=True).new_page()
    page.goto(stack.addresses["console"])
    page.locator("#email").fill(stack.seller)
    page.locator("#password").fill(stack.password)
    page.locator("button.main").click()
    return page
