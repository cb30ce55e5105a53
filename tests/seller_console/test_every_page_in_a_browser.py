"""Every page of the console, as the table of routes has it: Thai and English, light and dark, phone and wide screen.

Each is the page it should be, nothing sticks out, every target fits a thumb, and axe finds no violation of WCAG 2.2 AA.
"""

from __future__ import annotations

import pytest

from seller_console import refusals
from seller_console.texts import text
from shop.models import User
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in
from tests.seller_console.support import OTHER_EMAIL, PASSWORD
from tests.seller_console.who_may import INVITE, addresses, filled

#: Each page is looked at in each of these; together they hold every language, scheme and width.
LOOKS = {
    "th-light-phone": ("th", "light", PHONE),
    "en-dark-phone": ("en", "dark", PHONE),
    "th-dark-desktop": ("th", "dark", DESKTOP),
    "en-light-desktop": ("en", "light", DESKTOP),
}
#: What is no page for somebody who is signed in, and why.
NO_PAGES = {
    "/": "leads to the first page of one's role",
    "/review": "leads to the first order to review",
    "/waiting": "the chats' old address",
    "/sign-in": "for strangers; see STRANGERS",
    "/sign-in/code": "for who gave the password; see STRANGERS",
    "/account/second-step/codes": "only after they were made; see test_people_in_a_browser.py",
    "/slips/<slip_id:row>": "a picture, by a signed link",
    "/slips/<slip_id:row>/code": "a picture, by a signed link",
    "/static/<version:str>/<name:str>": "a file",
    "/alerts/worker.js": "a file",
    "/alerts/push": "a part of one, for our script",
    "/health/live": "for machines",
    "/health/ready": "for machines",
    "/orders/export": "a file",
    "/orders/numbers": "for our script",
    "/chats/<customer_id:row>/read": "fetched as a picture, for browsers without script",
    "/chats/<customer_id:row>/pictures/<message_id:row>": "a picture",
    "/orders/<number:str>/bill.pdf": "a file",
    "/orders/<number:str>/payment.pdf": "a file",
    "/products/import/template/<kind:str>": "a file",
    "/products/export/<kind:str>": "a file",
    "/pictures/<picture_id:row>": "a picture",
    "/pictures/<picture_id:row>/small": "a picture",
    "/figures/charts/<chart:str>": "a picture",
    "/figures/tables/<table:str>": "a file",
    "/training/export/patch": "a file",
    "/training/models/<model_id:row>/confusion": "a picture",
}
#: Pages that share an address's pattern with another one.
MORE = [f"/settings/{section}" for section in ("selling", "times", "languages", "privacy")]
MORE += ["/figures?period=days30", "/nothing"]
#: Nobody is signed in, and then Chai who owes a code.
STRANGERS = ("/sign-in", f"/join/{INVITE}", "/join/ended", "/sign-in/code")
REFUSED = {"/nothing": 404, "/join/ended": 410}


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


async def look_at(page, url, path, kind):
    """The page is what its address says, in all its parts, and good."""
    answer = await page.goto(url + path)
    assert answer.status == REFUSED.get(path, 200), path
    assert page.url == url + path, path  # it does not lead elsewhere
    [heading] = await page.locator("h1").all_inner_texts()
    refused = {
        text(language, words[0]) for words in refusals._SENTENCES.values() for language in ("th", "en")
    }
    assert heading.strip() and (heading in refused) == (path in REFUSED), path
    await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    await picture(page, f"every{path.replace('/', '-').replace('?', '-')}-{kind}")
    await is_good(page)


async def test_what_is_no_page_is_none(whole_shop, ploy):
    for path in addresses("GET"):
        answer, body = await ploy.get(filled(path, whole_shop.number))
        is_page = answer.status == 200 and body.lstrip().startswith("<!doctype html>")
        assert is_page != (path in NO_PAGES), (path, answer.status)


async def test_every_page_gives_its_changing_part_alone(whole_shop, ploy):
    """Our script asks for it; a page without one gives itself."""
    for path in addresses("GET"):
        if path not in NO_PAGES:
            answer, _ = await ploy.get(filled(path, whole_shop.number), **{"X-Fragment": "1"})
            assert answer.status == 200, path


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_can_be_read_and_touched(console, database, browser, whole_shop, look):
    language, scheme, viewport = LOOKS[look]
    with database.transaction() as session:
        session.query(User).update({"language": language})
    looks = {"viewport": viewport, "color_scheme": scheme, "locale": language}
    context = await browser.new_context(**looks)
    page = await sign_in(context, console.url)
    wrong = []  # all of it at once: a walk takes minutes
    for path in [filled(one, whole_shop.number) for one in addresses("GET") if one not in NO_PAGES] + MORE:
        try:
            await look_at(page, console.url, path, f"{language}-{scheme}")
        except AssertionError as error:
            wrong.append(str(error))
    await context.close()
    assert wrong == []


@pytest.mark.parametrize("look", LOOKS)
async def test_what_strangers_see_can_be_read_and_touched(console, browser, whole_shop, look):
    language, scheme, viewport = LOOKS[look]
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    page = await context.new_page()
    for path in STRANGERS:
        if path == "/sign-in/code":
            await page.goto(console.url + "/sign-in")
            await page.fill("#email", OTHER_EMAIL)
            await page.fill("#password", PASSWORD)
            await page.click("button.main")
            await page.wait_for_url("**/sign-in/code?next=/")
        await look_at(page, console.url, path, f"stranger-{language}-{scheme}")
    await context.close()
