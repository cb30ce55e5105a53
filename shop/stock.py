"""Taking stock for an order and giving it back, or keeping out what cannot be sold again. The database decides who gets
the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.errors import NotFound, SoldOut
from shop.models import Order, StockChange, Variant

_KEPT_OUT = "kept_out"


def take(session: Session, order: Order, now: datetime) -> None:
    """Take every line of the order from stock. Raises SoldOut, see `change`."""
    change(session, order, {line.variant_id: -line.quantity for line in order.lines}, "ordered", now)


def give_back(session: Session, order: Order, reason: str, now: datetime) -> None:
    """Return every line of an order that will not be sent. `reason`: cancelled, expired or came_back."""
    change(session, order, {line.variant_id: line.quantity for line in order.lines}, reason, now)


def keep_out(session: Session, order: Order, by: str, now: datetime) -> None:
    """Take out again what was just given back: damaged or lost, it must not be sold. The history shows both."""
    lines = {line.variant_id: -line.quantity for line in order.lines}
    change(session, order, lines, _KEPT_OUT, now, person=by)


def was_kept_out(session: Session, order: Order) -> bool:
    """Whether the goods of the order, which has ended, were not put back."""
    kept = select(StockChange.id).where(StockChange.order_id == order.id, StockChange.reason == _KEPT_OUT)
    return session.scalar(kept.limit(1)) is not None


def change(
    session: Session,
    order: Order,
    by: Mapping[int, int],
    reason: str,
    now: datetime,
    person: str | None = None,
) -> None:
    """Add so many to the stock of each variant, by its id, for the order; what is negative is taken. `person`: who
    decided so, where somebody did.

    Raises SoldOut when less is left than that, and NotFound; nothing was taken then once rolled back. Variants are
    taken in the order of their ids, so that two orders never wait for each other's rows.
    """
    for variant_id, more in sorted(by.items()):
        enough = (Variant.id == variant_id) & (Variant.stock >= -more)
        changed = update(Variant).where(enough).values(stock=Variant.stock + more).returning(Variant.id)
        if session.scalar(changed) is None:
            left = select(Variant).where(Variant.id == variant_id).execution_options(populate_existing=True)
            variant = session.scalar(left)
            raise SoldOut(variant) if variant else NotFound(f"variant {variant_id}")
        noted = StockChange(variant_id=variant_id, order_id=order.id, change=more, reason=reason, at=now)
        noted.by = person
        session.add(noted)
