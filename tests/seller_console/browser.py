"""A real browser for the console's tests: signing in, tabs that notice a reload, and what every page must keep to."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Page

from tests.seller_console.support import EMAIL, PASSWORD

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
ARTEFACTS = Path("artefacts/console")
#: WCAG 2.2, levels A and AA, in axe's words.
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


#: Texts of three lines and more that are no wider than three letters: a column has been left too little room.
_SQUEEZED = """(() => {
    const found = [];
    const forEars = (one) => Boolean(one) && (getComputedStyle(one).clipPath !== 'none' || forEars(one.parentElement));
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { parentElement: parent, data } = texts.currentNode;
        if (!data.trim() || !parent.checkVisibility() || parent.closest('svg, option')) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const { width, height } = range.getBoundingClientRect();
        const letter = parseFloat(getComputedStyle(parent).fontSize);
        const isStrip = width > 2 && width < 3 * letter && height > 3 * letter;
        if (isStrip && !forEars(parent)) found.push([data.trim(), Math.round(width)]);
    }
    return found;
})()"""


async def sign_in(context: BrowserContext, url: str, email: str = EMAIL, password: str = PASSWORD) -> Page:
    """Sign in as a person who has the Orders page, and return the tab that shows it."""
    page = await context.new_page()
    await page.goto(url + "/orders")
    await page.fill("#email", email)
    await page.fill("#password", password)
    await page.click("button.main")
    await page.wait_for_url("**/orders")
    return page


def is_ours(message: ConsoleMessage) -> bool:
    """Whether the page is to blame, and not an answer or a connection that the test itself spoils."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


async def open_tab(context: BrowserContext, address: str) -> Page:
    """A tab that shows the address and can tell whether it was loaded again."""
    page = await context.new_page()
    await page.goto(address)
    await page.evaluate("window.neverReloaded = true")
    return page


async def measured(page: Page, selector: str) -> list[dict[str, float]]:
    """Where everything that the CSS selector finds stands in the window.

    All of it is found and measured at once: between two calls of Playwright the page's changing part may be drawn anew.
    """
    found: list[dict[str, float]] = await page.evaluate(
        "selector => [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect().toJSON())",
        selector,
    )
    return found


async def is_good(page: Page) -> None:
    """Nothing sticks out at the side, no text is squeezed, every target fits a thumb, and axe finds no violation of
    WCAG 2.2 AA.
    """
    path = await page.evaluate("location.pathname")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{path}: {wide} px too wide"
    small = await page.evaluate(
        """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
            .filter(one => one.checkVisibility() && !one.matches('.skip, .number, p a, label input'))
            .map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
            .filter(([, height]) => height < 44)"""
    )
    assert small == [], f"{path}: {small}"
    squeezed = await page.evaluate(_SQUEEZED)
    assert squeezed == [], f"{path}: text in strips {squeezed}"
    found = await Axe().run(page, options=_RULES)
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"


async def picture(page: Page, name: str) -> None:
    """Keep the whole page as a picture to look at, named by what it shows and how wide it is."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    await page.screenshot(path=ARTEFACTS / f"{name}-{width}.png", full_page=True)
