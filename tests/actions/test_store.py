"""The way into the web store, and what the chat says about what happened there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop import bill_links, carts, orders, store_links
from shop.models import Order, PaymentAccount, Shop
from shop.slips import intake
from tests.actions.conftest import Caller
from tests.factories import NOW, make_slip

KEY = "a key for tests"


def whose(url: str) -> int:
    """The customer that an address of the store names; it must be ours."""
    link = store_links.read(KEY, url.split("/")[4])
    assert url.startswith("https://shop.example/store/") and link is not None
    return link.customer_id


def ordered(call: Caller, *, with_address: bool) -> Order:
    with call.db.transaction() as session:
        carts.put(session, call.customer_id, call.variant_id, 1)
        order = orders.place(session, call.customer_id, cause="store:1", now=NOW)
        if with_address:
            orders.set_delivery(
                session,
                order.id,
                recipient="Nok",
                phone="0812345678",
                address="99/1 Sukhumvit, Bangkok 10110",
            )
    return order


async def test_the_store_opens_for_the_customer_who_asks(call: Caller) -> None:
    told = await call("action_open_store", "open_store")
    (tap,) = told.responses[0]["buttons"]
    assert whose(tap["url"]) == call.customer_id


@pytest.mark.parametrize("opens", ["chat", "store"])
async def test_buy_now_opens_what_the_seller_has_set(call: Caller, opens: str) -> None:
    with call.db.transaction() as session:
        session.get_one(Shop, 1).buy_now_opens = opens
    told = await call("action_products", "products")
    (tap,) = told.responses[0]["custom"]["cards"][0]["buttons"]
    if opens == "chat":
        assert tap["url"] is None and tap["payload"].startswith("/buy_now")
    else:
        assert whose(tap["url"]) == call.customer_id and tap["url"].endswith("/products/1")


async def test_a_cart_filled_in_the_store_is_shown(call: Caller) -> None:
    with call.db.transaction() as session:
        carts.put(session, call.customer_id, call.variant_id, 2)
    told = await call("action_store_news", "store_news", entities={"news": "cart", "order_number": ""})
    assert told.said == ["utter_cart"]


async def test_an_order_without_an_address_goes_on_in_the_chat(call: Caller) -> None:
    order = ordered(call, with_address=False)
    news = {"news": "order", "order_number": order.number}
    told = await call("action_store_news", "store_news", entities=news)
    assert told.said == ["utter_order_placed"]
    assert told.follows == ["checkout_form"] and told.slots["order"] == order.number


async def test_a_complete_order_shows_its_bill_and_ends_the_question_for_its_address(call: Caller) -> None:
    order = ordered(call, with_address=True)
    told = await call(
        "action_store_news",
        "store_news",
        entities={"news": "bill", "order_number": order.number},
        slots={"order": order.number},
        form="checkout_form",
        asked="recipient",
    )
    assert told.said == ["bill", "utter_how_to_pay", "image", "text", "choices"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in told.events
    assert told.slots["order"] is None


async def test_how_to_pay_has_a_qr_a_number_to_copy_and_the_bill(call: Caller) -> None:
    order = ordered(call, with_address=True)
    with call.db.transaction() as session:
        changed = session.get_one(Order, order.id)
        changed.discount, changed.total = 1000, changed.total - 1000
    told = await call(
        "action_store_news", "store_news", entities={"news": "bill", "order_number": order.number}
    )
    bill, _, image, number, last = (reply["custom"] or reply for reply in told.responses)
    assert bill["adjustments"] == [("Discount", 1000)] or bill["adjustments"] == (("Discount", 1000),)
    token = image["url"].removeprefix("https://shop.example/bills/").removesuffix("/promptpay.png")
    assert bill_links.order_of(KEY, token, NOW) == order.id and "฿280" in image["alt"]
    assert number["text"] == "0891112223"
    (tap,) = last["buttons"]
    assert tap["title"] == "Bill (PDF)" and tap["url"].endswith(".pdf") and "3 Nov 2026" in last["text"]


async def test_without_promptpay_there_is_no_qr(call: Caller) -> None:
    order = ordered(call, with_address=True)
    with call.db.transaction() as session:
        session.scalars(select(PaymentAccount)).one().bank = "KBank"
    told = await call("action_ask_payment", "ask_payment", entities={"order_number": order.number})
    assert told.said == ["utter_how_to_pay", "text", "choices"]


async def test_after_the_slip_there_is_nothing_more_to_scan(call: Caller) -> None:
    order = ordered(call, with_address=True)
    with call.db.transaction() as session:
        slip = make_slip(session, session.get_one(Order, order.id).customer)
        intake.take(session, call.customer_id, [slip.id], now=NOW)
    told = await call("action_ask_payment", "ask_payment", entities={"order_number": order.number})
    assert told.said == ["utter_how_to_pay"]


async def test_a_slip_sent_in_the_store_is_acknowledged(call: Caller) -> None:
    order = ordered(call, with_address=True)
    told = await call(
        "action_store_news", "store_news", entities={"news": "slip", "order_number": order.number}
    )
    assert told.said == ["utter_slip_received"]
