"""Every page of the console, as the table of routes has it: Thai and English, light and dark, phone and wide screen.

Nothing sticks out, every target fits a thumb, and axe finds no violation of WCAG 2.2 AA.
"""

from __future__ import annotations

import re

import pytest

from shop import customers, fulfilment, handoff, payments, product_import, utterances
from shop.db import utc_now
from shop.models import Channel, Customer, InboxEvent, User
from tests.factories import NOW
from tests.seller_console.bot_models import make_compared, make_model, publish
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in
from tests.seller_console.support import EMAIL, place
from tests.seller_console.teaching import some
from tests.seller_console.who_may import FILLED, WHO_MAY

#: Each page is looked at in each of these; together they hold every language, scheme and width.
LOOKS = {
    "th-light-phone": ("th", "light", PHONE),
    "en-dark-phone": ("en", "dark", PHONE),
    "th-dark-desktop": ("th", "dark", DESKTOP),
    "en-light-desktop": ("en", "light", DESKTOP),
}


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def a_day_at_the_shop(database, order, project):
    """One order waits, one was shipped; a customer wants a person, an event was set aside, a table of products is to be
    looked at, the bot is to be taught.

    What it was taught contradicts a file, and a model made of it understands something worse.
    """
    with database.transaction() as session:
        shipped = place(session, session.get_one(Channel, 2), customer="lek", cause="lek")
        payments.confirm(session, shipped.id, by=EMAIL, now=utc_now())
        fulfilment.ship(
            session, shipped.id, carrier="flash", tracking="TH0112345678", by=EMAIL, now=utc_now()
        )
        handoff.ask_for_person(session, order.customer_id, utc_now())
        customers.was_in_chat(session, order.customer_id, utc_now())
        _, _, taught, contrary = some(session, session.get_one(Customer, order.customer_id))
        for id_, text, intent in (
            (taught, "lot noi dai pao ka mae", "ask_price"),
            (contrary, "CF", "complaint"),
        ):
            utterances.teach(session, id_, text=text, intent=intent, entities=[], by=EMAIL, now=utc_now())
        make_compared(session, publish(make_model(session, id=2)), 130, "ask_price", id=1)
        table = "sku,name,price,stock\nSKU-nok,,199,\nNEW,แก้วเซรามิกลายช้าง,160,12\nBAD,แก้ว,แพงมาก,1\n".encode()
        product_import.keep(session, product_import.read("สินค้า.csv", table), by=EMAIL, now=NOW)
        dead = {"account_id": "100", "kind": "message", "state": "dead", "raw": {}, "at": NOW}
        session.add(InboxEvent(**dead, key="k", created_at=NOW, conversation="1:nok"))
    return order


def paths(order):
    for line in WHO_MAY:
        method, path = line.split(" ")
        if method == "GET" and path != "/events":
            yield re.sub(r"<[^>]+>", lambda part: FILLED.get(part[0], "1").format(number=order.number), path)


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_can_be_read_and_touched(console, database, browser, a_day_at_the_shop, look):
    language, scheme, viewport = LOOKS[look]
    with database.transaction() as session:
        session.query(User).update({"language": language})
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale=language)
    page = await sign_in(context, console.url)
    looked_at = []
    for path in paths(a_day_at_the_shop):
        kind = (await context.request.get(console.url + path)).headers.get("content-type", "")
        if not kind.startswith("text/html"):
            continue
        await page.goto(console.url + path)
        await page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
        await picture(page, f"every{path.replace('/', '-')}-{language}-{scheme}")
        await is_good(page)
        looked_at.append(path)
    assert len(looked_at) > 6
    await context.close()
