"""What a seller does with an order's money: confirm, accept a part, reject a slip, undo, refund, keep.

Where the payment stands follows from the ledger (shop/ledger.py). What concerns the customer they are told.
Slips come in by shop/slips/intake.py. All amounts are minor units of the order's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import catalogue, ledger, notices, orders, states
from shop.errors import BadInput, NotAllowed, NotFound
from shop.ledger import Entry, Shown
from shop.models import Order, Payment, Slip, Transition
from shop.notices import NoticeKind
from shop.slips import verdicts
from shop.slips.verdicts import ACCEPTED, REJECTED
from shop.states import OrderState, PaymentState

TRANSFER, COD = METHODS = ("transfer", "cod")
#: Why a slip is not accepted; the words are the chat's. "other" comes with the seller's own.
REASONS = ("unreadable", "used_before", "wrong_amount", "wrong_receiver", "other")
_LONGEST_REASON = 300
_ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)


def confirm(
    session: Session, order_id: int, *, by: str, now: datetime, seen: Shown | None = None
) -> tuple[Order, bool]:
    """The seller has seen the money: enter what is outstanding, mark the order paid and confirmed, tell the customer.

    Returns the order and whether this call did it; a second "Yes", or a second seller, changes nothing.
    Raises NotAllowed when the order was cancelled, LedgerMoved (see `accept`): nobody says Yes to a sum, or to a slip,
    that was not `seen`.
    """
    order = states.lock(session, order_id)
    if order.payment_state == PaymentState.PAID:
        return order, False
    ledger.check_unmoved(session, order, seen)
    _accept(session, order, ledger.balance(session, order).outstanding, None, by, now)
    return order, True


def accept(
    session: Session,
    order_id: int,
    amount: int,
    *,
    by: str,
    now: datetime,
    slip_id: int | None = None,
    seen: Shown | None = None,
) -> Order:
    """Enter money that has come. The order is paid once nothing is outstanding; until then the customer is asked for
    the rest, and more than the total is shown to the seller.

    `slip_id`: the slip that shows it; without one all slips that wait are accepted. `seen`: what the seller looked
    at; raises LedgerMoved when it is not so any more, so that two who click at once do not enter the same money twice.
    Raises NotAllowed, NotFound, BadInput("amount", "range") for what is not positive.
    """
    order = states.lock(session, order_id)
    ledger.check_unmoved(session, order, seen, slip_id)
    if amount <= 0:
        raise BadInput("amount", "range")
    _accept(session, order, amount, slip_id, by, now)
    return order


def _accept(session: Session, order: Order, amount: int, slip_id: int | None, by: str, now: datetime) -> None:
    if order.state in _ENDED or order.payment_state == PaymentState.REFUNDED:
        raise NotAllowed(order, "accept")
    before = order.payment_state
    verdicts.judge(session, order, slip_id, ACCEPTED, "")
    ledger.enter(session, order, Entry.ACCEPTED, amount, by=by, now=now, slip_id=slip_id)
    if before == PaymentState.PAID:  # more than was to be paid: of that the seller knows enough
        return
    if ledger.balance(session, order).is_paid:
        if order.state == OrderState.PLACED:
            states.move_order(session, order, "confirm", by=by, now=now)
        notices.write(session, order, NoticeKind.PAID, _settle(session, order, "accept", by, now), now)
    else:
        part = _settle(session, order, "accept_part", by, now, str(amount))
        wait_again(session, order, now)
        notices.write(session, order, NoticeKind.PART_PAID, part, now, {"amount": amount})


def enter_outstanding(session: Session, order: Order, *, by: str, now: datetime) -> None:
    """Whoever brought the locked order's parcel was paid the rest: enter it in the ledger."""
    outstanding = ledger.balance(session, order).outstanding
    ledger.enter(session, order, Entry.ACCEPTED, outstanding, by=by, now=now)
    _settle(session, order, "accept", by, now)


def take_back_outstanding(session: Session, order: Order, *, by: str, now: datetime) -> None:
    """The locked order's parcel was not delivered after all: take back what `enter_outstanding` entered, if anything.

    Raises NotAllowed when money was returned since.
    """
    entered = _entered_on_delivery(session, order) if order.payment_method == COD else None
    if entered is None:
        return
    if ledger.balance(session, order).refunded:
        raise NotAllowed(order, "undo")
    ledger.enter(session, order, Entry.UNDONE, -entered.amount, by=by, now=now, undoes_id=entered.id)
    _settle(session, order, "undo", by, now)


def _entered_on_delivery(session: Session, order: Order) -> Payment | None:
    """The entry that was made together with the order's last delivery, unless it was taken back."""
    mine = Transition.order_id == order.id, Transition.move == "deliver"
    delivered = select(Transition.at).where(*mine).order_by(Transition.id.desc()).limit(1)
    undone = select(Payment.undoes_id).where(Payment.order_id == order.id, Payment.undoes_id.is_not(None))
    accepted = Payment.order_id == order.id, Payment.kind == Entry.ACCEPTED, Payment.slip_id.is_(None)
    made_then = select(Payment).where(*accepted, Payment.at == delivered.scalar_subquery())
    return session.scalar(made_then.where(Payment.id.not_in(undone)).order_by(Payment.id.desc()).limit(1))


def reject(
    session: Session,
    order_id: int,
    reason: str,
    words: str = "",
    *,
    by: str,
    now: datetime,
    slip_id: int | None = None,
    seen: Shown | None = None,
) -> tuple[Order, bool]:
    """A slip, or every slip that waits, is not accepted; the customer is told why and asked for another one.

    `reason` is one of REASONS; "other" needs `words`, up to 300 characters in the customer's language. Returns the
    order and whether this call did it: a second click finds nothing to reject. Raises BadInput("reason", "unknown"
    | "missing" | "long"), NotAllowed once the order is paid, NotFound, LedgerMoved when something waits that was not
    `seen`, or something else is outstanding.
    """
    words = checked_reason(words, needed=reason == "other")
    if reason not in REASONS:
        raise BadInput("reason", "unknown")
    order = states.lock(session, order_id)
    if order.payment_state not in (PaymentState.PENDING, PaymentState.AWAITING_SLIP):
        raise NotAllowed(order, "reject")
    if not verdicts.waiting(session, order, slip_id):
        verdicts.check_is_of(session, order, slip_id)
        return order, False
    ledger.check_unmoved(session, order, seen, slip_id)
    verdicts.judge(session, order, slip_id, REJECTED, words or reason)
    if verdicts.waiting(session, order):  # another slip still waits: the payment stays pending
        rejected = states.move_payment(session, order, "reject_one", by=by, now=now, reason=words or reason)
    else:
        rejected = states.move_payment(session, order, "reject", by=by, now=now, reason=words or reason)
        states.move_payment(session, order, "ask_again", by=by, now=now)
        wait_again(session, order, now)
    notices.write(session, order, NoticeKind.REJECTED, rejected, now, {"reason": reason, "words": words})
    return order, True


def look_again(
    session: Session, order_id: int, slip_ids: Sequence[int], *, by: str, now: datetime
) -> tuple[Order, bool]:
    """Slips were not accepted by mistake: they wait again, and the customer is told that the shop is checking.

    Returns the order and whether this call did it. Raises NotAllowed when the order does not wait for money any more.
    """
    order = states.lock(session, order_id)
    named = Slip.id.in_(slip_ids) | Slip.repeats_id.in_(slip_ids)
    rejected = session.scalars(
        select(Slip).where(Slip.order_id == order.id, Slip.verdict == REJECTED, named)
    ).all()
    if not rejected:
        return order, False
    if order.state != OrderState.PLACED:
        raise NotAllowed(order, "look again")
    looked = states.move_payment(session, order, "look_again", by=by, now=now)
    for slip in rejected:
        slip.verdict = slip.verdict_reason = ""
    notices.call_off(session, order, NoticeKind.REJECTED)
    notices.write(session, order, NoticeKind.PENDING, looked, now)
    return order, True


def undo(
    session: Session, order_id: int, entry_id: int, reason: str, *, by: str, now: datetime
) -> tuple[Order, bool]:
    """Take an accepted entry back, with the reason: the money did not come after all, or belongs to another order.

    What follows from the ledger follows: an order that is no longer paid waits again, its customer is told so. Returns
    the order and whether this call did it. Raises NotFound, BadInput("reason", "missing" | "long"), NotAllowed for an
    entry whose money was refunded or whose order has ended.
    """
    reason = checked_reason(reason, needed=True)
    order = states.lock(session, order_id)
    entry = session.get(Payment, entry_id)
    if entry is None or entry.order_id != order.id or entry.kind != Entry.ACCEPTED:
        raise NotFound(f"entry {entry_id} of {order.number}")
    if session.scalar(select(Payment.id).where(Payment.undoes_id == entry.id)) is not None:
        return order, False
    if order.state in _ENDED or ledger.balance(session, order).refunded:
        raise NotAllowed(order, "undo")
    was_paid = order.payment_state == PaymentState.PAID
    ledger.enter(
        session, order, Entry.UNDONE, -entry.amount, by=by, now=now, reason=reason, undoes_id=entry.id
    )
    verdicts.take_back(session, order, entry.slip_id)
    undone = _settle(session, order, "undo", by, now, reason)
    if order.payment_state == PaymentState.PAID or not was_paid:
        return order, True
    if order.payment_method == TRANSFER:
        wait_again(session, order, now)
        if order.state in (OrderState.CONFIRMED, OrderState.PACKED):
            states.move_order(session, order, "unconfirm", by=by, now=now, reason=reason)
    notices.write(session, order, NoticeKind.PENDING, undone, now)
    return order, True


def refund(
    session: Session,
    order_id: int,
    amount: int,
    reason: str,
    *,
    by: str,
    now: datetime,
    seen: Shown | None = None,
    put_back: bool = True,
) -> Order:
    """Record that money was returned. With the last of it an order that was not sent ends, and its stock returns if
    `put_back`. Of an order that ended before, what the shop kept may be returned after all.

    Of an order that is not paid everything that came is returned, or nothing. Raises BadInput("amount", "range") for
    another sum, or more than was received, BadInput("reason", "missing" | "long"), LedgerMoved.
    """
    reason = checked_reason(reason, needed=True)
    order = states.lock(session, order_id)
    ledger.check_unmoved(session, order, seen)
    least = 1 if order.payment_state == PaymentState.PAID else order.received
    if not max(least, 1) <= amount <= order.received:
        raise BadInput("amount", "range")
    ledger.enter(session, order, Entry.REFUNDED, -amount, by=by, now=now, reason=reason)
    order.kept = min(order.kept, order.received)
    refunded = _settle(session, order, "refund", by, now, reason)
    unsent = (OrderState.PLACED, OrderState.CONFIRMED, OrderState.PACKED)
    if order.payment_state == PaymentState.REFUNDED and order.state in unsent:
        states.move_order(session, order, "refund", by=by, now=now, reason=reason)
        orders.give_up(session, order, "cancelled", by=by, now=now, put_back=put_back)
    notices.write(session, order, NoticeKind.REFUNDED, refunded, now, {"amount": amount})
    return order


def keep(
    session: Session, order_id: int, reason: str, *, by: str, now: datetime, seen: Shown | None = None
) -> tuple[Order, bool]:
    """Of an order that ended the shop returns no more, for the reason: the carrier's fee, for one. What it has is kept.

    The customer is not told. Returns the order and whether this call did it. Raises BadInput("reason", "missing" |
    "long"), LedgerMoved, NotAllowed when the order has not ended, or there is nothing to keep.
    """
    reason = checked_reason(reason, needed=True)
    order = states.lock(session, order_id)
    if order.kept and order.kept == order.received:
        return order, False
    ledger.check_unmoved(session, order, seen)
    if order.state not in _ENDED or not order.received:
        raise NotAllowed(order, "keep")
    order.kept = order.received
    _settle(session, order, "keep", by, now, reason)
    return order, True


def _settle(
    session: Session, order: Order, move: str, by: str, now: datetime, reason: str = ""
) -> Transition:
    """Have the payment's state follow from the ledger, and from the slips that wait."""
    balance = ledger.balance(session, order)
    if balance.is_refunded:
        after = PaymentState.REFUNDED
    elif balance.is_paid:
        after = PaymentState.PAID
    elif order.payment_method == COD:
        after = PaymentState.ON_DELIVERY
    else:
        after = PaymentState.PENDING if verdicts.waiting(session, order) else PaymentState.AWAITING_SLIP
    return states.settle_payment(session, order, move, after, by=by, now=now, reason=reason)


def wait_again(session: Session, order: Order, now: datetime) -> None:
    """Whoever is asked again has the whole time to pay again; `order` must be locked."""
    order.pay_before = max(order.pay_before, now + timedelta(hours=catalogue.the_shop(session).payment_hours))
    order.reminded_at = None


def checked_reason(words: str, *, needed: bool) -> str:
    """A reason in a person's own words, on one line. Raises BadInput("reason", "missing" | "long")."""
    words = " ".join(words.split())
    if needed and not words:
        raise BadInput("reason", "missing")
    if len(words) > _LONGEST_REASON:
        raise BadInput("reason", "long")
    return words
