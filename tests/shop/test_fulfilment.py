"""From the confirmed order to the delivered parcel: each step once, recorded, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import (
    attention,
    audit,
    carriers,
    fulfilment,
    ledger,
    notices,
    order_search,
    orders,
    payments,
    telling,
    ways_to_pay,
    words,
)
from shop import (
    stock as stocks,
)
from shop.db import Database
from shop.errors import BadInput, NotAllowed, NotFound
from shop.models import Notice, Order, OutboxMessage, Payment, StockChange, Transition, Variant
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

Step = Callable[..., tuple[Order, bool]]
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
    return ways_to_pay.choose(session, order.id, "cod", by="customer", now=NOW)


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
    assert fulfilment.steps(paid) == ("come_back", "undeliver")


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
    steps = (fulfilment.accept, fulfilment.pack, fulfilment.deliver, fulfilment.unship, fulfilment.undeliver)
    for step in steps:
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
    assert fulfilment.steps(cod) == ("deliver", "ship", "come_back", "unship")
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
    over = [telling.is_over(session, one, cod) for one in session.scalars(select(Notice).order_by(Notice.id))]
    assert over == [True, True, False]


def stock(session: Session) -> int:
    return session.scalars(select(Variant.stock)).one()


def stock_changes(session: Session) -> list[tuple[int, str, str | None]]:
    changes = session.scalars(select(StockChange).order_by(StockChange.id))
    return [(one.change, one.reason, one.by) for one in changes if one.reason != "ordered"]


def test_a_paid_parcel_comes_back_and_its_money_is_to_be_returned_or_kept(
    session: Session, paid: Order
) -> None:
    fulfilment.ship(session, paid.id, **PARCEL)
    payments.refund(session, paid.id, 4000, "the fee", **PLOY)
    fulfilment.deliver(session, paid.id, **PLOY)
    assert "come_back" in fulfilment.steps(paid)
    with pytest.raises(NotAllowed):
        payments.keep(session, paid.id, "not before it came back", **PLOY)
    fulfilment.come_back(session, paid.id, "not_wanted", **PLOY)
    assert (paid.state, paid.payment_state, paid.received) == ("cancelled", "paid", paid.total - 4000)
    assert stock(session) == 5
    assert attention.reasons(paid, NOW) == ["money"]
    payments.refund(session, paid.id, paid.received - 5000, "sent back", **PLOY)
    assert attention.reasons(paid, NOW) == ["money"]
    with pytest.raises(BadInput, match="reason"):
        payments.keep(session, paid.id, " ", **PLOY)
    assert payments.keep(session, paid.id, "the carrier's fee", **PLOY)[1]
    assert not payments.keep(session, paid.id, "the carrier's fee", **PLOY)[1]
    assert (paid.payment_state, paid.received, paid.kept) == ("refunded", 5000, 5000)
    assert attention.reasons(paid, NOW) == []
    session.flush()
    assert session.scalars(select(Order.id).where(*attention.needs(NOW))).all() == []
    assert told(session)[-2:] == ["came_back", "refunded"]
    payments.refund(session, paid.id, 5000, "after all", **PLOY)
    assert (paid.payment_state, paid.received, paid.kept) == ("refunded", 0, 0)


def test_what_was_paid_on_delivery_is_to_be_returned_when_the_parcel_comes_back(
    session: Session, cod: Order
) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.ship(session, cod.id, **PARCEL)
    fulfilment.deliver(session, cod.id, **PLOY)
    fulfilment.come_back(session, cod.id, "not_wanted", **PLOY)
    session.flush()
    assert session.scalars(select(Order.id).where(*attention.needs(NOW))).all() == [cod.id]
    payments.keep(session, cod.id, "made to measure", **PLOY)
    assert (cod.payment_state, cod.received, attention.reasons(cod, NOW)) == ("paid", cod.total, [])


def test_what_is_damaged_is_not_put_back_into_stock_and_the_history_says_so(
    session: Session, order: Order
) -> None:
    assert stock(session) == 3
    fulfilment.call_off(session, order.id, put_back=False, **PLOY)
    assert (stock(session), stock_changes(session)) == (3, [(2, "cancelled", None), (-2, "kept_out", "ploy")])
    entry = audit.record(session, "fulfilment.call_off", order.number, **PLOY)
    assert entry is not None and entry.detail == {"put_back": False}


@pytest.mark.parametrize("put_back", [True, False])
def test_of_parcels_that_come_back_and_of_refunds_the_seller_says_whether_the_goods_can_be_sold(
    session: Session, paid: Order, put_back: bool
) -> None:
    again = make_order(session, paid.customer, session.scalars(select(Variant)).one(), cause="again")
    payments.confirm(session, again.id, **PLOY)
    fulfilment.ship(session, paid.id, **PARCEL)
    fulfilment.come_back(session, paid.id, "refused", put_back=put_back, **PLOY)
    payments.refund(session, again.id, again.total, "broken", put_back=put_back, **PLOY)
    kept_out = [] if put_back else [(-2, "kept_out", "ploy"), (-1, "kept_out", "ploy")]
    given_back = [(2, "came_back", None), (1, "cancelled", None)]
    assert sorted(stock_changes(session)) == sorted(given_back + kept_out)
    session.expire_all()
    assert stock(session) == (5 if put_back else 2)
    assert [stocks.was_kept_out(session, one) for one in (paid, again)] == [not put_back] * 2


def test_delivered_by_a_slip_of_the_thumb_is_on_its_way_again_and_its_cash_was_never_paid(
    session: Session, cod: Order
) -> None:
    fulfilment.accept(session, cod.id, **PLOY)
    fulfilment.ship(session, cod.id, **PARCEL)
    fulfilment.deliver(session, cod.id, **PLOY)
    assert fulfilment.steps(cod) == ("come_back", "undeliver")
    assert fulfilment.undeliver(session, cod.id, **PLOY)[1]
    assert not fulfilment.undeliver(session, cod.id, **PLOY)[1]
    assert (cod.state, cod.payment_state, cod.received) == ("shipped", "on_delivery", 0)
    assert "deliver" in fulfilment.steps(cod)
    fulfilment.deliver(session, cod.id, **PLOY)
    assert (cod.state, cod.payment_state, cod.received) == ("delivered", "paid", cod.total)
    payments.refund(session, cod.id, 100, "a scratch", **PLOY)
    assert "undeliver" not in fulfilment.steps(cod)
    with pytest.raises(NotAllowed):
        fulfilment.undeliver(session, cod.id, **PLOY)


def test_shipped_by_a_slip_of_the_thumb_is_packed_again_and_its_number_is_free(
    session: Session, paid: Order
) -> None:
    with pytest.raises(NotAllowed):
        fulfilment.unship(session, paid.id, **PLOY)
    fulfilment.ship(session, paid.id, **PARCEL)
    assert order_search.find(session, "TH01123456789A").ids == {paid.id}
    assert "unship" in fulfilment.steps(paid)
    assert fulfilment.unship(session, paid.id, **PLOY)[1]
    assert not fulfilment.unship(session, paid.id, **PLOY)[1]
    assert (paid.state, paid.payment_state, paid.shipment) == ("packed", "paid", None)
    assert order_search.find(session, "TH01123456789A").ids == set()
    fulfilment.ship(session, paid.id, **PARCEL)
    assert (paid.state, paid.shipment.tracking) == ("shipped", "TH01123456789A")
    payments.undo(session, paid.id, ledger.last_id(session, paid.id), "not in the account", **PLOY)
    assert "unship" not in fulfilment.steps(paid)
    with pytest.raises(NotAllowed):  # what is not paid is not packed
        fulfilment.unship(session, paid.id, **PLOY)


@pytest.mark.parametrize(
    ("wrong", "undo", "right"),
    [("shipped", fulfilment.unship, "not_shipped"), ("delivered", fulfilment.undeliver, "not_delivered")],
)
def test_who_was_told_too_early_is_told_of_the_mistake_and_nobody_else_is(
    session: Session, paid: Order, wrong: str, undo: Step, right: str
) -> None:
    def go_wrong() -> Notice:
        fulfilment.ship(session, paid.id, **PARCEL)
        if wrong == "delivered":
            fulfilment.deliver(session, paid.id, **PLOY)
        return session.scalars(select(Notice).where(Notice.kind == wrong).order_by(Notice.id.desc())).first()

    def undone() -> Notice:
        undo(session, paid.id, **PLOY)
        session.flush()
        session.expire_all()
        return session.scalars(select(Notice).where(Notice.kind == right).order_by(Notice.id.desc())).first()

    def is_over(notice: Notice) -> bool:
        return telling.is_over(session, notice, paid)

    untold = go_wrong()
    assert is_over(undone())
    assert untold.state == "over"
    parked = go_wrong()
    telling.park(session, parked.id, "24 hours")
    assert is_over(undone())
    assert (parked.state, parked.parked) == ("over", False)
    notices.told(session, go_wrong().id, NOW)
    correction = undone()
    assert not is_over(correction)
    assert right in told(session) and telling.facts(session, correction.id)["order"] == paid.number
    notices.told(session, correction.id, NOW)
    go_wrong()
    assert is_over(correction)  # now it is so
    assert is_over(undone())  # corrected once, and nothing was said since
    on_its_way = go_wrong()  # its words are in the outbox already
    queued = {"cause": "1", "part": 0, "channel_id": paid.channel_id, "customer_id": paid.customer_id}
    queued |= {
        "conversation": "1:nok",
        "notice_id": on_its_way.id,
        "body": {},
        "created_at": NOW,
        "state": "open",
    }
    session.add(OutboxMessage(**queued))
    assert not is_over(undone())


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
