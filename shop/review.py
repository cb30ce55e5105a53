"""The orders whose slips wait for a seller, the one whose slip came first at the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from shop.models import Order, Slip
from shop.states import OrderState, PaymentState

#: More than anybody works off; counting further would only take time.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Waiting:
    """An order that waits: its id and number, and its place in the queue, which is the id of its first waiting slip."""

    order_id: int
    number: str
    place: int


def count(session: Session) -> int:
    """How many orders wait for a seller to look at their slips, 1,000 for more than that."""
    some = _first_slips(after=0).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def queue(session: Session, *, after: int = 0, limit: int = 50) -> Sequence[Waiting]:
    """Those that wait, in their order, from beyond the place `after` on."""
    found = session.execute(_first_slips(after).order_by(Slip.id).limit(limit))
    return [Waiting(*row) for row in found]


def _first_slips(after: int) -> Select[int, str, int]:
    """Id and number of each order that waits, and the id of its first waiting slip, which lies beyond `after`.

    It begins with the slips: of those few wait, whatever else the tables hold.
    """
    earlier = aliased(Slip)
    has_earlier = exists().where(earlier.order_id == Slip.order_id, earlier.id < Slip.id, _waits(earlier))
    return (
        select(Order.id, Order.number, Slip.id)
        .select_from(Slip)
        .join(Order, Order.id == Slip.order_id)
        .where(_waits(Slip), Slip.id > after, _pending(), ~has_earlier)
    )


def place(session: Session, order: Order) -> int | None:
    """The order's place in the queue; None when it does not wait."""
    if not is_waiting(order):
        return None
    return session.scalar(select(func.min(Slip.id)).where(Slip.order_id == order.id, _waits(Slip)))


def is_waiting(order: Order) -> bool:
    """Whether the order has slips that a seller has to look at."""
    return (order.state, order.payment_state) == (OrderState.PLACED, PaymentState.PENDING)


def _pending() -> ColumnElement[bool]:
    """Put together, so that no index of the orders' states fits, along which SQLite would rather walk."""
    states = Order.state.concat(literal_column("' '")).concat(Order.payment_state)
    return states == f"{OrderState.PLACED} {PaymentState.PENDING}"


def _waits(slip: type[Slip]) -> ColumnElement[bool]:
    """As in the partial index of slips that wait."""
    return and_(slip.order_id.is_not(None), slip.verdict == literal_column("''"), slip.repeats_id.is_(None))
