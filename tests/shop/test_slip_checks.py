"""Which transfers a verification service is asked about, when again, and what its answer may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import privacy
from shop.models import Notice, Order, PaymentAccount, Slip, SlipCheck, Transition
from shop.slips import checks, intake
from shop.slips.asking import Answer, State
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

REFERENCE = "016001093000BPP00001"
PAID = Answer(
    State.FOUND,
    "slipok",
    amount=29000,
    paid_at=NOW + timedelta(minutes=3),
    reference=REFERENCE,
    receiver_name="บ้านฝ้าย",
    receiver_accounts=("xxx-x-x5366-x",),
    raw='{"sender": "somebody"}',
)


def sent(session, *, auto: bool = True, reference: str = REFERENCE) -> Order:
    """An order of 290 baht whose customer has sent a slip."""
    make_shop(session, auto_confirm=auto)
    session.add(PaymentAccount(bank="SCB", number="123-4-55366-7", holder="Baan Fai"))
    customer = make_customer(session, make_channel(session))
    order = make_order(session, customer, make_variant(session))
    slip = make_slip(session, customer, codes=(slip_text(reference),))
    intake.take(session, customer.id, [slip.id], now=NOW)
    return order


def claim(database, now=NOW, provider="slipok"):
    with database.transaction() as session:
        return checks.claim_one(session, provider, now)


def record(database, claimed, answer, now=NOW + timedelta(minutes=5)) -> bool:
    with database.transaction() as session:
        return checks.record(session, claimed, answer, now)


def states_of(database, order) -> tuple[str, str]:
    with database.reading() as session:
        found = session.get_one(Order, order.id)
        return found.state, found.payment_state


def test_a_transfer_of_a_waiting_order_is_asked_about_once(database):
    with database.transaction() as session:
        sent(session)
    first = claim(database)
    assert (first.question.reference, first.question.expected) == (REFERENCE, 29000)
    assert claim(database) is None  # somebody has it in hand
    assert record(database, first, replace(PAID, amount=1))
    assert claim(database, NOW + timedelta(days=30)) is None  # the bank has said what it knows


def test_who_loses_the_claim_changes_nothing(database):
    with database.transaction() as session:
        order = sent(session)
    first = claim(database)
    second = claim(database, NOW + timedelta(minutes=2))
    assert second.fence > first.fence
    assert not record(database, first, PAID)
    assert states_of(database, order) == ("placed", "pending")
    assert record(database, second, PAID)
    assert not record(database, second, replace(PAID, amount=1))


@pytest.mark.parametrize("ending", ["cancel", "pay"])
def test_an_order_that_no_longer_waits_is_not_asked_about(database, ending):
    with database.transaction() as session:
        order = sent(session)
        if ending == "cancel":
            order.state = "cancelled"
        else:
            order.payment_state = "paid"
    assert claim(database) is None


def test_a_slip_that_a_seller_has_judged_is_not_asked_about(database):
    with database.transaction() as session:
        order = sent(session)
        for slip in session.scalars(select(Slip).where(Slip.order_id == order.id)):
            slip.verdict = intake.REJECTED
    assert claim(database) is None


def test_what_the_bank_does_not_know_yet_is_asked_again_for_a_day(database):
    with database.transaction() as session:
        sent(session)
    now, asked = NOW, 0
    while claimed := claim(database, now):
        asked += 1
        record(database, claimed, Answer(State.NOT_FOUND, "slipok"), now)
        with database.reading() as session:
            next_at = session.scalar(select(SlipCheck.next_at))
        if next_at is None:
            break
        assert claim(database, next_at - timedelta(seconds=1)) is None
        now = next_at
    assert 10 < asked < 40
    assert NOW + timedelta(hours=22) < now <= NOW + timedelta(days=1)


def test_a_service_that_says_when_is_asked_then(database):
    with database.transaction() as session:
        sent(session)
    record(database, claim(database), Answer(State.PENDING, "slipok", retry_after=420), NOW)
    assert claim(database, NOW + timedelta(minutes=6)) is None
    assert claim(database, NOW + timedelta(minutes=8)) is not None


@pytest.mark.parametrize("state", [State.QUOTA, State.AUTH])
def test_a_service_that_refuses_is_left_alone_for_a_while(database, state):
    with database.transaction() as session:
        order = sent(session)
        customer = order.customer
        other = make_order(session, customer, make_variant(session, "HAT"), cause="e2")
        slip = make_slip(session, customer, "s2", codes=(slip_text("B2"),))
        slip.order_id = slip.transfer.order_id = other.id
        other.payment_state = "pending"
    record(database, claim(database), Answer(state, "slipok"), NOW)
    assert claim(database, NOW + timedelta(minutes=29)) is None
    assert claim(database, NOW + timedelta(minutes=29), "easyslip") is not None  # another contract
    assert claim(database, NOW + timedelta(minutes=31)) is not None


def test_a_full_match_confirms_the_order_once_and_tells_the_customer(database):
    with database.transaction() as session:
        order = sent(session)
    assert record(database, claim(database), PAID)
    assert states_of(database, order) == ("confirmed", "paid")
    with database.reading() as session:
        assert [notice.kind for notice in session.scalars(select(Notice))] == ["paid"]
        by = session.scalars(select(Transition.by).where(Transition.move == "confirm")).all()
    assert by == ["verifier:slipok"]


def test_switched_off_an_answer_is_only_words(database):
    with database.transaction() as session:
        order = sent(session, auto=False)
    assert record(database, claim(database), PAID)
    assert states_of(database, order) == ("placed", "pending")
    with database.reading() as session:
        slips = session.scalars(select(Slip)).all()
        checked = checks.of(session, session.get_one(Order, order.id), slips)
    assert checked[slips[0].id].match.is_full


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.DUPLICATE},
        {"amount": 28999},
        {"amount": 29001},
        {"amount": None},
        {"paid_at": None},
        {"paid_at": NOW - timedelta(days=2)},
        {"paid_at": NOW + timedelta(days=2)},
        {"reference": ""},
        {"reference": "another"},
        {"receiver_accounts": ()},
        {"receiver_accounts": ("xxx-x-x5367-x",)},
        {"receiver_accounts": ("xxx-x-xxxxx-x",)},
        {"receiver_accounts": ("xxx-x-xx366-x",)},  # too few digits to be sure
        {"receiver_accounts": ("55366",)},
        {"other_receiver": True},
    ],
    ids=str,
)
def test_anything_less_than_a_full_match_confirms_nothing(database, change):
    with database.transaction() as session:
        order = sent(session)
    assert record(database, claim(database), replace(PAID, **change))
    assert states_of(database, order) == ("placed", "pending")


def test_what_changed_while_the_service_was_asked_counts(database):
    with database.transaction() as session:
        order = sent(session)
    claimed = claim(database)
    with database.transaction() as session:
        session.get_one(Order, order.id).total += 100
    record(database, claimed, PAID)
    assert states_of(database, order) == ("placed", "pending")


def test_a_second_slip_that_waits_is_left_to_the_seller(database):
    with database.transaction() as session:
        order = sent(session)
        second = make_slip(session, order.customer, "s2", codes=(slip_text("B2"),))
        intake.take(session, order.customer_id, [second.id], now=NOW)
    claimed = claim(database)
    assert claimed.question.reference == REFERENCE
    record(database, claimed, PAID)
    assert states_of(database, order) == ("placed", "pending")


def test_a_phone_number_of_promptpay_is_a_receiver_too(database):
    with database.transaction() as session:
        order = sent(session)
    record(database, claim(database), replace(PAID, receiver_accounts=("xxx-xxx-2223",)))
    assert states_of(database, order) == ("confirmed", "paid")


def test_what_the_service_wrote_goes_with_the_picture(database):
    with database.transaction() as session:
        order = sent(session)
    record(database, claim(database), PAID)
    with database.transaction() as session:
        privacy.erase(session, order.customer_id, now=NOW, force=True)
        check = session.scalars(select(SlipCheck)).one()
        assert (check.raw, check.state, check.amount) == ("", "found", 29000)
