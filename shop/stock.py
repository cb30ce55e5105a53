"""Taking stock for an order and giving it back. The database decides who gets the last one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.errors import SoldOut
from shop.models import Order, StockChange, Variant


def take(session: Session, order: Order, now: datetime) -> None:
    """Take every line of the order from stock, or raise SoldOut and have taken nothing once rolled back.

    Variants are taken in the order of their ids, so that two orders never wait for each other's rows.
    """
    for line in sorted(order.lines, key=lambda line: line.variant_id):
        enough = (Variant.id == line.variant_id) & (Variant.stock >= line.quantity)
        statement = (
            update(Variant).where(enough).values(stock=Variant.stock - line.quantity).returning(Variant.id)
        )
        if session.scalar(statement) is None:
            left = (
                select(Variant).where(Variant.id == line.variant_id).execution_options(populate_existing=True)
            )
            raise SoldOut(session.scalars(left).one())
        _note(session, order, line.variant_id, -line.quantity, "ordered", now)


def give_back(session: Session, order: Order, reason: str, now: datetime) -> None:
    """Return every line of an order that will not be sent. `reason`: cancelled or expired."""
    for line in sorted(order.lines, key=lambda line: line.variant_id):
        session.execute(
            update(Variant).where(Variant.id == line.variant_id).values(stock=Variant.stock + line.quantity)
        )
        _note(session, order, line.variant_id, line.quantity, reason, now)


def _note(session: Session, order: Order, variant_id: int, change: int, reason: str, now: datetime) -> None:
    session.add(StockChange(variant_id=variant_id, order_id=order.id, change=change, reason=reason, at=now))
