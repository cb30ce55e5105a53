"""Money of an order: parts, too much, rejections, undoing, refunds; each said to the customer, none entered twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from shop import expiry, fulfilment, ledger, order_lines, orders, payments, views
from shop.db import Database
from shop.errors import BadInput, LedgerMoved, NotAllowed, NotFound
from shop.ledger import Shown
from shop.models import Notice, Order, Slip, Variant
from shop.slips import intake
from tests.factories import NOW, make_channel, make_customer, make_order, make_shop, make_slip, make_variant

PLOY = {"by": "ploy@example.com", "now": NOW}


@pytest.fixture
def order(database: Database) -> Order:
    """An order of 250 baht, its slip waiting for the seller."""
    with database.transaction() as session:
        make_shop(session)
        nok = make_customer(session, make_channel(session))
        order = make_order(session, nok, make_variant(session, price=21000))  # and 40 for sending
        intake.take(session, nok.id, [make_slip(session, nok).id], now=NOW)
        return order


def do(database: Database, use_case, *args, **kwargs):
    with database.transaction() as session:
        return use_case(session, *args, **PLOY, **kwargs)


def states(database: Database, order: Order) -> tuple[str, str]:
    with database.reading() as session:
        now = session.get_one(Order, order.id)
        return now.state, now.payment_state


def told(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def entry(database: Database, order: Order) -> int:
    with database.reading() as session:
        return ledger.last_id(session, order.id)


def looked(database: Database, order: Order) -> Shown:
    with database.reading() as session:
        return ledger.shown(session, session.get_one(Order, order.id))


def test_a_part_asks_for_the_rest_and_the_rest_pays(database, order):
    do(database, payments.accept, order.id, 10000)
    assert states(database, order) == ("placed", "awaiting_slip")
    with database.reading() as session:
        balance = ledger.balance(session, session.get_one(Order, order.id))
        assert (balance.received, balance.outstanding, balance.overpaid) == (10000, 15000, 0)
        assert session.scalars(select(Notice)).one().detail == {"amount": 10000}
    do(database, payments.confirm, order.id)
    assert states(database, order) == ("confirmed", "paid")
    assert told(database) == ["part_paid", "paid"]


def test_an_order_with_a_part_of_its_money_neither_expires_nor_is_called_off(database, order):
    do(database, payments.accept, order.id, 10000)
    with database.transaction() as session:
        assert not expiry.expire_one(session, NOW + timedelta(days=90))
    with pytest.raises(NotAllowed):
        do(database, fulfilment.call_off, order.id)
    with pytest.raises(NotAllowed), database.transaction() as session:
        orders.cancel(session, order.id, now=NOW)


def test_too_much_is_shown_and_given_back_without_touching_the_order(database, order):
    do(database, payments.accept, order.id, 30000)
    with database.reading() as session:
        assert ledger.balance(session, session.get_one(Order, order.id)).overpaid == 5000
    do(database, payments.refund, order.id, 5000, "paid too much")
    assert states(database, order) == ("confirmed", "paid")
    assert told(database) == ["paid", "refunded"]


def test_two_sellers_who_enter_the_same_part_at_once_enter_it_once(database, order):
    seen, barrier = looked(database, order), Barrier(2)

    def accepts(seller: str) -> bool:
        barrier.wait(timeout=20)
        try:
            with database.transaction() as session:
                payments.accept(session, order.id, 10000, by=seller, now=NOW, seen=seen)
        except LedgerMoved:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accepts, ("ploy", "chai"))) == [False, True]
    assert told(database) == ["part_paid"]


def more_is_wanted(session, order):
    variant = session.scalars(select(Variant)).one()
    order_lines.edit(session, order.id, {variant.id: 5}, **PLOY)


def less_is_to_be_paid(session, order):
    orders.set_discount(session, order.id, 5000, **PLOY)


def another_slip_comes(session, order):
    customer = session.get_one(Order, order.id).customer
    intake.take(session, customer.id, [make_slip(session, customer, "later").id], now=NOW)


CHANGES = [more_is_wanted, less_is_to_be_paid, another_slip_comes]


@pytest.mark.parametrize("meanwhile", CHANGES)
@pytest.mark.parametrize(
    ("use_case", "args"),
    [(payments.confirm, ()), (payments.accept, (10000,)), (payments.reject, ("unreadable",))],
)
def test_nobody_says_yes_or_no_to_what_they_have_not_seen(database, order, use_case, args, meanwhile):
    seen = looked(database, order)
    with database.transaction() as session:
        meanwhile(session, order)
    with pytest.raises(LedgerMoved):
        do(database, use_case, order.id, *args, seen=seen)
    with database.reading() as session:
        assert session.get_one(Order, order.id).received == 0
        assert not any(session.scalars(select(Slip.verdict)))
    do(database, use_case, order.id, *args, seen=looked(database, order))


def test_a_slip_that_was_sent_earlier_but_found_its_order_later_was_not_seen(database, order):
    with database.transaction() as session:
        customer = session.get_one(Order, order.id).customer
        loose = make_slip(session, customer, "loose").id
        intake.take(session, customer.id, [make_slip(session, customer, "newest").id], now=NOW)
    seen = looked(database, order)
    with database.transaction() as session:
        intake.assign(session, loose, order.id, **PLOY)
    with pytest.raises(LedgerMoved):
        do(database, payments.confirm, order.id, seen=seen)


def test_the_same_slip_sent_again_is_nothing_new_to_see(database, order):
    seen = looked(database, order)
    with database.transaction() as session:
        customer = session.get_one(Order, order.id).customer
        again = make_slip(session, customer, "again")
        again.sha256 = session.scalars(select(Slip.sha256).where(Slip.order_id == order.id)).one()
        intake.take(session, customer.id, [again.id], now=NOW)
    assert do(database, payments.confirm, order.id, seen=seen)[1]
    with database.reading() as session:
        assert set(session.scalars(select(Slip.verdict))) == {"accepted"}


def test_one_slip_is_judged_by_itself_whatever_came_after_it(database, order):
    seen = looked(database, order)
    with database.transaction() as session:
        another_slip_comes(session, order)
        first = session.scalars(select(Slip.id).order_by(Slip.id)).first()
    do(database, payments.reject, order.id, "unreadable", slip_id=first, seen=seen)
    with database.reading() as session:
        assert session.scalars(select(Slip.verdict).order_by(Slip.id)).all() == ["rejected", ""]
    assert states(database, order) == ("placed", "pending")


@pytest.mark.parametrize("amount", [0, -1])
def test_no_sum_is_no_payment(database, order, amount):
    with pytest.raises(BadInput):
        do(database, payments.accept, order.id, amount)


@pytest.mark.parametrize("reason", payments.REASONS)
def test_a_rejected_slip_asks_again_with_the_whole_time_to_pay(database, order, reason):
    words = "ไม่พบยอดนี้" if reason == "other" else ""
    later = NOW + timedelta(hours=20)
    with database.transaction() as session:
        changed, did_it = payments.reject(session, order.id, reason, words, by="ploy", now=later)
    assert did_it
    assert changed.pay_before == later + timedelta(hours=24)
    assert states(database, order) == ("placed", "awaiting_slip")
    with database.reading() as session:
        assert session.scalars(select(Notice)).one().detail == {"reason": reason, "words": words}
        moves = [step.move for step in views.order_detail(session, order.number).transitions]
    assert moves == ["place", "attach_slip", "reject", "ask_again"]
    assert do(database, payments.reject, order.id, reason, words)[1] is False
    assert told(database) == ["rejected"]


def test_other_slips_still_wait_when_one_is_rejected(database, order):
    with database.transaction() as session:
        second = make_slip(session, order.customer, "second")
        intake.take(session, order.customer_id, [second.id], now=NOW)
    do(database, payments.reject, order.id, "unreadable", slip_id=second.id)
    assert states(database, order) == ("placed", "pending")


@pytest.mark.parametrize(
    ("reason", "words", "why"),
    [("other", " ", "missing"), ("nonsense", "", "unknown"), ("other", "x" * 301, "long")],
)
def test_a_rejection_needs_a_reason(database, order, reason, words, why):
    with pytest.raises(BadInput) as refused:
        do(database, payments.reject, order.id, reason, words)
    assert refused.value.reason == why
    assert states(database, order) == ("placed", "pending")


def test_undoing_a_confirmation_leaves_the_slip_to_be_looked_at_again(database, order):
    do(database, payments.confirm, order.id)
    confirmed = entry(database, order)
    do(database, payments.undo, order.id, confirmed, "clicked by mistake")
    assert states(database, order) == ("placed", "pending")
    assert do(database, payments.undo, order.id, confirmed, "twice")[1] is False
    do(database, payments.confirm, order.id)
    assert states(database, order) == ("confirmed", "paid")
    assert told(database) == ["paid", "pending", "paid"]
    with database.reading() as session:
        kinds = [(one.kind, one.amount, one.reason) for one in ledger.entries(session, order.id)]
    assert kinds == [
        ("accepted", 25000, ""),
        ("undone", -25000, "clicked by mistake"),
        ("accepted", 25000, ""),
    ]


def test_undoing_without_a_slip_gives_the_customer_the_whole_time_again(database, order):
    with database.transaction() as session:
        for slip in session.scalars(select(Slip)):
            session.delete(slip)
    do(database, payments.confirm, order.id)
    late = NOW + timedelta(days=5)
    with database.transaction() as session:
        payments.undo(session, order.id, entry(database, order), "bounced", by="ploy", now=late)
    assert states(database, order) == ("placed", "awaiting_slip")
    with database.transaction() as session:
        assert not expiry.expire_one(session, late)


def test_a_shipped_order_stays_shipped_when_its_payment_is_undone(database, order):
    do(database, payments.confirm, order.id)
    do(database, fulfilment.ship, order.id, carrier="flash", tracking="TH0123")
    do(database, payments.undo, order.id, entry(database, order), "the bank took it back")
    assert states(database, order) == ("shipped", "pending")
    do(database, payments.confirm, order.id)
    assert states(database, order) == ("shipped", "paid")


def test_a_whole_refund_ends_an_order_that_was_not_sent_and_its_stock_returns(database, order):
    do(database, payments.confirm, order.id)
    do(database, payments.refund, order.id, 25000, "sold out after all")
    assert states(database, order) == ("cancelled", "refunded")
    with database.reading() as session:
        assert session.scalars(select(Variant)).one().stock == 5
    with pytest.raises(NotAllowed):
        do(database, payments.accept, order.id, 100)


@pytest.mark.parametrize("amount", [0, -5, 25001])
def test_no_more_is_refunded_than_came(database, order, amount):
    do(database, payments.confirm, order.id)
    with pytest.raises(BadInput):
        do(database, payments.refund, order.id, amount, "because")


def test_a_discount_changes_the_bill_before_money_comes_and_not_after(database, order):
    changed, _ = do(database, orders.set_discount, order.id, 5000)
    assert (changed.total, changed.subtotal) == (20000, 21000)
    with pytest.raises(BadInput):
        do(database, orders.set_discount, order.id, 25000)
    do(database, payments.confirm, order.id)
    assert states(database, order) == ("confirmed", "paid")
    with pytest.raises(NotAllowed):
        do(database, orders.set_discount, order.id, 0)
    assert told(database) == ["bill_changed", "paid"]


def test_another_orders_entry_or_slip_is_out_of_reach(database, order):
    with pytest.raises(NotFound):
        do(database, payments.undo, order.id, 999, "because")
    with pytest.raises(NotFound):
        do(database, payments.accept, order.id, 100, slip_id=999)
