"""Asking a verification service about transfers: which are due, what an answer changes, how it is shown.

A transfer is claimed in one transaction, asked about outside any, and its answer recorded in another. The claim ends
by itself, so that a crash loses nothing; who asks over the network is the gateway (gateway/checks.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from shop import catalogue, ledger, payments, states
from shop.db import insert_new
from shop.errors import NotAllowed
from shop.models import Order, PaymentAccount, Slip, SlipCheck, Transfer
from shop.slips.asking import Answer, Question, State
from shop.slips.codes import Seen
from shop.slips.matching import Match, compare
from shop.states import OrderState, PaymentState

#: `by` of what a service's answer confirmed is this with the service's key: "verifier:slipok".
BY = "verifier:"
CURRENCY = "THB"
#: Longer than a service is given to answer, so that nobody else asks meanwhile.
_LEASE = timedelta(seconds=60)
#: While the service refuses all questions it is left alone.
REFUSED_FOR = timedelta(minutes=30)
#: A transfer that a bank does not know after so long is asked about no more.
_GIVE_UP = timedelta(days=1)
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60))
_REFUSALS = (State.QUOTA, State.AUTH)
_KNOWN = (State.FOUND, State.DUPLICATE)
_ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)


@dataclass(frozen=True)
class Claim:
    """The right to ask `question` once; `fence` voids it when somebody else has claimed it since."""

    check_id: int
    fence: int
    question: Question


@dataclass(frozen=True)
class Checked:
    """What the console shows by a slip; `match`, with `expected` (satang), where the bank knows the transfer."""

    check: SlipCheck
    match: Match | None
    expected: int


def claim_one(session: Session, provider: str, now: datetime) -> Claim | None:
    """Claim the transfer that has waited longest to be asked about; None when none is due, or the service refuses."""
    refused = exists().where(
        SlipCheck.state.in_(_REFUSALS), SlipCheck.provider == provider, SlipCheck.asked_at > now - REFUSED_FOR
    )
    if session.scalar(select(refused)):
        return None
    _open_rows(session, now)
    free = or_(SlipCheck.leased_until.is_(None), SlipCheck.leased_until <= now)
    next_one = (
        select(SlipCheck)
        .join(Transfer, Transfer.id == SlipCheck.transfer_id)
        .join(Order, Order.id == Transfer.order_id)
        .where(SlipCheck.next_at <= now, free, _waits())
        .order_by(SlipCheck.next_at, SlipCheck.id)
        .limit(1)
        .with_for_update(of=SlipCheck, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    check = session.scalar(next_one)
    if check is None:
        return None
    transfer = session.get_one(Transfer, check.transfer_id)
    order = session.get_one(Order, transfer.order_id)
    check.expected = ledger.balance(session, order).outstanding
    check.leased_until, check.fence, check.attempts = now + _LEASE, check.fence + 1, check.attempts + 1
    session.flush()
    question = Question(transfer.bank, transfer.reference, transfer.payload, check.expected)
    return Claim(check.id, check.fence, question)


def _open_rows(session: Session, now: datetime) -> None:
    """Transfers of orders that wait get their row, at once due."""
    shown = exists().where(
        Slip.transfer_id == Transfer.id, Slip.order_id == Transfer.order_id, Slip.verdict == ""
    )
    known = exists().where(SlipCheck.transfer_id == Transfer.id)
    new = select(Transfer.id).join(Order, Order.id == Transfer.order_id).where(_waits(), shown, ~known)
    for transfer_id in session.scalars(new.order_by(Transfer.id).limit(20)).all():
        row = {"transfer_id": transfer_id, "receiver_accounts": [], "next_at": now}
        insert_new(session, SlipCheck, row, unique=("transfer_id",))


def _waits() -> ColumnElement[bool]:
    payable = Order.payment_state.in_((PaymentState.AWAITING_SLIP, PaymentState.PENDING))
    return Order.state.not_in(_ENDED) & payable & (Order.currency == CURRENCY)


def record(session: Session, claim: Claim, answer: Answer, now: datetime) -> bool:
    """Keep the answer, and confirm the order if the shop wants that and everything fits. False: the claim was lost."""
    mine = (SlipCheck.id == claim.check_id) & (SlipCheck.fence == claim.fence)
    kept = session.scalar(
        update(SlipCheck)
        .where(mine, SlipCheck.leased_until.is_not(None))
        .values(
            state=answer.state,
            provider=answer.provider,
            amount=answer.amount,
            paid_at=answer.paid_at,
            reference=answer.reference,
            receiver_name=answer.receiver_name,
            receiver_accounts=list(answer.receiver_accounts),
            other_receiver=answer.other_receiver,
            raw=answer.raw,
            asked_at=now,
            leased_until=None,
        )
        .returning(SlipCheck)
        .execution_options(populate_existing=True)
    )
    if kept is None:
        return False
    transfer = session.get_one(Transfer, kept.transfer_id)
    kept.next_at = _next(kept, answer, transfer.seen_at, now)
    session.flush()
    if answer.state is State.FOUND and catalogue.the_shop(session).auto_confirm:
        _confirm(session, kept, transfer, now)
    return True


def _next(check: SlipCheck, answer: Answer, since: datetime, now: datetime) -> datetime | None:
    """When to ask again: never once the bank knows the transfer, or still does not after a day."""
    if answer.state in _KNOWN:
        return None
    if answer.state in _REFUSALS:
        return now + REFUSED_FOR
    pause = _PAUSES[min(check.attempts, len(_PAUSES)) - 1]
    if answer.retry_after is not None:
        pause = max(pause, timedelta(seconds=answer.retry_after))
    return now + pause if now + pause <= since + _GIVE_UP else None


def _confirm(session: Session, check: SlipCheck, transfer: Transfer, now: datetime) -> None:
    """Confirm the transfer's order if the answer fits in every part and nothing else waits for a seller."""
    if transfer.order_id is None:
        return
    order = states.lock(session, transfer.order_id)
    outstanding = ledger.balance(session, order).outstanding
    numbers = [account.number for account in catalogue.payment_accounts(session)]
    match = compare(check, transfer, numbers, expected=outstanding, placed_at=order.placed_at)
    if not match.is_full or not outstanding or not _is_clear(session, order, transfer):
        return
    try:
        payments.confirm(session, order.id, by=f"{BY}{check.provider}", now=now)
    except NotAllowed:  # it was cancelled, or ended, meanwhile: the words stay for the seller
        return


def _is_clear(session: Session, order: Order, transfer: Transfer) -> bool:
    """Whether the order has just this customer's one slip to judge, with nothing odd about it."""
    waits = order.state == OrderState.PLACED and order.payment_state == PaymentState.PENDING
    open_slips = session.scalars(
        select(Slip).where(Slip.order_id == order.id, Slip.verdict == "", Slip.repeats_id.is_(None))
    ).all()
    only = len(open_slips) == 1 and open_slips[0].transfer_id == transfer.id
    return waits and only and open_slips[0].seen == Seen.SLIP and transfer.customer_id == order.customer_id


def of(session: Session, order: Order, slips: Sequence[Slip]) -> dict[int, Checked]:
    """What was said, by the slip's id. `slips` are the order's; a transfer of another order is not compared here."""
    transfers = {slip.transfer_id: slip.transfer for slip in slips if slip.transfer}
    found = session.scalars(
        select(SlipCheck).where(SlipCheck.transfer_id.in_(transfers), SlipCheck.state != "")
    )
    numbers = session.scalars(select(PaymentAccount.number)).all()
    to_be_judged = {slip.transfer_id for slip in slips if not slip.verdict}
    checked = {}
    for check in found:
        transfer = transfers[check.transfer_id]
        assert transfer is not None
        match, expected = None, check.expected
        if transfer.id in to_be_judged:  # the bill may have changed since the bank was asked
            expected = ledger.balance(session, order).outstanding
        if check.state in _KNOWN and transfer.order_id == order.id:
            match = compare(check, transfer, numbers, expected=expected, placed_at=order.placed_at)
        checked[check.transfer_id] = Checked(check, match, expected)
    return {slip.id: checked[slip.transfer_id] for slip in slips if slip.transfer_id in checked}
