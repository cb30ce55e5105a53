"""Orders that somebody of the shop makes: from the cart or as was agreed, once, and told to the customer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carts, handoff, orders, seller_orders, telling
from shop.db import Database
from shop.errors import BadInput, CartMoved, NotFound, NotReachable, OtherPrices, SoldOut
from shop.models import Customer, InboxEvent, Notice, Order, Shop, Transition, Variant
from shop.seller_orders import Where, Wish
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_shop, make_slip, make_variant

HOME = Where("สมหญิง ใจดี", "081 234 5678", "99/1 ต.สุเทพ อ.เมือง เชียงใหม่")
PLOY = {"form": "f1", "by": "ploy@example.com", "now": NOW}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session, auto_billing=False)
        yield session


@pytest.fixture
def nok(session: Session) -> Customer:
    """A customer with two shirts in the cart, who was told that a person makes the bill."""
    nok = make_customer(session, make_channel(session))
    nok.last_inbound_at = NOW
    carts.put(session, nok.id, make_variant(session).id, 2)
    handoff.ask_for_person(session, nok.id, NOW)
    return nok


def shirt(session: Session) -> Variant:
    return session.scalars(select(Variant).where(Variant.sku == "SHIRT")).one()


def as_in_the_cart(session: Session, nok: Customer, **changed: object) -> Wish:
    cart = seller_orders.in_cart(session, nok.id)
    return replace(Wish(cart, {}, cart), **changed)


def test_the_cart_becomes_an_order_and_the_bot_goes_on(session: Session, nok: Customer) -> None:
    order, did_it = seller_orders.make(session, nok.id, as_in_the_cart(session, nok), **PLOY)
    assert did_it
    assert (order.state, order.payment_state, order.subtotal) == ("placed", "awaiting_slip", 50000)
    assert (order.address, order.pay_before > NOW) == (None, True)
    assert carts.lines(session, nok.id) == []
    assert shirt(session).stock == 3
    placed = session.scalars(select(Transition)).one()
    assert (placed.move, placed.by) == ("place", "ploy@example.com")
    assert (nok.wants_person_since, nok.person_until) == (None, None)
    notice = session.scalars(select(Notice)).one()
    assert (notice.kind, notice.order_id) == ("placed_by_shop", order.id)
    assert session.scalars(select(InboxEvent.kind)).one() == "notice"
    assert orders.awaiting_delivery_details(session, nok.id) is order


def test_a_double_click_makes_one_order(session: Session, nok: Customer) -> None:
    wish = as_in_the_cart(session, nok)
    first, _ = seller_orders.make(session, nok.id, wish, **PLOY)
    assert seller_orders.make(session, nok.id, wish, **PLOY) == (first, False)
    assert len(session.scalars(select(Notice)).all()) == 1
    with pytest.raises(CartMoved):  # another seller, or the page once more
        seller_orders.make(session, nok.id, wish, **{**PLOY, "form": "f2"})


def test_what_was_agreed_in_the_chat_is_ordered_with_its_address_and_paid_on_delivery(
    session: Session, nok: Customer
) -> None:
    session.get_one(Shop, 1).cash_on_delivery = True
    hat = make_variant(session, "HAT", 9900, 4)
    wish = as_in_the_cart(session, nok, lines={shirt(session).id: 0, hat.id: 3}, where=HOME, pay_by="cod")
    order, _ = seller_orders.make(session, nok.id, wish, **PLOY)
    assert [(line.variant_id, line.quantity) for line in order.lines] == [(hat.id, 3)]
    assert (order.recipient, order.phone, order.province) == ("สมหญิง ใจดี", "+66812345678", "เชียงใหม่")
    assert (order.deliverable, order.payment_method, order.payment_state) == (True, "cod", "on_delivery")
    assert order.total == 3 * 9900 + order.shipping_fee
    assert shirt(session).stock == 5


def test_what_the_seller_did_not_see_is_not_ordered(session: Session, nok: Customer) -> None:
    one = shirt(session)
    wish = as_in_the_cart(session, nok, prices={one.id: one.price})
    one.price += 1000
    with pytest.raises(OtherPrices):
        seller_orders.make(session, nok.id, wish, **PLOY)
    one.price -= 1000
    carts.put(session, nok.id, one.id, 1)
    with pytest.raises(CartMoved):
        seller_orders.make(session, nok.id, wish, **PLOY)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"lines": {}}, BadInput),
        ({"lines": {1: 1000}}, BadInput),
        ({"lines": {1: 6}}, SoldOut),
        ({"lines": {77: 1}}, NotFound),
        ({"pay_by": "cod"}, BadInput),
        ({"pay_by": "gold"}, BadInput),
        ({"where": replace(HOME, phone="12")}, BadInput),
        ({"where": replace(HOME, recipient="")}, BadInput),
        ({"where": replace(HOME, address="/restart")}, BadInput),
    ],
)
def test_what_cannot_be_ordered_is_refused(
    session: Session, nok: Customer, changed: dict[str, object], refused: type[Exception]
) -> None:
    wish = as_in_the_cart(session, nok, **changed)
    with pytest.raises(refused), session.begin_nested():
        seller_orders.make(session, nok.id, wish, **PLOY)
    assert session.scalars(select(Order)).all() == []
    assert (shirt(session).stock, len(carts.lines(session, nok.id))) == (5, 1)


def test_nobody_orders_for_somebody_who_was_erased(session: Session, nok: Customer) -> None:
    wish = as_in_the_cart(session, nok)
    nok.erased_at = NOW
    with pytest.raises(NotReachable):
        seller_orders.make(session, nok.id, wish, **PLOY)


def test_the_slip_that_follows_is_for_this_order_and_then_its_bill_is_no_news(
    session: Session, nok: Customer
) -> None:
    order, _ = seller_orders.make(session, nok.id, as_in_the_cart(session, nok, where=HOME), **PLOY)
    slip = make_slip(session, nok)
    assert intake.take(session, nok.id, [slip.id], now=NOW + timedelta(minutes=9)).order is order
    notice = session.scalars(select(Notice)).one()
    assert not telling.is_over(session, notice, order)
    order.payment_state = "paid"
    assert telling.is_over(session, notice, order)


def test_clicks_at_the_same_moment_make_one_order(database: Database) -> None:
    with database.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        carts.put(session, nok.id, make_variant(session).id, 2)
        wish, customer_id = as_in_the_cart(session, nok), nok.id

    def click(_: int) -> tuple[int, bool]:
        with database.transaction() as session:
            order, did_it = seller_orders.make(session, customer_id, wish, **PLOY)
            return order.id, did_it

    with ThreadPoolExecutor(8) as hands:
        done = list(hands.map(click, range(8)))
    assert len({order for order, _ in done}) == 1
    assert sum(did_it for _, did_it in done) == 1
    with database.reading() as session:
        assert shirt(session).stock == 3
