"""Making an order out of a chat in a real browser: by thumb in Thai, at a desk in English, and without script."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from shop import carts, handoff
from shop.db import utc_now
from shop.models import Channel, Order, Shop, User
from tests.factories import make_customer, make_said, make_variant
from tests.seller_console.browser import DESKTOP, PHONE, is_good, picture, sign_in


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def nok(database):
    """The id of a customer with two shirts in the cart, who waits for a person."""
    with database.transaction() as session:
        shop = session.get_one(Shop, 1)
        shop.auto_billing, shop.cash_on_delivery = False, True
        nok = make_customer(session, session.get_one(Channel, 1), "nok2", "นก ใจดี")
        nok.last_inbound_at = utc_now()
        make_variant(session, "HAT", 9900, 1)
        carts.put(session, nok.id, make_variant(session, "SHIRT", 25000, 5).id, 2)
        make_said(session, nok.id, "เอาสองตัวนะคะ", utc_now())
        handoff.ask_for_person(session, nok.id, utc_now())
        return nok.id


@pytest.mark.parametrize(
    ("language", "viewport", "link", "made"),
    [("th", PHONE, "เปิดบิล", "เปิดบิล TL-"), ("en", DESKTOP, "Make the order", "is made")],
)
async def test_from_the_chat_to_the_bill(console, database, browser, nok, language, viewport, link, made):
    with database.transaction() as session:
        session.query(User).update({"language": language})
    context = await browser.new_context(viewport=viewport, locale=language)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}")
    await picture(page, f"new-order-chat-{language}")
    await is_good(page)
    await page.get_by_role("link", name=link, exact=True).click()
    await expect(page.locator("[data-sum] strong")).to_have_text("฿500")
    await page.locator("section[aria-labelledby=inside] [data-step='-1']").click()
    await page.locator("section[aria-labelledby=more] summary").click()
    await page.locator("section[aria-labelledby=more] [data-step='1']").first.click()
    await expect(page.locator("[data-sum] strong")).to_have_text("฿349")
    await is_good(page)
    await picture(page, f"new-order-{language}")
    await page.locator("[name=phone]").fill("12")
    await page.locator(".action button.main").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await is_good(page)
    await picture(page, f"new-order-wrong-{language}")
    await page.locator("[name=phone]").fill("")
    await page.locator(".action button.main").click()
    await expect(page.get_by_role("status").filter(has_text=made)).to_be_visible()
    await is_good(page)
    await picture(page, f"new-order-made-{language}")
    with database.reading() as session:
        order = session.scalars(select(Order).where(Order.customer_id == nok)).one()
        assert (len(order.lines), order.subtotal) == (2, 34900)
    await context.close()


async def test_without_script_it_is_searched_changed_and_made(console, database, browser, nok):
    context = await browser.new_context(viewport=PHONE, locale="th", java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.goto(f"{console.url}/chats/{nok}/order")
    await page.locator("section[aria-labelledby=inside] input[type=number]").fill("3")
    await page.locator("section[aria-labelledby=more] summary").click()
    await page.locator("[name=words]").fill("HAT")
    await page.locator("button[name=search]").click()
    await expect(page.locator("section[aria-labelledby=inside] input[type=number]")).to_have_value("3")
    await page.locator("[value=cod]").check()
    await page.locator(".action button.main").click()
    await page.wait_for_url("**/chats/*said=ordered")
    with database.reading() as session:
        order = session.scalars(select(Order).where(Order.customer_id == nok)).one()
        assert (order.lines[0].quantity, order.payment_method) == (3, "cod")
    await context.close()
