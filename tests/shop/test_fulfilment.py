"""From the confirmed order to the delivered parcel: each step once, recorded, and told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carriers, fulfilment, orders, payments, words
from shop.db import Database
from shop.errors import BadInput, NotAllowed, NotFound
from shop.models import Notice, Order, Payment, Transition, Variant
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PLOY = {"by": "ploy", "now": NOW}
PARCEL = {"carrier": "flash", "tracking": "th 0112345678 9a", **PLOY}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        make_shop(session, cash_on_delivery=True)
        yield session


@pytest.fixture
def order(session: Session) -> Order:
    nok = make_customer(session, make_channel(session))
    return make_order(session, nok, make_variant(session), quantity=2)


@pytest.fixture
def paid(session: Session, order: Order) -> Order:
    return payments.confirm(session, order.id, **PLOY)[0]


@pytest.fixture
def cod(session: Session, order: Order) -> Order:
    return payments.choose_method(session, order.id, "cod", by="customer", now=NOW)


def told(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def moves(session: Session) -> list[str]:
    return list(session.scalars(select(Transition.move).order_by(Transition.id)))


def test_a_paid_order_is_packed_shipped_and_delivered(session: Session, paid: Order) -> None:
    assert fulfilment.steps(paid) == ("pack", "ship")
    assert fulfilment.pack(session, paid.id, **PLOY)[1]
    assert fulfilment.ship(session, paid.id, **PARCEL)[1]
    assert words.parcel(paid.shipment, "en") == "Flash Express TH01123456789A"
    assert "Flash Express TH01123456789A" in words.status_lines(paid, "en")
    assert fulfilment.deliver(session, paid.id, **PLOY)[1]
    assert (paid.state, paid.payment_state) == ("delivered", "paid")
    assert told(session) == ["paid", "shipped", "delivered"]
    assert fulfilment.steps(paid) == ()


def test_every_step_done_twice_changes_nothing(session: Session, paid: Order) -> None:
    for step, values in (
        (fulfilment.pack, PLOY),
        (fulfilment.ship, PARCEL),
        (fulfilment.deliver, PLOY),
    ):
        assert step(session, paid.id, **values)[1]
        before = moves(session)
        assert not step(session, paid.id, **values)[1]
        assert moves(session) == before


def test_shipping_at_once_records_the_packing_too(session: Session, paid: Order) -> None:
    fulfilment.ship(session, paid.id, **PARCEL)
    assert moves(session)[-2:] == ["pack", "ship"]


def test_a_wrong_number_is_corrected_and_told_again(session: Session, paid: Order) -> None:
    fulfilment.ship(session, paid.id, **PARCEL)
    fulfilment.ship(session, paid.id, **{**PARCEL, "carrier": "ลุงสมหมาย", "tracking": ""})
    assert words.parcel(paid.shipment, "th") == "ลุงสมหมาย"
    assert carriers.tracking_page(paid.shipment.carrier, paid.shipment.tracking) is None
    assert told(session) == ["paid", "shipped", "shipped"]


@pytest.mark.parametrize(
    ("field", "wrong"), [("tracking", "a/b?c"), ("tracking", "TH1"), ("carrier", "  "), ("carrier", "x" * 41)]
)
def test_what_cannot_be_a_parcel_is_refused(session: Session, paid: Order, field: str, wrong: str) -> None:
    with pytest.raises(BadInput, match=field):
        fulfilment.ship(session, paid.id, **{**PARCEL, field: wrong})


def test_cash_on_delivery_is_accepted_shipped_and_paid_when_it_arrives(session: Session, cod: Order) -> None:
    assert fulfilment.steps(cod) == ("accept", "call_off")
    assert fulfilment.accept(session, cod.id, **PLOY)[1]
    assert not fulfilment.accept(session, cod.id, **PLOY)[1]
    fulfilment.ship(session, cod.id, **PARCEL)
    assert session.scalars(select(Payment)).all() == []
    fulfilment.deliver(session, cod.id, **PLOY)
    assert (cod.state, cod.payment_state, cod.received) == (
        "delivered",
        "paid",
        cod.total,
    )
    assert told(session) == ["accepted", "shipped", "delivered"]


def test_an_unpaid_order_is_not_sent_and_a_transfer_is_not_accepted(session: Session, order: Order) -> None:
    for step in (fulfilment.accept, fulfilment.pack, fulfilment.deliver):
        with pytest.raises(NotAllowed):
            step(session, order.id, **PLOY)
    with pytest.raises(NotAllowed):
        fulfilment.ship(session, order.id, **PARCEL)


def test_the_shop_calls_an_order_off_and_the_stock_returns(session: Session, order: Order) -> None:
    fulfilment.call_off(session, order.id, **PLOY)
    assert not fulfilment.call_off(session, order.id, **PLOY)[1]
    assert session.scalars(select(Variant.stock)).one() == 5
    assert told(session) == ["cancelled_by_shop"]


def test_a_paid_order_is_not_called_off(session: Session, paid: Order) -> None:
    with pytest.raises(NotAllowed):
        fulfilment.call_off(session, paid.id, **PLOY)


def test_with_a_slip_under_way_the_customer_asks_a_person_to_cancel(session: Session, order: Order) -> None:
    slip = make_slip(session, order.customer)
    intake.take(session, order.customer_id, [slip.id], now=NOW)
    with pytest.raises(NotAllowed):
        orders.cancel(session, order.id, now=NOW)
    fulfilment.call_off(session, order.id, **PLOY)
    assert order.state == "cancelled"


def test_an_order_can_be_placed_again_as_far_as_there_is_stock(session: Session, order: Order) -> None:
    shirt = session.scalars(select(Variant)).one()
    assert orders.again(session, order.customer_id, order.number).missing == []
    assert orders.place(session, order.customer_id, cause="again", now=NOW).subtotal == order.subtotal
    session.refresh(shirt)
    assert shirt.stock == 1
    missing = orders.again(session, order.customer_id, order.number).missing
    assert [names["en"] for names in missing] == ["T-shirt"]
    shirt.active = False
    assert len(orders.again(session, order.customer_id, order.number).missing) == 1
    with pytest.raises(NotFound):
        orders.again(session, order.customer_id + 1, order.number)


@pytest.mark.parametrize("key", carriers.CARRIERS)
def test_each_carrier_has_names_and_a_page_for_a_parcel(key: str) -> None:
    page = carriers.tracking_page(key, "EF123456789TH")
    assert page is not None
    assert page.startswith("https://")
    assert "EF123456789TH" in page
    assert carriers.name(key, "th") != carriers.name(key, "en")
