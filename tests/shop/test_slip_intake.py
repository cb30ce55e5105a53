"""Slips that customers send: kept, recognised when they come again, and never used twice without the seller knowing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from shop import chats, orders, payments, views
from shop.db import Database
from shop.errors import ChooseOrder, NoOpenOrder, NotASlip, NotFound
from shop.models import Customer, Order, Slip, Transfer
from shop.slips import findings, intake
from shop.slips.findings import Kind
from tests.factories import (
    NOW,
    make_channel,
    make_customer,
    make_order,
    make_shop,
    make_slip,
    make_variant,
    slip_text,
)

ONE, OTHER = slip_text("016328140501BPP00001"), slip_text("016328140501BPP00002")
#: "Pay me": PromptPay's own code, as the bill shows it. Source: github dtinth/promptpay-qr, index.test.js
BILL = "00020101021129370016A000000677010111011300668012345675802TH530376463046197"


@pytest.fixture
def people(database: Database) -> tuple[int, int]:
    """Nok and Chai, each with an order that waits for payment."""
    with database.transaction() as session:
        make_shop(session)
        channel = make_channel(session)
        variant = make_variant(session, stock=50)
        nok, chai = (make_customer(session, channel, psid) for psid in ("nok", "chai"))
        for customer in (nok, chai):
            make_order(session, customer, variant, cause=f"order of {customer.external_id}")
        return nok.id, chai.id


def send(database: Database, who: int, cause: str, *codes: str, is_paper: bool = True) -> intake.Taken:
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, who), cause, codes=codes, is_paper=is_paper)
        return intake.take(session, who, [slip.id], now=NOW)


def found(database: Database, order: Order) -> list[Kind]:
    with database.reading() as session:
        slips = session.scalars(select(Slip).where(Slip.order_id == order.id)).all()
        by_slip = findings.of(session, session.get_one(Order, order.id), slips)
    return [finding.kind for kinds in by_slip.values() for finding in kinds]


def another_order(database: Database, who: int, cause: str = "second") -> Order:
    with database.transaction() as session:
        variant = make_variant(session, sku=cause)
        return make_order(session, session.get_one(Customer, who), variant, cause=cause)


def test_a_slip_makes_its_order_pending(database, people):
    taken = send(database, people[0], "a", ONE)
    assert (taken.is_new, taken.is_reused, taken.order.payment_state) == (True, False, "pending")
    assert found(database, taken.order) == []


@pytest.mark.parametrize("again", ["a", "b"])
def test_the_same_slip_again_is_harmless(database, people, again):
    """`a`: the very same picture; `b`: another picture of the same transfer."""
    first = send(database, people[0], "a", ONE)
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "resent", codes=(ONE,))
        slip.sha256 = again
        taken = intake.take(session, people[0], [slip.id], now=NOW)
        assert slip.repeats_id is not None
    assert (taken.order.id, taken.is_new, taken.is_reused) == (first.order.id, False, False)


def test_it_is_recognised_even_when_the_order_is_paid(database, people):
    order = send(database, people[0], "a", ONE).order
    with database.transaction() as session:
        payments.confirm(session, order.id, by="ploy", now=NOW)
    taken = send(database, people[0], "b", ONE)
    assert (taken.order.id, taken.is_new) == (order.id, False)
    assert taken.order.payment_state == "paid"


def test_a_slip_of_a_paid_order_shown_for_another_one_is_a_warning(database, people):
    first = send(database, people[0], "a", ONE).order
    with database.transaction() as session:
        payments.confirm(session, first.id, by="ploy", now=NOW)
    second = another_order(database, people[0])
    taken = send(database, people[0], "b", ONE)
    assert (taken.order.id, taken.is_reused) == (second.id, True)
    assert taken.order.payment_state == "pending"
    assert found(database, taken.order) == [Kind.USED_BEFORE]
    assert found(database, first) == []


def test_while_both_orders_are_open_the_customer_says_which_one_the_slip_is_for(database, people):
    first = send(database, people[0], "a", ONE).order
    second = another_order(database, people[0])
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "b", codes=(ONE,))
        with pytest.raises(ChooseOrder):
            intake.take(session, people[0], [slip.id], now=NOW)
    with database.transaction() as session:
        assert not intake.take_loose(session, people[0], first.number, now=NOW).is_new
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "c", codes=(ONE,))
        assert intake.take_for(session, people[0], second.number, [slip.id], now=NOW).is_reused


def test_another_customers_slip_is_a_warning(database, people):
    send(database, people[0], "a", ONE)
    taken = send(database, people[1], "b", ONE)
    assert taken.is_reused
    assert found(database, taken.order) == [Kind.USED_BEFORE]


def test_a_slip_whose_order_ended_without_money_may_be_used_for_the_next(database, people):
    first = send(database, people[0], "a", ONE).order
    with database.transaction() as session:
        order = session.get_one(Order, first.id)
        orders.end(session, order, by="ploy", now=NOW)
    second = another_order(database, people[0])
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "b", codes=(ONE,))
        taken = intake.take_for(session, people[0], second.number, [slip.id], now=NOW)
    assert not taken.is_reused


def test_every_slip_of_a_picture_counts_wherever_it_was_shown_before_or_is_later(database, people):
    used = send(database, people[0], "a", ONE).order
    with database.transaction() as session:
        payments.confirm(session, used.id, by="ploy", now=NOW)
    fresh = slip_text("016328140501BPP00003")
    theirs = send(database, people[1], "b", OTHER, ONE, fresh)
    assert theirs.is_reused
    assert found(database, theirs.order) == [Kind.USED_BEFORE, Kind.TWO_SLIPS]
    second = another_order(database, people[0])
    later = send(database, people[0], "c", fresh)
    assert (later.is_reused, later.order.id) == (True, second.id)
    assert found(database, second) == [Kind.USED_BEFORE]


def test_a_picture_that_shows_one_slip_more_is_no_repeat_and_one_that_shows_less_is(database, people):
    assert send(database, people[0], "a", ONE).is_new
    assert send(database, people[0], "b", ONE, OTHER).is_new
    assert not send(database, people[0], "c", OTHER).is_new


def test_pictures_of_the_same_slips_in_another_order_do_not_block_each_other(database, people):
    for turn in range(5):
        barrier = Barrier(2)
        shown = [slip_text(f"{turn}REF{number}") for number in range(10)]

        def keeps(who: int, barrier: Barrier = barrier, shown: list[str] = shown, turn: int = turn) -> None:
            barrier.wait(timeout=20)
            codes = tuple(shown if who == people[0] else reversed(shown))
            with database.transaction() as session:
                make_slip(session, session.get_one(Customer, who), f"{turn} of {who}", codes=codes)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(keeps, people))
    with database.reading() as session:
        assert len(session.scalars(select(Transfer)).all()) == 50


def test_of_two_who_send_one_slip_at_the_same_moment_one_is_warned_of(database, people):
    barrier = Barrier(2)

    def sends(who: int) -> intake.Taken:
        barrier.wait(timeout=20)
        return send(database, who, f"photo of {who}", ONE)

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(sends, people))
    assert sorted(one.is_reused for one in taken) == [False, True]
    with database.reading() as session:
        assert len(session.scalars(select(Transfer)).all()) == 1


def test_slips_crossed_between_two_orders_do_not_block_each_other(database, people):
    """Each sends both transfers, in the other order: the rows are locked in one order by all."""
    for _ in range(5):
        barrier = Barrier(2)

        def sends(who: int, barrier: Barrier = barrier) -> bool:
            codes = (ONE, OTHER) if who == people[0] else (OTHER, ONE)
            slips = []
            for number, code in enumerate(codes):  # each is kept by itself, as the gateway does
                with database.transaction() as session:
                    customer = session.get_one(Customer, who)
                    cause = f"{who} {id(barrier)} {number}"
                    slips.append(make_slip(session, customer, cause, codes=(code,)).id)
            barrier.wait(timeout=20)
            with database.transaction() as session:
                return intake.take(session, who, slips, now=NOW).is_new

        with ThreadPoolExecutor(2) as pool:
            assert len(list(pool.map(sends, people))) == 2


def test_a_photo_that_is_no_slip_is_asked_about(database, people):
    with pytest.raises(NotASlip):
        send(database, people[0], "a", is_paper=False)
    with pytest.raises(NotASlip) as bill:
        send(database, people[0], "b", BILL)
    assert bill.value.seen == "payment"
    with database.reading() as session:
        assert orders.latest(session, people[0])[0].payment_state == "awaiting_slip"


def test_the_customers_word_makes_it_a_slip_and_the_seller_sees_why_it_was_asked(database, people):
    with database.transaction() as session:
        make_slip(session, session.get_one(Customer, people[0]), "a", is_paper=False)
    with database.transaction() as session:
        taken = intake.take(session, people[0], intake.vouch(session, people[0]), now=NOW)
    assert taken.is_new
    assert found(database, taken.order) == [Kind.NO_CODE]


def test_or_it_is_put_aside_for_ever(database, people):
    with database.transaction() as session:
        make_slip(session, session.get_one(Customer, people[0]), "a", is_paper=False)
        kept = make_slip(session, session.get_one(Customer, people[0]), "b", codes=(ONE,))
        intake.dismiss(session, people[0])
        assert [slip.id for slip in intake.loose(session, people[0])] == [kept.id]


def test_a_slip_without_an_order_waits_for_a_person(database, people):
    with database.transaction() as session:
        orders.cancel(session, orders.latest(session, people[0])[0].id, now=NOW)
        slip = make_slip(session, session.get_one(Customer, people[0]), "a", codes=(ONE,))
        with pytest.raises(NoOpenOrder):
            intake.take(session, people[0], [slip.id], now=NOW)
    later = another_order(database, people[0])
    with database.transaction() as session:
        assert intake.assign(session, slip.id, later.id, by="ploy", now=NOW).order.payment_state == "pending"


def test_nobodys_slip_goes_to_somebody_elses_order(database, people):
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "a", codes=(ONE,))
        theirs = orders.latest(session, people[1])[0]
        with pytest.raises(NotFound):
            intake.assign(session, slip.id, theirs.id, by="ploy", now=NOW)
        with pytest.raises(NotFound):
            intake.take_for(session, people[0], theirs.number, [slip.id], now=NOW)


def test_two_sellers_who_assign_one_slip_to_two_orders_leave_it_with_the_first(database, people):
    nok = people[0]
    second = another_order(database, nok)
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, nok), "loose").id
        first = session.scalars(select(Order).where(Order.customer_id == nok).order_by(Order.id)).first()

    def assigns(order: Order) -> bool:
        try:
            with database.transaction() as session:
                intake.assign(session, slip, order.id, by="chai", now=NOW)
        except NoOpenOrder:
            return False
        return True

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            intake.assign(session, slip, first.id, by="ploy", now=NOW)
            late = pool.submit(assigns, second)
            time.sleep(0.5)  # it has read the slip by now, where it can
        assert not late.result(timeout=20)
    assert assigns(first), "the same answer again is no other one"
    with database.reading() as session:
        assert session.get_one(Slip, slip).order_id == first.id
        assert session.get_one(Order, second.id).payment_state == "awaiting_slip"


def test_pictures_that_were_assigned_to_two_orders_stay_there_when_their_event_comes_again(database, people):
    nok = people[0]
    second = another_order(database, nok)
    with database.transaction() as session:
        customer = session.get_one(Customer, nok)
        slips = [
            make_slip(session, customer, cause, codes=(code,)).id
            for cause, code in (("a", ONE), ("b", OTHER))
        ]
        first = session.scalars(select(Order.id).where(Order.customer_id == nok).order_by(Order.id)).first()
        for slip, order_id in zip(slips, (first, second.id), strict=True):
            intake.assign(session, slip, order_id, by="ploy", now=NOW)
        assert not intake.take(session, nok, slips, now=NOW).is_new
    with database.reading() as session:
        assert [session.get_one(Slip, slip).order_id for slip in slips] == [first, second.id]


def test_the_list_warns_of_a_used_slip_beside_another_one_in_the_same_picture(database, people):
    send(database, people[0], "first", OTHER)
    order = send(database, people[1], "both", ONE, OTHER).order
    assert found(database, order)[0] == Kind.USED_BEFORE
    with database.transaction() as session:
        every = session.scalars(select(Order)).all()
        assert findings.warned(session, every) == {order.id}
        payments.reject(session, order.id, "used_before", by="ploy", now=NOW)
        assert findings.warned(session, every) == frozenset()


@pytest.mark.parametrize(
    ("codes", "kinds"),
    [
        ((ONE, OTHER), [Kind.TWO_SLIPS]),
        ((ONE[:-1] + "0",), [Kind.DAMAGED]),
        (("https://line.me/R/ti/p/shop",), [Kind.OTHER_CODE]),
        ((), [Kind.NO_CODE]),
        ((slip_text("015001140501BPP00001"),), [Kind.OLD]),  # the first day of a year that ended with 5
    ],
)
def test_what_stands_out_is_a_hint_for_the_seller(database, people, codes, kinds):
    assert found(database, send(database, people[0], "a", *codes).order) == kinds


def test_a_sum_on_the_picture_that_is_not_the_orders_is_a_hint(database, people):
    order = send(database, people[0], "a", ONE).order
    with database.transaction() as session:
        slip = session.scalars(select(Slip)).one()
        slip.amounts = [order.total + 100]
    assert found(database, order) == [Kind.OTHER_AMOUNT]
    with database.transaction() as session:  # the seller has seen it, and that it is not all
        payments.accept(session, order.id, order.total - 100, by="ploy", now=NOW)
    assert found(database, order) == [Kind.OTHER_AMOUNT]
    with database.transaction() as session:
        session.scalars(select(Slip)).one().amounts = [order.total - 100, 4211]
    assert found(database, order) == []
    rest = send(database, people[0], "b", OTHER).order
    with database.transaction() as session:
        session.scalars(select(Slip).where(Slip.cause == "b")).one().amounts = [100]
    assert found(database, rest) == []


@pytest.mark.parametrize(
    "codes", [(), (ONE,), (ONE, OTHER), (ONE[:-1] + "0",), (BILL,), ("https://line.me",)]
)
@pytest.mark.parametrize("is_paper", [True, False])
@pytest.mark.parametrize("vouched", [True, False])
def test_the_list_of_slips_without_an_order_has_just_what_counts_as_one(
    database, people, codes, is_paper, vouched
):
    with database.transaction() as session:
        slip = make_slip(session, session.get_one(Customer, people[0]), "a", codes=codes, is_paper=is_paper)
        slip.vouched = vouched
        session.flush()
        listed = [one.slip.id for one in views.loose_slips(session)]
        assert listed == ([slip.id] if intake.is_slip(slip) else [])
        assert chats.count_loose_slips(session) == len(listed)
