"""The pictures of slips: for sellers only, by links that end, and nothing but pictures."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from PIL import Image

from seller_console import slip_links
from shop import privacy, views
from shop.db import utc_now
from shop.models import Customer, Order, Shop, Slip
from tests.seller_console.support import OTHER_EMAIL


async def link(visitor, order) -> str:
    """The address of the picture on the order's page."""
    _, page = await visitor.get(f"/orders/{order.number}")
    found = re.search(r'<img src="(/slips/1\?[^"]+)"', page)
    assert found and f'href="{found[1]}"' in page
    return unescape(found[1])


async def test_a_signed_in_seller_sees_the_picture(console, ploy, order):
    async with ploy.client.get(console.url + await link(ploy, order)) as answer:
        assert answer.status == 200 and answer.headers["Content-Type"] == "image/jpeg"
        assert Image.open(io.BytesIO(await answer.read())).size == (300, 600)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_nobody_else_does(console, ploy, stranger, order):
    address = await link(ploy, order)
    for accept in ("text/html", "image/avif,*/*"):
        async with stranger.client.get(
            console.url + address, headers={"Accept": accept}, allow_redirects=False
        ) as answer:
            assert answer.status in (303, 401) and answer.headers["Content-Type"] != "image/jpeg"


async def test_a_link_is_for_one_session_only_even_of_the_same_seller(console, ploy, visitor, order):
    address = await link(ploy, order)
    chai, elsewhere = visitor(), visitor()
    await chai.sign_in(OTHER_EMAIL)
    await elsewhere.sign_in()
    for other in (chai, elsewhere):
        answer, said = await other.get(address)
        assert answer.status == 403
        assert "This link has ended" in said or "ลิงก์นี้หมดอายุแล้ว" in said
        assert (await other.get(await link(other, order)))[0].status == 200
    assert (await ploy.get(address))[0].status == 200


async def test_a_link_ends_after_a_quarter_of_an_hour(monkeypatch, ploy, order):
    address = await link(ploy, order)
    for minutes, status in ((14, 200), (17, 403)):
        later = utc_now() + timedelta(minutes=minutes)
        monkeypatch.setattr(slip_links, "utc_now", lambda later=later: later)
        assert (await ploy.get(address))[0].status == status


@pytest.mark.parametrize(
    "changed",
    [
        lambda address: "/slips/1",
        lambda address: address.replace("/slips/1", "/slips/2"),
        lambda address: re.sub(r"until=(\d+)", lambda found: f"until={int(found[1]) + 60}", address),
        lambda address: re.sub(r"until=\d+", "until=soon", address),
        lambda address: re.sub(r"key=.*", "key=", address),
        lambda address: re.sub(r"key=.*", "key=%E0%B8%81%00", address),
    ],
)
async def test_a_changed_link_opens_nothing_and_says_why(ploy, order, changed):
    answer, said = await ploy.get(changed(await link(ploy, order)))
    assert answer.status == 403 and "Please open the order again." in said


async def test_the_key_in_the_store_is_no_address(database, ploy, order):
    with database.reading() as session:
        key = views.slip(session, 1).picture
    for path in (f"/{key}", f"/slips/{key}", f"/slips/../{key}", f"/static/x/{key}"):
        assert (await ploy.get(path))[0].status == 404


async def test_a_picture_that_is_gone_is_not_found(database, ploy, order):
    address = await link(ploy, order)
    with database.transaction() as session:
        views.slip(session, 1).picture = "private/slips/gone.jpg"
    assert (await ploy.get(address))[0].status == 404


async def test_the_page_says_that_the_picture_was_deleted_for_its_age(database, ploy, order):
    with database.transaction() as session:
        privacy.give_up_pictures(session, Slip.id == 1, utc_now())
        session.get_one(Shop, 1).keep_slips_days = 45
        kept = session.get_one(Order, order.id)
        kept.province = "กรุงเทพมหานคร"
        privacy.forget_delivery(session, [order.id])
    _, page = await ploy.get(f"/orders/{order.number}")
    assert "The picture was deleted after 45 days." in page and "/slips/1" not in page
    assert "Name and address were deleted after 365 days." in page


async def test_the_page_of_an_erased_customer_says_so(database, ploy, order):
    with database.transaction() as session:
        privacy.erase(session, session.get_one(Customer, 1).id, now=utc_now(), force=True)
    _, page = await ploy.get(f"/orders/{order.number}")
    assert page.count("This customer&#39;s data was erased.") == 2 and "สมหญิง" not in page
    assert "Erased customer" in (await ploy.get("/orders"))[1]
