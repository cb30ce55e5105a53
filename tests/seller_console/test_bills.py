"""A seller opens an order's bills; nobody else does."""

from __future__ import annotations

import pytest


async def test_the_order_page_leads_to_its_bills(console, ploy, order):
    _, body = await ploy.get(f"/orders/{order.number}")
    for name in ("bill", "bill.pdf", "payment", "payment.pdf"):
        assert f'href="/orders/{order.number}/{name}"' in body
    answer, body = await ploy.get(f"/orders/{order.number}/bill")
    assert answer.status == 200 and "Order bill" in body and "สมหญิง ใจดี" in body
    for name in ("bill.pdf", "payment.pdf"):
        answer, body = await ploy.get(f"/orders/{order.number}/{name}")
        assert answer.content_type == "application/pdf" and body.startswith("%PDF-")


@pytest.mark.parametrize("name", ["bill", "bill.pdf", "payment", "payment.pdf"])
async def test_strangers_and_wrong_numbers_get_nothing(console, stranger, ploy, order, name):
    answer, _ = await stranger.get(f"/orders/{order.number}/{name}")
    assert answer.status == 303 and answer.headers["location"].startswith("/sign-in")
    answer, _ = await ploy.get(f"/orders/TL-00000000/{name}")
    assert answer.status == 404
