"""Choosing, ordering, giving an address and sending a slip in the web store; and what a stranger can do there."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import aiohttp
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carts, orders, payments, store_links, store_visits
from shop.db import Database, utc_now
from shop.models import Category, Customer, InboxEvent, Order, Product, Shop, Slip, StoreVisit, Variant
from tests.factories import make_customer, make_order, make_slip
from tests.storefront.conftest import SECRET_KEY, Browser

ADDRESS = {"recipient": "Nok", "phone": "081 234 5678", "address": "9/1 ต.สุเทพ อ.เมือง จ.เชียงใหม่ 50200"}


def news(database: Database) -> list[str]:
    with database.reading() as session:
        events = select(InboxEvent).where(InboxEvent.kind == store_visits.STORE_EVENT).order_by(InboxEvent.id)
        return [event.raw["news"] for event in session.scalars(events)]


def the_order(database: Database) -> Order:
    with database.reading() as session:
        return session.scalars(select(Order)).one()


async def put(
    browser: Browser, size: str = "M", quantity: str = "2", **fields: str
) -> aiohttp.ClientResponse:
    await browser.get("products/1")
    answer, _ = await browser.post(
        "cart/put", product="1", option0=size, quantity=quantity, go="cart", **fields
    )
    return answer


async def ordered(browser: Browser, quantity: str = "2") -> str:
    await put(browser, quantity=quantity)
    await browser.get("cart")
    answer, _ = await browser.post("cart/confirm")
    return answer.headers["Location"].split("/")[4]


def slip() -> aiohttp.FormData:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "JPEG")
    form = aiohttp.FormData()
    form.add_field("slip", picture.getvalue(), filename="slip.jpg", content_type="image/jpeg")
    return form


async def test_from_the_window_to_the_slip(browser: Browser, database: Database, customer: Customer) -> None:
    _, body = await browser.get()
    assert "T-shirt" in body and "฿250" in body and "Mug" in body
    answer = await put(browser)
    assert answer.headers["Location"].endswith("/cart")
    _, body = await browser.get("cart")
    assert "T-shirt (M)" in body and "฿500" in body
    answer, _ = await browser.post("cart/confirm")
    assert answer.headers["Location"].endswith("/address")
    _, body = await browser.get(answer.headers["Location"])
    number = the_order(database).number
    answer, _ = await browser.post(f"orders/{number}/address", **ADDRESS)
    assert answer.status == 303
    _, body = await browser.get(f"orders/{number}")
    assert "Waiting for payment" in body and "PromptPay" in body and "฿540" in body and "081 234 5678" in body
    answer, _ = await browser.post(f"orders/{number}/slip", slip())
    _, body = await browser.get(answer.headers["Location"])
    assert "We have your slip" in body and "Payment Confirmation: Pending" in body
    assert news(database) == ["bill", "slip"]
    _, body = await browser.get("orders")
    assert number in body
    with database.reading() as session:
        assert carts.lines(session, customer.id) == []


async def test_in_thai_it_is_thai(browser: Browser, database: Database, customer: Customer) -> None:
    await browser.get()
    answer, _ = await browser.post("language", language="th", next="cart")
    assert answer.headers["Location"].endswith("/cart")
    _, body = await browser.get("cart")
    assert "ตะกร้ายังว่างอยู่ค่ะ" in body and 'lang="th"' in body
    with database.reading() as session:
        assert session.get_one(Customer, customer.id).language == "th"


async def test_the_same_form_twice_is_one_order_and_one_slip(browser: Browser, database: Database) -> None:
    await put(browser)
    await browser.get("cart")
    once = "0123456789abcdef"
    first, _ = await browser.post("cart/confirm", once=once)
    again, _ = await browser.post("cart/confirm", once=once)
    assert first.headers["Location"] == again.headers["Location"]
    number = the_order(database).number
    for _ in range(2):
        await browser.post(f"orders/{number}/slip", slip(), once=once)
    with database.reading() as session:
        assert len(session.scalars(select(Slip)).all()) == 1
    assert news(database) == ["slip"]


@pytest.mark.parametrize(
    ("size", "quantity", "words"),
    [
        ("L", "1", "T-shirt (L) is sold out"),
        ("M", "9", "only 5 left"),
        ("M", "0", "1 to 999"),
        ("X", "1", "each option"),
    ],
)
async def test_what_cannot_be_had_is_said_and_the_choice_stays(
    browser: Browser, size: str, quantity: str, words: str
) -> None:
    answer = await put(browser, size, quantity)
    assert answer.status == 409
    assert words in browser.body


async def test_a_cart_says_what_changed_and_nothing_is_ordered_at_an_unseen_price(
    browser: Browser, database: Database, customer: Customer
) -> None:
    await put(browser, quantity="4")
    await browser.get("cart")
    with database.transaction() as session:
        shirt = session.get_one(Variant, 1)
        shirt.price, shirt.stock = 30000, 3
    answer, body = await browser.post("cart/confirm")
    assert answer.status == 409
    assert "only 3 left" in body and "is now ฿300" in body
    with database.reading() as session:
        assert orders.latest(session, customer.id) == []


async def test_lines_are_changed_and_taken_out(
    browser: Browser, database: Database, customer: Customer
) -> None:
    await put(browser)
    await browser.get("cart")
    await browser.post("cart/change", variant="1", quantity="3")
    with database.reading() as session:
        assert [line.quantity for line in carts.lines(session, customer.id)] == [3]
    answer, body = await browser.post("cart/change", variant="1", quantity="99")
    assert answer.status == 409 and "not so many" in body
    await browser.post("cart/change", variant="1", quantity="0")
    _, body = await browser.get("cart")
    assert "Your cart is empty" in body


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("recipient", "N", "too short"),
        ("recipient", "Nok 5", "without numbers"),
        ("phone", "12", "complete phone number"),
        ("address", "at home by the river", "house number or postal code"),
        ("address", "<b>" * 200, "too long"),
    ],
)
async def test_a_detail_that_cannot_be_used_is_said_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, database: Database, field: str, value: str, words: str
) -> None:
    number = await ordered(browser)
    await browser.get(f"orders/{number}/address")
    answer, body = await browser.post(f"orders/{number}/address", **{**ADDRESS, field: value})
    assert answer.status == 409
    assert words in body and "<b><b>" not in body
    kept = next(name for name in ADDRESS if name != field)
    assert ADDRESS[kept] in body
    assert the_order(database).address is None


async def test_paying_on_delivery_can_be_chosen_where_the_shop_offers_it(
    browser: Browser, database: Database
) -> None:
    number = await ordered(browser)
    await browser.get(f"orders/{number}/address")
    answer, body = await browser.post(f"orders/{number}/address", **ADDRESS, payment="cod")
    assert answer.status == 409
    with database.transaction() as session:
        session.get_one(Shop, 1).cash_on_delivery = True
    await browser.get(f"orders/{number}/address")
    await browser.post(f"orders/{number}/address", **ADDRESS, payment="cod")
    _, body = await browser.get(f"orders/{number}")
    assert "Cash on delivery" in body and "to the courier" in body and "PromptPay" not in body


async def test_a_picture_that_is_none_is_refused_kindly(browser: Browser, database: Database) -> None:
    number = await ordered(browser)
    await browser.get(f"orders/{number}")
    form = aiohttp.FormData()
    form.add_field("slip", b"<svg onload=alert(1)>", filename="../../slip.jpg", content_type="image/jpeg")
    answer, body = await browser.post(f"orders/{number}/slip", form)
    assert answer.status == 409 and "could not be opened" in body
    answer, _ = await browser.post(f"orders/{number}/slip", b"no form at all")
    assert answer.status == 403


async def test_search_and_categories_narrow_the_window(browser: Browser, database: Database) -> None:
    with database.transaction() as session:
        clothes, home = Category(name_th="เสื้อผ้า", name_en="Clothes"), Category(name_th="บ้าน", name_en="Home")
        session.get_one(Product, 1).category, session.get_one(Product, 2).category = clothes, home
    _, body = await browser.get("?q=แก้ว")
    assert "Mug" in body and "T-shirt" not in body
    _, body = await browser.get(f"?category={clothes.id}")
    assert "T-shirt" in body and "Mug" not in body
    _, body = await browser.get("?q=%3Cscript%3E&after=x&category=-1")
    assert "&lt;script&gt;" in body and "<script>" not in body


async def test_without_auto_billing_a_person_is_called(
    browser: Browser, database: Database, customer: Customer
) -> None:
    await put(browser)
    with database.transaction() as session:
        session.get_one(Shop, 1).auto_billing = False
    await browser.get("cart")
    _, body = await browser.post("cart/confirm")
    assert "The seller will put your order together" in body
    with database.reading() as session:
        assert session.get_one(Customer, customer.id).wants_person_since is not None


async def test_the_chat_hears_of_the_cart_once_the_store_was_left(
    browser: Browser, database: Database, customer: Customer
) -> None:
    await put(browser)
    await browser.post("left")
    with database.transaction() as session:
        assert not store_visits.tell_one(session, utc_now())
        assert store_visits.tell_one(session, utc_now() + store_visits.LEFT)
        assert not store_visits.tell_one(session, utc_now() + timedelta(hours=1))
    assert news(database) == ["cart"]
    await put(browser, quantity="1")
    await browser.post("left")
    await browser.get("cart")  # it was only the next page
    with database.reading() as session:
        assert session.get_one(StoreVisit, customer.id).due_at > utc_now() + store_visits.LEFT


async def test_an_address_that_is_over_or_forged_opens_nothing(browser: Browser, customer: Customer) -> None:
    over = store_links.token(SECRET_KEY, customer.id, utc_now() - timedelta(seconds=1))
    forged = f"{customer.id}{browser.token[browser.token.index('.') :]}x"
    other = browser.token.replace(f"{customer.id}.", f"{customer.id + 1}.", 1)
    nobody = store_links.token(SECRET_KEY, 999, utc_now() + timedelta(hours=1))
    for token in (over, forged, other, nobody, "x", "1.1.1"):
        browser.token = token
        answer, body = await browser.get("orders")
        assert answer.status == 403, token
        assert "store again" in body or "เปิดร้านใหม่" in body


async def test_another_customer_s_order_is_not_there(
    browser: Browser, database: Database, customer: Customer
) -> None:
    with database.transaction() as session:
        other = make_customer(session, session.get_one(Customer, customer.id).channel, "other", "Other")
        order = make_order(session, other, session.get_one(Variant, 3))
    for path in (f"orders/{order.number}", f"orders/{order.number}/address", "products/99", "products/x"):
        answer, _ = await browser.get(path)
        assert answer.status == 404, path
    await browser.get("cart")
    answer, _ = await browser.post(f"orders/{order.number}/slip", slip(), once="0" * 16)
    assert answer.status == 404


async def test_another_site_s_form_and_one_without_its_secret_do_nothing(
    browser: Browser, database: Database
) -> None:
    await browser.get("products/1")
    answer = await put(browser, once="guess")
    assert answer.status == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    fields = {"once": "0" * 16, "product": "2", "quantity": "1"}
    async with browser.http.post(browser.address("cart/put"), data=fields, headers=cross) as refused:
        assert refused.status == 403
    answer, _ = await browser.post("cart/put", product="2", quantity="1", filler="x" * 70_000)
    assert answer.status == 413


async def test_pages_are_kept_from_other_sites_and_from_caches(browser: Browser) -> None:
    answer, body = await browser.get()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "https://www.messenger.com" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert " onclick=" not in body and " style=" not in body


async def test_all_that_cannot_be_used_is_said_at_once(browser: Browser) -> None:
    number = await ordered(browser)
    await browser.get(f"orders/{number}/address")
    answer, body = await browser.post(f"orders/{number}/address", recipient="N", phone="12", address="")
    assert answer.status == 409
    assert body.count('role="alert"') == 3


async def test_an_earlier_address_is_one_tap_also_without_a_script(
    browser: Browser, database: Database
) -> None:
    numbers = []
    for place in ("11 ถ.นิมมาน ต.สุเทพ อ.เมือง จ.เชียงใหม่ 50200", "22 ถ.สุขุมวิท แขวงคลองเตย กรุงเทพฯ 10110"):
        numbers.append(await ordered(browser, "1"))
        await browser.get(f"orders/{numbers[-1]}/address")
        await browser.post(f"orders/{numbers[-1]}/address", **{**ADDRESS, "address": place})
    third = await ordered(browser, "1")
    _, body = await browser.get(f"orders/{third}/address")
    assert body.count('name="use"') == 2
    answer, body = await browser.post(f"orders/{third}/address", use=numbers[0], recipient="", payment="cod")
    assert answer.status == 200
    assert (
        '<textarea name="address"' in body
        and "11 ถ.นิมมาน" in body.split("<textarea")[1].split("</textarea>")[0]
    )
    with database.reading() as session:
        assert session.scalars(select(Order).where(Order.number == third)).one().address is None


async def test_a_slip_sent_for_one_order_takes_no_other_slip_along(
    browser: Browser, database: Database, customer: Customer
) -> None:
    with database.transaction() as session:
        asked_about = make_slip(session, session.get_one(Customer, customer.id))
    number = await ordered(browser)
    await browser.get(f"orders/{number}")
    await browser.post(f"orders/{number}/slip", slip())
    with database.reading() as session:
        assert session.get_one(Slip, asked_about.id).order_id is None
        attached = session.scalars(select(Slip).where(Slip.order_id.is_not(None))).all()
        assert len(attached) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "own"}, 303),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 303),
        ({}, 303),
    ],
)
async def test_where_a_form_comes_from_is_known_in_old_browsers_too(
    browser: Browser, headers: dict[str, str], status: int
) -> None:
    sent = {name: browser.url if value == "own" else value for name, value in headers.items()}
    fields = {"once": "0" * 16, "product": "2", "quantity": "1"}
    async with browser.http.post(
        browser.address("cart/put"), data=fields, headers=sent, allow_redirects=False
    ) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    "path",
    [
        "?q=%00%00%00",
        "?q=%ED%A0%80abc",
        "?category=99999999999999999999",
        "?after=%00",
        "orders/TL-%00",
        "orders/%ff",
        "products/%00",
    ],
)
async def test_an_address_that_somebody_made_up_breaks_nothing(browser: Browser, path: str) -> None:
    answer, _ = await browser.get(path)
    assert answer.status in (200, 404)


async def test_typed_signs_that_no_database_takes_break_nothing(browser: Browser, database: Database) -> None:
    number = await ordered(browser)
    await browser.get(f"orders/{number}/address")
    answer, _ = await browser.post(
        f"orders/{number}/address",
        **{**ADDRESS, "recipient": "N\x00ok\u202e", "shipping": "\x00", "payment": "\x00"},
    )
    assert answer.status == 303
    assert the_order(database).recipient == "Nok"


async def test_a_waiting_order_shows_its_qr_and_its_bill(
    browser: Browser, database: Database, customer: Customer
) -> None:
    with database.transaction() as session:
        order = orders.place(session, _with_a_mug(session, customer), cause="qr", now=utc_now())
        order.discount, order.total = 1000, order.total - 1000
    _, body = await browser.get(f"orders/{order.number}")
    assert 'src="data:image/png;base64,' in body and re.search(r'href="[^"]+/bills/[^"]+\.pdf"', body)
    assert "−฿10" in body
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy@example.com", now=utc_now())
    _, body = await browser.get(f"orders/{order.number}")
    assert "data:image/png" not in body and "/bills/" in body


def _with_a_mug(session: Session, customer: Customer) -> int:
    mug = session.scalars(select(Variant).where(Variant.sku == "MUG")).one()
    carts.put(session, customer.id, mug.id, 1)
    return customer.id
