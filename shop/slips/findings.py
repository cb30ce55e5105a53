"""What stands out about an order's slips, for the seller to weigh. Hints and one warning; never a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import ledger
from shop.ledger import Entry
from shop.models import Order, Slip, Transfer
from shop.slips.codes import Seen
from shop.slips.references import sent_at
from shop.states import PaymentState

#: Customers may pay first and order then; and where only the day is known, it begins at midnight.
_EARLIER = timedelta(days=1)


class Kind(StrEnum):
    """What was found."""

    USED_BEFORE = "used_before"  # a warning: another order has this very transfer
    USED_BY_ANOTHER = "used_by_another"  # a warning: another customer sent it first, for no order yet
    TWO_SLIPS = "two_slips"
    DAMAGED = "damaged"
    PAYMENT_CODE = "payment_code"
    OTHER_CODE = "other_code"
    NO_CODE = "no_code"
    OLD = "old"
    OTHER_AMOUNT = "other_amount"


_BY_SEEN: Mapping[str, Kind] = {
    Seen.TWO_SLIPS: Kind.TWO_SLIPS,
    Seen.DAMAGED: Kind.DAMAGED,
    Seen.PAYMENT: Kind.PAYMENT_CODE,
    Seen.OTHER: Kind.OTHER_CODE,
    Seen.NONE: Kind.NO_CODE,
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `order_number`: the other order; `at`: when the slip seems to be from (UTC)."""

    kind: Kind
    order_number: str | None = None
    at: datetime | None = None

    @property
    def is_warning(self) -> bool:
        """Whether it is more than a hint."""
        return self.kind in (Kind.USED_BEFORE, Kind.USED_BY_ANOTHER)


def of(session: Session, order: Order, slips: Sequence[Slip]) -> dict[int, list[Finding]]:
    """What stands out, by the slip's id, warnings first. `slips` are the order's."""
    transfers = _transfers(session, slips)
    others = {transfer.order_id for transfer in transfers.values()} - {None, order.id}
    named = select(Order.id, Order.number).where(Order.id.in_(others)).order_by(Order.id)
    numbers = dict(session.execute(named).all())
    sums = _sums_meant(session, order) if any(slip.amounts for slip in slips) else set()
    return {
        slip.id: [
            *_reuse(order, [transfers[number] for number in slip.transfer_ids], numbers),
            *_hints(order, slip, sums),
        ]
        for slip in slips
    }


def warned(session: Session, orders: Sequence[Order]) -> frozenset[int]:
    """Ids of those orders, waiting for a seller's look, that have a slip with a warning: what a list marks in red."""
    waiting = {order.id: order for order in orders if order.payment_state == PaymentState.PENDING}
    if not waiting:
        return frozenset()
    slips = session.scalars(select(Slip).where(Slip.order_id.in_(waiting), Slip.verdict == "")).all()
    transfers = _transfers(session, slips)

    def is_reused(slip: Slip) -> bool:
        order = waiting[slip.order_id or 0]
        return any(
            transfer.order_id not in (None, order.id) or transfer.customer_id != order.customer_id
            for transfer in map(transfers.__getitem__, slip.transfer_ids)
        )

    return frozenset(slip.order_id or 0 for slip in slips if is_reused(slip))


def _transfers(session: Session, slips: Sequence[Slip]) -> Mapping[int, Transfer]:
    """Every transfer that the slips show, by its id."""
    ids = {transfer for slip in slips for transfer in slip.transfer_ids}
    shown = session.scalars(select(Transfer).where(Transfer.id.in_(ids))).all() if ids else ()
    return {transfer.id: transfer for transfer in shown}


def _sums_meant(session: Session, order: Order) -> set[int]:
    """What a slip of this order may show: the total, the rest of it, or what a seller has taken it for."""
    entered = {entry.amount for entry in ledger.entries(session, order.id) if entry.kind == Entry.ACCEPTED}
    return {order.total, ledger.balance(session, order).outstanding} | entered


def _reuse(order: Order, transfers: Sequence[Transfer], numbers: Mapping[int, str]) -> list[Finding]:
    used = [order_id for order_id in numbers if any(one.order_id == order_id for one in transfers)]
    found = [Finding(Kind.USED_BEFORE, order_number=numbers[order_id]) for order_id in used]
    if any(one.order_id not in used and one.customer_id != order.customer_id for one in transfers):
        found.append(Finding(Kind.USED_BY_ANOTHER))
    return found


def _hints(order: Order, slip: Slip, sums: set[int]) -> list[Finding]:
    found = [Finding(_BY_SEEN[slip.seen])] if slip.seen in _BY_SEEN else []
    if slip.transfer is not None:
        at = sent_at(slip.transfer.bank, slip.transfer.reference, slip.received_at)
        if at is not None and at < order.placed_at - _EARLIER:
            found.append(Finding(Kind.OLD, at=at))
    if slip.amounts and sums.isdisjoint(slip.amounts):
        found.append(Finding(Kind.OTHER_AMOUNT))
    return found
