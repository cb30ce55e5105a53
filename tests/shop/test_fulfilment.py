"""From the confirmed order to the delivered parcel: each step once, recorded, and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carriers, fulfilment, orders, payments, telling, words
from shop.db import Database
from shop.errors import BadInput, NotAllowed, NotFound
from shop.models import Notice, Order, Payment, StockChange, Transition, Variant
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


def test_a_slip_of_the_thumb_is_unpacked_and_the_order_has_waited_since_before(
    session: Session, paid: Order
) -> None:
    since = paid.confirmed_at
    fulfilment.pack(session, paid.id, **PLOY)
    assert fulfilment.steps(paid) == ("ship", "unpack")
    later = {"by": "ploy", "now": NOW + timedelta(days=3)}
    assert fulfilment.unpack(session, paid.id, **later)[1]
    assert not fulfilment.unpack(session, paid.id, **later)[1]
    assert (paid.state, paid.confirmed_at) == ("confirmed", since)
    assert moves(session)[-2:] == ["pack", "unpack"]
    assert told(session) == ["paid"]
    fulfilment.ship(session, paid.id, **PARCEL)
    with pytest.raises(NotAllowed):
        fulfilment.unpack(session, paid.id, **PLOY)


def test_a_packed_order_to_be_paid_on_delivery_is_called_off(session: Session, cod: Order) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.pack(session, cod.id, **PLOY)
    assert fulfilment.steps(cod) == ("ship", "unpack", "call_off")
    fulfilment.call_off(session, cod.id, **PLOY)
    assert cod.state == "cancelled"
    assert session.scalars(select(Variant.stock)).one() == 5


def test_a_parcel_that_was_not_collected_ends_the_order_and_its_stock_returns(
    session: Session, cod: Order
) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.ship(session, cod.id, **PARCEL)
    assert fulfilment.steps(cod) == ("deliver", "ship", "come_back")
    assert fulfilment.come_back(session, cod.id, "not_collected", **PLOY)[1]
    assert not fulfilment.come_back(session, cod.id, "refused", **PLOY)[1]
    assert (cod.state, cod.payment_state, cod.received) == ("cancelled", "on_delivery", 0)
    assert session.scalars(select(Variant.stock)).one() == 5
    returned = session.scalars(select(StockChange).order_by(StockChange.id.desc()).limit(1)).one()
    assert (returned.change, returned.reason, returned.order_id) == (2, "came_back", cod.id)
    last = session.scalars(select(Transition).order_by(Transition.id.desc()).limit(1)).one()
    assert (last.move, last.reason) == ("come_back", "not_collected")
    assert told(session) == ["accepted", "shipped", "came_back"]
    assert fulfilment.steps(cod) == ()
    with pytest.raises(NotAllowed):
        fulfilment.deliver(session, cod.id, **PLOY)


def test_of_a_parcel_that_came_back_it_is_not_said_any_more_that_it_is_on_its_way(
    session: Session, cod: Order
) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.ship(session, cod.id, **PARCEL)
    fulfilment.come_back(session, cod.id, "other", "Water got  in", **PLOY)
    over = [telling.is_over(one, cod) for one in session.scalars(select(Notice).order_by(Notice.id))]
    assert over == [True, True, False]


def test_a_paid_parcel_that_came_back_is_refunded_first(session: Session, paid: Order) -> None:
    fulfilment.ship(session, paid.id, **PARCEL)
    fulfilment.deliver(session, paid.id, **PLOY)
    assert fulfilment.steps(paid) == ()
    with pytest.raises(NotAllowed):
        fulfilment.come_back(session, paid.id, "not_wanted", **PLOY)
    payments.refund(session, paid.id, paid.total, "sent back", **PLOY)
    assert (paid.state, session.scalars(select(Variant.stock)).one()) == ("delivered", 3)
    assert fulfilment.steps(paid) == ("come_back",)
    fulfilment.come_back(session, paid.id, "not_wanted", **PLOY)
    assert (paid.state, paid.payment_state) == ("cancelled", "refunded")
    assert session.scalars(select(Variant.stock)).one() == 5


@pytest.mark.parametrize(
    ("reason", "words", "why"),
    [("nonsense", "", "unknown"), ("other", "  ", "missing"), ("other", "x" * 301, "long")],
)
def test_why_a_parcel_came_back_is_said(
    session: Session, cod: Order, reason: str, words: str, why: str
) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.ship(session, cod.id, **PARCEL)
    with pytest.raises(BadInput, match=why):
        fulfilment.come_back(session, cod.id, reason, words, **PLOY)
