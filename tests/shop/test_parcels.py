"""Which orders a carrier's list is for, and that nothing shipped already is changed or told again by it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import fulfilment, orders, parcels, payments
from shop.carrier_files import Line
from shop.errors import NotAllowed, NumberTaken, ParcelMoved
from shop.models import Notice, Order
from shop.parcels import Change, Parcel, Problem
from tests.factories import NOW, make_channel, make_customer, make_order, make_variant

PLOY = {"by": "ploy", "now": NOW}
NOK, MALI = "+66812345678", "+66899999999"


@pytest.fixture
def made(session: Session) -> Mapping[str, Order]:
    """Paid orders to be sent, of Nok and of Mali, and one of Nok's that was shipped with Flash."""
    channel, shirt = make_channel(session), make_variant(session, stock=50)
    buyers = {
        "nok": (make_customer(session, channel, "nok"), NOK),
        "mali": (make_customer(session, channel, "mali"), MALI),
    }
    found = {}
    for name, whose in (("sent", "nok"), ("nok", "nok"), ("mali", "mali")):
        customer, phone = buyers[whose]
        order = make_order(session, customer, shirt, cause=name)
        orders.set_delivery(
            session, order.id, recipient="สมหญิง ใจดี", phone=phone, address="99 ถนนสุขุมวิท กรุงเทพฯ"
        )
        found[name] = payments.confirm(session, order.id, **PLOY)[0]
    fulfilment.ship(session, found["sent"].id, carrier="flash", tracking="TH0001", **PLOY)
    return found


def matched(session: Session, *lines: tuple[str, ...], carrier: str = "thailand_post") -> list[Parcel]:
    """Lines as (tracking, order, carrier, phones …)."""
    read = [
        Line(row, tracking, order, phones, called)
        for row, (tracking, order, called, *phones) in enumerate(lines, 2)
    ]
    return list(parcels.match(session, read, carrier))


def one(session: Session, *line: str, carrier: str = "thailand_post") -> Parcel:
    [parcel] = matched(session, line, carrier=carrier)
    return parcel


def told(session: Session) -> int:
    return len(session.scalars(select(Notice.id).where(Notice.kind == "shipped")).all())


def test_a_list_that_is_brought_again_finds_its_parcels_entered_whatever_carrier_is_chosen(
    session: Session, made: Mapping[str, Order]
) -> None:
    number = made["sent"].number
    for line in (("TH0001", number, ""), ("th 0001", number, "Flash"), ("TH0001", "", "", NOK)):
        parcel = one(session, *line)
        assert (parcel.order, parcel.change, parcel.carrier) == (made["sent"], Change.NOTHING, "flash"), line
    assert one(session, "TH0001", number, "EMS").change == Change.CORRECTS  # the row itself says so
    assert one(session, "TH0002", number, "").change == Change.CORRECTS


def test_a_phone_leads_to_the_one_order_to_be_sent_there(session: Session, made: Mapping[str, Order]) -> None:
    parcel = one(session, "TH0009", "", "", "+6621234567", MALI)
    assert (parcel.order, parcel.change, parcel.by_phone) == (made["mali"], Change.SHIPS, True)
    assert one(session, "TH0009", "", "", NOK, MALI).problem == Problem.SEVERAL
    assert one(session, "TH0009", "", "", "+6621234567").problem == Problem.NO_ORDER


def test_a_number_that_is_none_of_ours_leaves_it_to_the_phone(
    session: Session, made: Mapping[str, Order]
) -> None:
    parcel = one(session, "TH0009", "TL-00000000", "", MALI)
    assert (parcel.order, parcel.by_phone) == (made["mali"], True)
    assert one(session, "TH0009", "TL-00000000", "", "+6621234567").problem == Problem.UNKNOWN_ORDER


def test_a_parcel_of_the_day_before_is_not_taken_for_the_customers_next_order(
    session: Session, made: Mapping[str, Order]
) -> None:
    assert made["nok"].phone == made["sent"].phone
    assert one(session, "TH0001", "", "", NOK).order is made["sent"]


def test_one_number_is_not_for_two_people_but_may_be_for_two_orders_of_one(
    session: Session, made: Mapping[str, Order]
) -> None:
    both = matched(session, ("TH555", made["nok"].number, ""), ("TH555", made["mali"].number, ""))
    assert [(parcel.problem, parcel.taken_by) for parcel in both] == [
        (Problem.TAKEN, made["mali"].number),
        (Problem.TAKEN, made["nok"].number),
    ]
    parcel = one(session, "TH0001", made["mali"].number, "")
    assert (parcel.problem, parcel.taken_by) == (Problem.TAKEN, made["sent"].number)
    assert one(session, "TH0001", made["nok"].number, "").change == Change.SHIPS


def test_lines_that_say_the_same_are_one_and_those_that_contradict_are_refused(
    session: Session, made: Mapping[str, Order]
) -> None:
    number = made["mali"].number
    assert one(session, "TH555", number, "").change == Change.SHIPS
    assert len(matched(session, ("TH555", number, ""), ("TH555", number, ""))) == 1
    both = matched(session, ("TH555", number, ""), ("TH556", number, ""))
    assert [parcel.problem for parcel in both] == [Problem.TWICE] * 2


@pytest.mark.parametrize(
    ("tracking", "carrier", "problem"),
    [
        ("", "", Problem.NO_TRACKING),
        ("ยังไม่มี", "", Problem.BAD_TRACKING),
        ("8.20012E+11", "", Problem.ROUNDED),
        ("TH555", "x" * 41, Problem.BAD_CARRIER),
    ],
)
def test_a_line_says_why_it_cannot_be_used(
    session: Session, made: Mapping[str, Order], tracking: str, carrier: str, problem: Problem
) -> None:
    assert one(session, tracking, made["mali"].number, carrier).problem == problem


def test_a_line_without_a_carrier_needs_one_that_was_chosen(
    session: Session, made: Mapping[str, Order]
) -> None:
    assert one(session, "TH555", made["mali"].number, "", carrier="").problem == Problem.NO_CARRIER
    assert one(session, "TH555", made["mali"].number, "เคอรี่", carrier="").carrier == "kex"
    assert one(session, "TH555", "TL-00000000", "").problem == Problem.UNKNOWN_ORDER


def enter(session: Session, order: Order, tracking: str, **changes: object) -> bool:
    values = {"carrier": "thailand_post", "tracking": tracking, **PLOY, **changes}
    return parcels.enter(session, order.id, **values)[1]


def test_a_number_that_was_entered_meanwhile_stays_and_nobody_is_told_again(
    session: Session, made: Mapping[str, Order]
) -> None:
    sent = made["sent"]
    assert not enter(session, sent, "th0001")
    with pytest.raises(ParcelMoved):
        enter(session, sent, "TH0002")
    with pytest.raises(ParcelMoved):
        enter(session, sent, "")
    with pytest.raises(ParcelMoved):
        enter(session, sent, "TH0003", replaces="TH0002")
    with pytest.raises(ParcelMoved):
        enter(session, made["mali"], "TH0003", replaces="TH0002")
    assert (sent.shipment.carrier, sent.shipment.tracking, told(session)) == ("flash", "TH0001", 1)


def test_who_has_seen_the_number_corrects_it_and_the_customer_is_told(
    session: Session, made: Mapping[str, Order]
) -> None:
    sent = made["sent"]
    assert enter(session, sent, "TH0002", carrier="flash", replaces="TH0001")
    assert enter(session, sent, "TH0002", carrier="kerry", replaces="TH0002")
    assert (sent.shipment.carrier, sent.shipment.tracking, told(session)) == ("kex", "TH0002", 3)


def test_a_parcel_that_went_without_a_number_gets_its_first(
    session: Session, made: Mapping[str, Order]
) -> None:
    assert parcels.wants_number(made["mali"]) and not parcels.wants_number(made["sent"])
    assert enter(session, made["mali"], "")
    assert parcels.wants_number(made["mali"])
    assert one(session, "TH555", made["mali"].number, "").change == Change.COMPLETES
    assert enter(session, made["mali"], "TH555")
    assert not parcels.wants_number(made["mali"])


def test_a_number_of_somebody_elses_parcel_is_entered_only_if_that_is_meant(
    session: Session, made: Mapping[str, Order]
) -> None:
    with pytest.raises(NumberTaken) as refused:
        enter(session, made["mali"], "TH0001")
    assert refused.value.number == made["sent"].number
    assert enter(session, made["nok"], "TH0001")  # the same customer: they go in one parcel
    assert enter(session, made["mali"], "TH0001", shared=True)
    made["sent"].phone = made["nok"].phone = None  # deleted long after
    session.flush()
    assert one(session, "TH0001", made["mali"].number, "").change == Change.NOTHING


def test_what_cannot_be_shipped_is_refused(session: Session, made: Mapping[str, Order]) -> None:
    fulfilment.deliver(session, made["sent"].id, **PLOY)
    assert one(session, "TH0002", made["sent"].number, "").problem == Problem.NOT_NOW
    with pytest.raises(NotAllowed):
        enter(session, made["sent"], "TH0002", replaces="TH0001")


def test_the_carrier_that_was_used_last_is_known(session: Session, made: Mapping[str, Order]) -> None:
    assert parcels.last_carrier(session) == "flash"
    enter(session, made["mali"], "TH555", carrier="ลุงสมหมาย")
    assert parcels.last_carrier(session) == "ลุงสมหมาย"


def test_before_the_first_parcel_there_is_no_last_carrier(session: Session) -> None:
    assert parcels.last_carrier(session) == ""
