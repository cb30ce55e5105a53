"""An order's ledger: what came in, what was taken back, what was returned. Where the payment stands follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import LedgerMoved
from shop.models import Order, Payment, Slip


class Entry(StrEnum):
    """What an entry is; the amounts of the last two are negative."""

    ACCEPTED = "accepted"
    UNDONE = "undone"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Balance:
    """What the entries come to, in minor units.

    `accepted` is what came in and was not undone, `refunded` what was returned of it, `kept` what the shop does not
    return of an order that ended.
    """

    total: int
    accepted: int
    refunded: int
    kept: int = 0

    @property
    def received(self) -> int:
        """What the shop has."""
        return self.accepted - self.refunded

    @property
    def outstanding(self) -> int:
        """What is still to be paid, never below 0."""
        return max(self.total - self.accepted, 0)

    @property
    def overpaid(self) -> int:
        """What the shop has beyond the order's total."""
        return max(self.received - self.total, 0)

    @property
    def is_paid(self) -> bool:
        """All that was to be paid has come, and not all of it went back."""
        return self.accepted >= self.total and not self.is_refunded

    @property
    def is_refunded(self) -> bool:
        """Everything that came was returned, but for what the shop keeps."""
        return self.refunded > 0 and self.received <= self.kept


@dataclass(frozen=True)
class Shown:
    """What a page showed of an order's money, so that a click can say what its seller looked at.

    `entry`: id of the ledger's newest entry, 0 for an empty one; `outstanding` in minor units; `slips`: ids of those
    that waited for a verdict.
    """

    entry: int
    outstanding: int
    slips: frozenset[int]


def entries(session: Session, order_id: int) -> Sequence[Payment]:
    """All entries of the order, oldest first."""
    return session.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)).all()


def balance(session: Session, order: Order) -> Balance:
    """Where the order's ledger stands."""
    summed = select(Payment.kind, func.sum(Payment.amount)).where(Payment.order_id == order.id)
    sums: dict[str, int] = dict(session.execute(summed.group_by(Payment.kind)).all())
    accepted = sums.get(Entry.ACCEPTED, 0) + sums.get(Entry.UNDONE, 0)
    return Balance(order.total, accepted, -sums.get(Entry.REFUNDED, 0), order.kept)


def last_id(session: Session, order_id: int) -> int:
    """The id of the newest entry, 0 for an empty ledger."""
    return session.scalar(select(func.max(Payment.id)).where(Payment.order_id == order_id)) or 0


def shown(session: Session, order: Order) -> Shown:
    """What a page that is drawn now shows. A slip that repeats another one is not shown by itself."""
    waiting = select(Slip.id).where(Slip.order_id == order.id, Slip.verdict == "", Slip.repeats_id.is_(None))
    return Shown(
        last_id(session, order.id),
        balance(session, order).outstanding,
        frozenset(session.scalars(waiting)),
    )


def check_unmoved(session: Session, order: Order, seen: Shown | None, slip_id: int | None = None) -> None:
    """Raises LedgerMoved when the ledger, what is outstanding, or the slips that wait are not as they were `seen`.

    The order must be locked. With a `slip_id` that slip alone is judged, whatever others there are. `seen` is None
    when whoever asks has not looked.
    """
    if seen is None:
        return
    now = shown(session, order)
    if slip_id is not None:
        now = replace(now, slips=seen.slips)
    if now != seen:
        raise LedgerMoved(order)


def enter(
    session: Session,
    order: Order,
    kind: Entry,
    amount: int,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    slip_id: int | None = None,
    undoes_id: int | None = None,
) -> Payment:
    """Write an entry into the locked order's ledger. `amount` has its sign already."""
    entry = Payment(
        order_id=order.id,
        kind=kind,
        amount=amount,
        by=by,
        at=now,
        reason=reason,
        slip_id=slip_id,
        undoes_id=undoes_id,
    )
    session.add(entry)
    order.received += amount
    session.flush()
    return entry
