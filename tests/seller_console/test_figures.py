"""The page with the shop's figures, its charts and its files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from seller_console.lately import Lately
from shop import customers, payments
from shop.db import utc_now
from shop.models import Channel, Order, Product
from tests.seller_console.support import EMAIL, place


@pytest.fixture
def sold(database):
    """One order paid, one not, both placed just now, the second on the other Page."""
    with database.transaction() as session:
        for number, cause in ((1, "a"), (2, "b")):
            order = place(session, session.get_one(Channel, number), customer=cause, cause=cause)
            order.placed_at = utc_now()
            customers.was_in_chat(session, order.customer_id, utc_now())
        payments.confirm(session, 1, by=EMAIL, now=utc_now())
    return database


async def test_a_shop_without_orders_is_told_so(ploy):
    answer, page = await ploy.get("/figures")
    assert answer.status == 200
    assert "Nothing was sold in this time" in page and "<picture>" not in page


async def test_today_in_numbers_charts_and_tables(sold, ploy):
    _, page = await ploy.get("/figures")
    assert "<strong>฿580</strong>" in page and "2 orders" in page  # sales
    assert "<strong>฿290</strong>" in page  # received, and unpaid
    assert "<strong>100%</strong>" in page and "2 in the chat, 2 ordered" in page
    assert page.count("<picture>") == 5 and 'alt="Sales ฿580, money received ฿290.' in page
    assert '<th scope="row">T-shirt</th>' in page and '<th scope="row">Chiang Mai</th>' in page


async def test_one_channel_alone(sold, ploy):
    _, page = await ploy.get("/figures?channel=2")
    assert "1 order<" in page and "1 orders" not in page and "By channel" not in page


@pytest.mark.parametrize(
    "query", ["from=ก&to=ข", "from=2026-13-01&to=2026-01-01", "from=0001-01-01&to=9999-12-31"]
)
async def test_days_that_are_none_are_refused_in_words(sold, ploy, query):
    answer, page = await ploy.get(f"/figures?{query}")
    assert answer.status == 200 and "These days cannot be used" in page


async def test_days_of_long_ago_are_compared_with_those_before(sold, ploy):
    with sold.transaction() as session:
        session.get_one(Order, 2).placed_at = utc_now() - timedelta(days=1)
    _, page = await ploy.get("/figures")
    assert "as in the time before" in page and "Compared with" in page  # 290 and 290
    with sold.transaction() as session:  # later than now, but yesterday
        session.get_one(Order, 2).placed_at = utc_now() - timedelta(days=1) + timedelta(minutes=5)
    _, page = await ploy.get("/figures")
    assert "as in the time before" not in page
    _, page = await ploy.get("/figures?from=2020-01-01&to=2020-01-02")
    assert "1 Jan 2020" in page and "Nothing was sold" in page
    _, page = await ploy.get("/figures?period=nonsense&channel=x")
    assert "2 orders" not in page and "1 order<" in page  # today


@pytest.mark.parametrize("size", ["narrow", "wide"])
@pytest.mark.parametrize("name", ["course", "orders", "unpaid", "conversion", "products", "channels"])
async def test_charts_are_pictures_that_can_do_nothing(sold, ploy, name, size):
    with sold.transaction() as session:
        session.get_one(Product, 1).name_en = "<script>alert(1)</script>" * 3
    answer, drawn = await ploy.get(f"/figures/charts/{name}?period=week&size={size}")
    assert answer.status == 200 and answer.content_type == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn.encode()).iter()}
    assert "rect" in tags and "script" not in tags


async def test_a_long_period_is_drawn_by_months(sold, ploy):
    _, drawn = await ploy.get("/figures/charts/course?from=2020-01-01&to=2026-12-31&size=wide")
    assert "Jan 20" in drawn
    _, page = await ploy.get("/figures?from=2026-01-01&to=2026-12-31")
    assert page.count('scope="row">Jan 26') == 1


async def test_tables_come_as_csv_that_excel_reads(sold, ploy):
    with sold.transaction() as session:
        session.get_one(Product, 1).name_en = "=1+1"
    for name, rows in (("course", 25), ("products", 3), ("channels", 3)):
        async with ploy.client.get(f"{ploy.url}/figures/tables/{name}?period=today") as answer:
            data = await answer.read()
        assert data.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["Content-Disposition"]
        found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert len(found) == rows, name
        assert not any(cell.startswith("=") for row in found for cell in row)
    assert ["Baan Fai", "1", "0", "290.00", "290.00", "0", "0.00", "0", "0.00", "1", "1", "100"] in found


async def test_the_table_over_time_has_unpaid_and_conversion_of_each_day(sold, ploy):
    with sold.transaction() as session:
        session.get_one(Order, 1).placed_at = utc_now() - timedelta(days=1)
    async with ploy.client.get(f"{ploy.url}/figures/tables/course?period=week") as answer:
        *_, yesterday, today = csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig")))
    assert (today["Orders not paid"], today["Unpaid"], today["From chat to order (%)"]) == (
        "1",
        "290.00",
        "50",
    )
    assert (yesterday["Orders"], yesterday["Unpaid"], yesterday["To be collected"]) == ("1", "0.00", "0.00")
    async with ploy.client.get(f"{ploy.url}/figures/tables/course?period=today") as answer:
        assert b"chat" not in await answer.read()  # which is not kept by the hour
    _, page = await ploy.get("/figures?period=week")
    assert page.count("<picture>") == 6 and "counted by the day" not in page
    _, page = await ploy.get("/figures")
    assert page.count("<picture>") == 5 and "counted by the day" in page


async def test_cash_on_delivery_is_said_to_be_counted_apart(sold, ploy):
    with sold.transaction() as session:
        session.get_one(Order, 2).payment_state = "on_delivery"
    _, page = await ploy.get("/figures")
    assert "and ฿290 to be collected on delivery" in page and "is counted apart" in page


async def test_bars_of_products_have_their_amounts_beside_them(sold, ploy):
    _, drawn = await ploy.get("/figures/charts/products?period=today")
    written = ElementTree.fromstring(drawn.encode()).iter("{http://www.w3.org/2000/svg}text")
    assert [one.text for one in written if one.get("class") == "value"] == ["฿250", "฿250"]


@pytest.mark.parametrize("query", ["period=days30", "from=2010-01-01&to=2029-12-31"])
async def test_the_page_is_light_however_long_the_period(sold, ploy, query):
    answer, body = await ploy.get(f"/figures?{query}")
    assert answer.status == 200 and await ploy.weight(body) < 100_000


async def test_charts_show_what_their_page_has_found_and_ask_nothing_again(sold, ploy):
    names = ("course", "orders", "unpaid", "conversion", "products", "channels")

    async def drawn():
        pictures = [(await ploy.get(f"/figures/charts/{name}?period=week"))[1] for name in names]
        return [re.sub(r"chart-[0-9a-f-]{36}", "", picture) for picture in pictures]

    await ploy.get("/figures?period=week")
    before = await drawn()
    with sold.transaction() as session:
        place(session, session.get_one(Channel, 1), customer="c", cause="c").placed_at = utc_now()
    assert await drawn() == before
    await ploy.get("/figures?period=week")
    same = [name for name, was, now in zip(names, before, await drawn(), strict=True) if now == was]
    assert same == ["conversion"], "all who were there ordered, as before"


def test_what_was_found_is_kept_for_five_minutes_and_only_of_the_last_pages():
    seconds = [0.0]
    lately = Lately(lambda: seconds[0])
    lately.keep("week", 1)
    seconds[0] = 299
    assert lately.get("week") == 1 and lately.get("month") is None
    seconds[0] = 301
    assert lately.get("week") is None
    for number in range(33):
        lately.keep(number, number)
    assert lately.get(0) is None and lately.get(1) == 1


async def test_an_empty_chart_is_drawn_too(ploy):
    for name in ("course", "products", "channels"):
        answer, _ = await ploy.get(f"/figures/charts/{name}?period=today")
        assert answer.status == 200


async def test_charts_and_tables_that_are_none_are_not_found(ploy):
    for path in ("charts/nothing", "tables/orders"):
        answer, _ = await ploy.get(f"/figures/{path}")
        assert answer.status == 404
