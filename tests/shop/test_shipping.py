"""What sending costs, by weight, sum and province; and what of it an order keeps."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop import orders, shipping, ways_to_pay
from shop.errors import BadInput, NotAllowed
from shop.models import Order, ShippingMethod, ShippingRate, Shop
from shop.slips import intake
from tests.factories import (
    NOW,
    make_channel,
    make_customer,
    make_order,
    make_slip,
    make_variant,
)

DETAILS = {"recipient": "Nok", "phone": "0812345678", "address": "9/1 ต.สุเทพ อ.เมือง จ.เชียงใหม่ 50200"}


@pytest.fixture
def order(session: Session) -> Order:
    """One of 600 g for ฿250."""
    shirt = make_variant(session)
    shirt.weight = 600
    return make_order(session, make_customer(session, make_channel(session)), shirt)


def rates(session: Session, *found: ShippingRate, free_from: int | None = None) -> ShippingMethod:
    """One method with these rates, instead of the shop's."""
    for method in shipping.methods(session):
        method.active = False
    method = ShippingMethod(name_th="ด่วน", name_en="Express", rates=list(found), free_from=free_from)
    session.add(method)
    session.flush()
    return method


def fees(
    session: Session, subtotal: int = 25000, weight: int = 600, province: str | None = "เชียงใหม่"
) -> list[int]:
    return [
        quote.fee for quote in shipping.quotes(session, subtotal=subtotal, weight=weight, province=province)
    ]


def test_the_rate_nearest_to_weight_sum_and_province_counts(session: Session) -> None:
    rates(
        session,
        ShippingRate(fee=3000),
        ShippingRate(fee=5000, from_weight=500),
        ShippingRate(fee=9000, from_weight=2000),
        ShippingRate(fee=8000, provinces=["ภูเก็ต"]),
    )
    assert fees(session, weight=499) == [3000]
    assert fees(session, weight=500) == [5000]
    assert fees(session, weight=2500) == [9000]
    assert fees(session, weight=500, province="ภูเก็ต") == [8000]


def test_above_a_sum_it_is_free(session: Session) -> None:
    rates(session, ShippingRate(fee=3000), free_from=50000)
    assert (fees(session, subtotal=49999), fees(session, subtotal=50000)) == ([3000], [0])


def test_the_order_s_fee_follows_its_address(session: Session, order: Order) -> None:
    rates(session, ShippingRate(fee=3000), ShippingRate(fee=7000, provinces=["เชียงใหม่"]))
    orders.set_delivery(session, order.id, **DETAILS, province="เชียงใหม่")
    assert (order.shipping_fee, order.total, order.shipping_en) == (7000, 32000, "Express")
    orders.set_delivery(session, order.id, **DETAILS, province="ตาก")
    assert (order.shipping_fee, order.total) == (3000, 28000)


def test_the_chosen_method_is_kept_and_one_that_is_gone_replaced_by_the_first(
    session: Session, order: Order
) -> None:
    express = ShippingMethod(name_th="ด่วน", name_en="Express", position=1, rates=[ShippingRate(fee=9900)])
    session.add(express)
    session.flush()
    orders.set_delivery(session, order.id, **DETAILS, shipping_method_id=express.id)
    assert order.shipping_fee == 9900
    express.active = False
    orders.set_delivery(session, order.id, **DETAILS, shipping_method_id=express.id)
    assert order.shipping_fee == 4000


def test_where_the_shop_does_not_send_the_address_is_refused(session: Session, order: Order) -> None:
    rates(session, ShippingRate(fee=3000, provinces=["กรุงเทพมหานคร"]))
    with pytest.raises(BadInput, match="not_shipped"):
        orders.set_delivery(session, order.id, **DETAILS, province="เชียงใหม่")


def test_once_a_slip_has_come_a_new_address_changes_no_total(session: Session, order: Order) -> None:
    slip = make_slip(session, order.customer)
    intake.take(session, order.customer_id, [slip.id], now=NOW)
    rates(session, ShippingRate(fee=99900))
    orders.set_delivery(session, order.id, **DETAILS)
    assert (order.address, order.total) == (DETAILS["address"], 29000)


def test_paying_on_delivery_can_be_chosen_and_taken_back_while_nothing_was_paid(
    session: Session, order: Order
) -> None:
    with pytest.raises(BadInput, match="not_offered"):
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=NOW)
    session.get_one(Shop, 1).cash_on_delivery = True
    for method, state in (("cod", "on_delivery"), ("cod", "on_delivery"), ("transfer", "awaiting_slip")):
        ways_to_pay.choose(session, order.id, method, by="customer", now=NOW)
        assert (order.payment_method, order.payment_state) == (method, state)
    with pytest.raises(BadInput, match="unknown"):
        ways_to_pay.choose(session, order.id, "gold", by="customer", now=NOW)
    slip = make_slip(session, order.customer)
    intake.take(session, order.customer_id, [slip.id], now=NOW)
    with pytest.raises(NotAllowed):
        ways_to_pay.choose(session, order.id, "cod", by="customer", now=NOW)
