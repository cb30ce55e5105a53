"""Making an order out of a chat, on the console's page: from the cart, changed, once, and what stands in its way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import carts, handoff
from shop.db import utc_now
from shop.models import AuditEntry, CartLine, Channel, Customer, Order, Shop, User, Variant
from tests.factories import make_customer, make_variant
from tests.seller_console.support import place

HOME = {"recipient": "สมหญิง ใจดี", "phone": "081-234-5678", "address": "99/1 สุเทพ เมืองเชียงใหม่ 50200"}


@pytest.fixture
def nok(database):
    """The id of a customer with two shirts in the cart, who waits for a person."""
    with database.transaction() as session:
        session.get_one(Shop, 1).auto_billing = False
        nok = make_customer(session, session.get_one(Channel, 1), "nok2", "<b>Nok</b>")
        nok.last_inbound_at = utc_now()
        shirt = make_variant(session, "SHIRT", 25000, 5)
        make_variant(session, "HAT", 9900, 1)
        carts.put(session, nok.id, shirt.id, 2)
        handoff.ask_for_person(session, nok.id, utc_now())
        return nok.id


def ids(database):
    with database.reading() as session:
        return dict(session.execute(select(Variant.sku, Variant.id)).all())


def orders_of(database, customer_id):
    with database.reading() as session:
        return session.scalars(select(Order).where(Order.customer_id == customer_id)).all()


async def drawn(ploy, nok):
    """The form's fields as the page has filled them in."""
    _, body = await ploy.get(f"/chats/{nok}/order")
    fields = dict(re.findall(r'name="((?:form|csrf|seen-\d+|price-\d+))" value="([^"]*)"', body))
    return fields | dict(re.findall(r'name="(quantity-\d+)"[^>]* value="(\d*)"', body)), body


async def test_the_cart_becomes_an_order_and_the_chat_says_so(database, ploy, nok):
    _, body = await ploy.get(f"/chats/{nok}")
    assert f'href="/chats/{nok}/order"' in body
    fields, body = await drawn(ploy, nok)
    shirt = ids(database)["SHIRT"]
    assert fields[f"quantity-{shirt}"] == fields[f"seen-{shirt}"] == "2"
    assert "&lt;b&gt;Nok" in body and "<b>Nok" not in body and "the bot asks the customer" in body
    answer, _ = await ploy.send(f"/chats/{nok}/order", fields)
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{nok}?said=ordered")
    answer, _ = await ploy.send(f"/chats/{nok}/order", fields)  # a double click
    assert answer.status == 303
    (order,) = orders_of(database, nok)
    assert ([line.quantity for line in order.lines], order.address) == ([2], None)
    _, body = await ploy.get(f"/chats/{nok}?said=ordered")
    assert f"Order {order.number} is made" in body and "The bot answers" in body
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "new_order.make"))
        assert (entry.subject, entry.detail) == (str(nok), {"order": order.number})
        assert session.get_one(Customer, nok).wants_person_since is None


async def test_something_is_found_added_and_sent_where_the_last_order_went(database, ploy, nok):
    with database.transaction() as session:
        shop = session.get_one(Shop, 1)
        shop.cash_on_delivery = shop.auto_billing = True
        before = place(session, session.get_one(Channel, 1), customer="lek", cause="before")
        before.customer_id = nok
    fields, body = await drawn(ploy, nok)
    assert "081 234 5678" in body and "99 ถนนสุขุมวิท" in body
    hat, shirt = ids(database)["HAT"], ids(database)["SHIRT"]
    typed = fields | HOME | {"pay_by": "cod", f"quantity-{shirt}": "0", f"quantity-{hat}": "1"}
    answer, body = await ploy.send(f"/chats/{nok}/order", typed | {"search": "1", "words": "nothing like it"})
    assert answer.status == 200 and "สมหญิง ใจดี" in body and 'value="cod" checked' in body
    assert re.search(rf'name="quantity-{hat}"[^>]* value="1"', body)
    answer, _ = await ploy.send(f"/chats/{nok}/order", typed)
    assert answer.status == 303
    order = orders_of(database, nok)[-1]
    assert [line.variant_id for line in order.lines] == [hat]
    assert (order.recipient, order.province, order.payment_state) == (
        "สมหญิง ใจดี",
        "เชียงใหม่",
        "on_delivery",
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"quantity-SHIRT": "6"}, "only 5 are left"),
        ({"quantity-SHIRT": "x"}, "a number from 0 to 999"),
        ({"quantity-SHIRT": "0"}, "nothing in the order yet"),
        ({"seen-SHIRT": "1"}, "changed the cart meanwhile"),
        ({"price-SHIRT": "1"}, "A price has changed"),
        ({"phone": "12"}, "check the recipient"),
        ({**HOME, "phone": "12"}, "no phone number"),
        ({**HOME, "address": "บ้านสีฟ้าหลังวัดใหญ่"}, "check the address"),
        ({"form": ""}, "This page was not whole"),
        ({"pay_by": "cod"}, "Cash on delivery is switched off"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_stays(database, ploy, nok, typed, said):
    fields, _ = await drawn(ploy, nok)
    shirt = ids(database)["SHIRT"]
    typed = {name.replace("SHIRT", str(shirt)): value for name, value in typed.items()}
    answer, body = await ploy.send(f"/chats/{nok}/order", fields | typed)
    assert answer.status == 409 and said in body
    for name in ("recipient", "phone"):
        assert f'name="{name}"' in body and typed.get(name, "") in body
    assert orders_of(database, nok) == []
    with database.reading() as session:
        assert session.scalars(select(CartLine.quantity)).all() == [2]


async def test_what_is_sold_out_or_no_longer_sold_is_shown_before(database, ploy, nok):
    with database.transaction() as session:
        session.query(Variant).filter_by(sku="SHIRT").one().stock = 1
        session.get_one(Customer, nok).last_inbound_at = utc_now() - timedelta(days=2)
    fields, body = await drawn(ploy, nok)
    assert fields[f"quantity-{ids(database)['SHIRT']}"] == "1" and "In the cart: 2" in body
    assert "Messenger may hold the bill back" in body
    with database.transaction() as session:
        session.get_one(Channel, 1).active = False
    _, body = await drawn(ploy, nok)
    assert "This Page is disconnected" in body
    with database.transaction() as session:
        session.query(Variant).filter_by(sku="SHIRT").one().active = False
    fields, body = await drawn(ploy, nok)
    assert fields[f"quantity-{ids(database)['SHIRT']}"] == "0" and "Sold out" in body
    shirt = f"quantity-{ids(database)['SHIRT']}"
    answer, body = await ploy.send(f"/chats/{nok}/order", fields | {shirt: "1"})
    assert answer.status == 409 and "no longer on sale" in body


async def test_it_is_there_in_thai_and_for_no_unknown_customer(database, ploy, nok):
    with database.transaction() as session:
        session.query(User).update({"language": "th"})
    _, body = await ploy.get(f"/chats/{nok}/order")
    assert "ส่งบิลให้ลูกค้า" in body and "ในตะกร้า" not in body
    answer, _ = await ploy.get("/chats/999/order")
    assert answer.status == 404
