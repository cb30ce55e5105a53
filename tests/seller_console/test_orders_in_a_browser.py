"""The list of orders in a real browser, by thumb and on a wide screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from shop import fulfilment, notices, payments
from shop.db import utc_now
from shop.models import Channel, Order, Slip, User
from tests.factories import make_customer, make_order, make_variant
from tests.seller_console.browser import DESKTOP, PHONE, is_good, measured, open_tab, picture, sign_in
from tests.seller_console.support import EMAIL, place, send_slip

NAMES = ("Nok Jaidee", "ลูกค้า ใจดี", "Mali", "Ploy", "Krung" + "thep" * 9, "Som", "Lek")

#: Of each row, where the words of its time end and where its channel begins. An element may be wider than its words.
TIME_AND_CHANNEL = """[...document.querySelectorAll('ol.orders li')].map(row => {
    const words = document.createRange();
    words.selectNodeContents(row.querySelector('.when'));
    return [words.getBoundingClientRect().right, row.querySelector('.channel').getBoundingClientRect().x];
})"""


@pytest.fixture
def database_url(sqlite_url):
    """What the browser shows does not depend on the server; the other tests run on both."""
    return sqlite_url


@pytest.fixture
def busy(database, store):
    """Seven orders of a morning, in all kinds of states."""
    with database.transaction() as session:
        made = []
        for number, name in enumerate(NAMES):
            order = place(
                session, session.get_one(Channel, 1 + number % 2), customer=name, name=name, cause=name
            )
            order.placed_at = utc_now() - timedelta(minutes=number * 7)
            made.append(order)
        for order in made[1:3]:
            send_slip(session, store, order, f"s{order.id}")
        for order in made[3:]:
            payments.confirm(
                session, order.id, by=EMAIL, now=utc_now() - timedelta(days=3 if order is made[3] else 0)
            )
        fulfilment.pack(session, made[5].id, by=EMAIL, now=utc_now())
        fulfilment.ship(session, made[6].id, carrier="flash", tracking="TH0001", by=EMAIL, now=utc_now())
        notices.not_told(session, 5, "late")
        assert session.query(Slip).count() == 2
    return made


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_seller_finds_picks_packs_and_ships(console, database, browser, busy, size):
    with database.transaction() as session:
        session.query(User).update({"language": "en" if size is DESKTOP else "th"})
    context = await browser.new_context(
        viewport=size, has_touch=size is PHONE, color_scheme="light" if size is PHONE else "dark"
    )
    page = await sign_in(context, console.url)
    await is_good(page)
    await picture(page, "orders")
    await page.locator(".filters > summary").click()
    await expect(page.locator(".filters .main")).to_be_in_viewport()
    await page.screenshot(path=f"artefacts/console/orders-filters-{size['width']}.png")
    await is_good(page)
    await page.locator('.pick-one:has(input[name="payment"][value="paid"])').click()
    await page.locator(".filters .main").click()
    await expect(page.locator("ol.orders li")).to_have_count(4)
    await page.fill("#q", "krung")
    await page.keyboard.press("Enter")
    await expect(page.locator("a.number")).to_have_text([busy[4].number])
    await page.goto(console.url + "/orders?state=confirmed")
    await expect(page.locator(".bulk")).to_be_hidden()
    await page.locator(".tick").first.click()
    await page.locator("[data-choose]").click()  # all on this page
    await expect(page.locator(".tick input:checked")).to_have_count(2)
    await page.screenshot(path=f"artefacts/console/orders-chosen-{size['width']}.png")
    [bar] = await measured(page, ".bulk")
    assert bar["bottom"] <= size["height"], "within reach"
    await page.locator(".bulk button[formaction]").click()
    await expect(page.locator(".good[role=status]")).to_be_visible()
    await is_good(page)
    await picture(page, "orders-packed")
    await page.locator(".ends .main").click()
    for field in await page.locator(".to-send input").all():
        await field.fill(f"TH47{await field.get_attribute('id')}XYZ".replace("-", ""))
    await is_good(page)
    await picture(page, "orders-parcels")
    await page.locator("form .main").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await page.goto(f"{console.url}/orders/print?prices=1&of={busy[4].number},{busy[5].number}")
    await is_good(page)
    await picture(page, "orders-bills")
    await page.emulate_media(media="print")
    await expect(page.locator(".top")).to_be_hidden()
    await picture(page, "orders-bills-on-paper")
    await context.close()


async def test_a_file_of_the_carrier_is_looked_at_on_the_phone(console, browser, busy):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    page = await sign_in(context, console.url)
    await page.goto(console.url + "/orders/parcels/file")
    await is_good(page)
    lines = f"order,tracking\n{busy[3].number},TH111111\n{busy[0].number},TH222222\nTL-00000000,TH3"
    await page.set_input_files(
        'input[type="file"]', {"name": "p.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    await page.locator("form .main").click()
    await expect(page.locator('input[name="parcel"]')).to_have_count(1)
    await is_good(page)
    await picture(page, "orders-file")
    await page.locator("form .main").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await context.close()


async def test_what_is_ticked_stays_ticked_when_a_new_order_appears(console, database, browser, busy):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    await (await sign_in(context, console.url)).close()
    page = await open_tab(context, console.url + "/orders")
    await page.locator(f'.tick:has(input[value="{busy[2].number}"])').click()
    with database.transaction() as session:
        place(session, session.get_one(Channel, 1), customer="new", cause="new")
    await expect(page.locator("ol.orders li")).to_have_count(8)
    await expect(page.locator(".tick input:checked")).to_have_count(1)
    assert await page.locator(".tick input:checked").get_attribute("value") == busy[2].number
    assert await page.evaluate("window.neverReloaded")
    await context.close()


@pytest.fixture
def many(database):
    """Sixty orders that are paid: more than a page shows."""
    with database.transaction() as session:
        variant, made = make_variant(session, stock=1000), []
        for number in range(60):
            buyer = make_customer(session, session.get_one(Channel, 1), f"m{number}", f"Customer {number}")
            made.append(make_order(session, buyer, variant, cause=f"m{number}"))
            payments.confirm(session, made[-1].id, by=EMAIL, now=utc_now())
    return made


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_ticks_stay_on_other_pages_and_for_who_comes_back_and_all_that_fit_are_packed(
    console, database, browser, many, size
):
    with database.transaction() as session:
        session.query(User).update({"language": "en" if size is PHONE else "th"})
    context = await browser.new_context(
        viewport=size, has_touch=size is PHONE, color_scheme="dark" if size is PHONE else "light"
    )
    page = await sign_in(context, console.url)
    await page.goto(console.url + "/orders?state=confirmed")
    await page.locator(".tick").first.click()
    await page.locator('.paging [rel="next"]').click()
    await expect(page.locator("ol.orders li")).to_have_count(10)
    await page.locator(".tick").nth(1).click()
    await expect(page.locator(".how-many")).to_contain_text("2")
    await page.locator("a.number").nth(3).click()
    await page.locator("a.up").click()
    await expect(page.locator("ol.orders li")).to_have_count(10)
    await expect(page.locator(".tick input:checked")).to_have_count(1)
    await page.goto(console.url + "/orders?state=packed")
    await page.goto(console.url + "/orders?state=confirmed")
    await expect(page.locator(".tick input:checked")).to_have_count(1)
    with database.transaction() as session:  # somebody packs one of the two, which leaves the list
        fulfilment.pack(session, many[-1].id, by=EMAIL, now=utc_now())
    await expect(page.locator(".tick input:checked")).to_have_count(0)
    await expect(page.locator(".how-many")).to_contain_text("2")
    more = page.locator("[data-choose]")
    await more.click()
    await expect(page.locator(".tick input:checked")).to_have_count(50)
    await expect(more).to_contain_text("59")
    await more.click()
    await expect(page.locator(".how-many")).to_contain_text("60")
    await expect(more).to_be_hidden()
    await page.screenshot(path=f"artefacts/console/orders-all-chosen-{size['width']}.png")
    await is_good(page)
    for deed in await measured(page, ".deeds button"):
        assert deed["x"] >= 0 and deed["right"] <= size["width"]
        assert deed["height"] >= 44 and deed["bottom"] <= size["height"]
    async with page.expect_download() as download:
        await page.locator('.deeds [value="csv"]').click()
    assert len((await (await download.value).path()).read_text().splitlines()) == 61
    await expect(page.locator('.deeds [value="csv"]')).to_be_enabled(timeout=5000)
    await page.locator(".deeds [formaction]").click()
    await expect(page.locator(".numbers").first.locator("li")).to_have_count(59)
    await is_good(page)
    await page.locator(".ends a").first.click()
    await expect(page).to_have_url(console.url + "/orders?state=confirmed")
    await page.goto(console.url + "/orders?state=packed")
    await expect(page.locator(".tick input:checked")).to_have_count(0)
    await context.close()


async def test_the_chosen_filter_is_in_sight_and_stays_there_when_orders_come(
    console, database, browser, busy
):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    page = await sign_in(context, console.url)
    quick = page.locator(".choice.quick")
    await page.goto(console.url + "/orders?state=shipped")
    [chosen] = await measured(page, ".choice.quick [aria-current]")
    assert chosen["x"] >= 0 and chosen["right"] <= PHONE["width"]
    await page.goto(console.url + "/orders")
    await quick.evaluate("row => row.scrollLeft = 200")
    with database.transaction() as session:
        place(session, session.get_one(Channel, 1), customer="new", cause="new")
    await expect(page.locator("ol.orders li")).to_have_count(8)
    assert await quick.evaluate("row => row.scrollLeft") == 200
    await context.close()


async def test_the_first_view_of_a_phone_shows_several_orders(console, browser, busy):
    context = await browser.new_context(viewport=PHONE, has_touch=True)
    page = await sign_in(context, console.url)
    rows = await measured(page, "ol.orders li")
    [tabs] = await measured(page, ".menu")
    seen = [row for row in rows if row["bottom"] <= tabs["y"]]
    assert len(seen) >= 4, (rows[0], [row["height"] for row in rows])
    await context.close()


async def test_of_a_row_the_time_and_the_channel_stand_apart(console, database, browser, busy):
    with database.transaction() as session:
        session.get_one(Order, busy[0].id).placed_at = utc_now() - timedelta(days=3)
    context = await browser.new_context(viewport=DESKTOP)
    page = await sign_in(context, console.url)
    rows = await page.evaluate(TIME_AND_CHANNEL)
    assert rows and all(ends + 8 <= begins for ends, begins in rows)
    await context.close()


async def test_filters_and_several_orders_work_without_script(console, database, browser, busy):
    with database.transaction() as session:
        session.query(User).update({"language": "en"})
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await sign_in(context, console.url)
    await page.locator(".filters > summary").click()
    await page.locator('.pick-one:has(input[name="state"][value="confirmed"])').click()
    await page.get_by_role("button", name="Show orders").click()
    await expect(page.locator("ol.orders li")).to_have_count(2)
    await page.locator(".tick").first.click()
    await page.get_by_role("button", name="Mark as packed").click()
    await expect(page.get_by_role("status")).to_contain_text("1 orders are packed now")
    await context.close()
