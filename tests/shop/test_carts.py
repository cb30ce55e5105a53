"""The cart follows what can be had, and says so."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop import carts, orders
from shop.carts import ChangeKind
from shop.errors import NotFound, OtherPrices
from shop.models import Customer, Variant
from tests.factories import NOW, make_variant


@pytest.fixture
def shirt(session: Session) -> Variant:
    return make_variant(session, stock=5)


def test_a_cart_that_nothing_has_happened_to_has_no_changes(
    session: Session, nok: Customer, shirt: Variant
) -> None:
    carts.put(session, nok.id, shirt.id, 2)
    assert carts.review(session, nok.id) == []


def test_fewer_left_and_another_price_are_told_once(session: Session, nok: Customer, shirt: Variant) -> None:
    carts.put(session, nok.id, shirt.id, 4)
    shirt.stock, shirt.price = 2, 19900
    fewer, price = carts.review(session, nok.id)
    assert (fewer.kind, fewer.left) == (ChangeKind.FEWER, 2)
    assert (price.kind, price.price, price.names["en"]) == (ChangeKind.PRICE, 19900, "T-shirt")
    assert [line.quantity for line in carts.lines(session, nok.id)] == [2]
    assert carts.review(session, nok.id) == []


@pytest.mark.parametrize("gone", ["stock", "variant", "product"])
def test_what_is_sold_out_or_hidden_leaves_the_cart(
    session: Session, nok: Customer, shirt: Variant, gone: str
) -> None:
    carts.put(session, nok.id, shirt.id, 1)
    if gone == "stock":
        shirt.stock = 0
    elif gone == "variant":
        shirt.active = False
    else:
        shirt.product.active = False
    assert [change.kind for change in carts.review(session, nok.id)] == [ChangeKind.GONE]
    assert carts.lines(session, nok.id) == []


def test_an_order_is_placed_only_at_prices_the_customer_has_seen(
    session: Session, nok: Customer, shirt: Variant
) -> None:
    carts.put(session, nok.id, shirt.id, 1)
    shirt.price = 99900
    with pytest.raises(OtherPrices):
        orders.place(session, nok.id, cause="tap 1", now=NOW)
    carts.review(session, nok.id)
    assert orders.place(session, nok.id, cause="tap 2", now=NOW).subtotal == 99900


def test_a_hidden_variant_cannot_be_put_into_a_cart(session: Session, nok: Customer, shirt: Variant) -> None:
    shirt.active = False
    with pytest.raises(NotFound):
        carts.put(session, nok.id, shirt.id, 1)


def test_removing_takes_one_line_and_can_be_repeated(session: Session, nok: Customer, shirt: Variant) -> None:
    hat = make_variant(session, sku="HAT")
    carts.put(session, nok.id, shirt.id, 1)
    carts.put(session, nok.id, hat.id, 1)
    for _ in range(2):
        assert [line.variant_id for line in carts.remove(session, nok.id, shirt.id)] == [hat.id]
