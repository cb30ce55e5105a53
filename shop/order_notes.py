"""What people of the shop write about an order for each other. Customers never see it; it goes with the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import once
from shop.db import insert_new
from shop.errors import BadInput, NotAllowed
from shop.models import Order, OrderNote

LONGEST = 1000


def add(session: Session, order: Order, text: str, *, form: str, by: str, now: datetime) -> None:
    """Keep a note on the order. `form` names the form on the page, so that a double click keeps one.

    Raises BadInput("note", "missing" | "long"), NotAllowed when the customer was erased.
    """
    if order.customer.erased_at is not None:
        raise NotAllowed(order, "note")
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise BadInput("note", "missing")
    if len(words) > LONGEST:
        raise BadInput("note", "long")
    row = {"order_id": order.id, "form": once.named(form), "text": words, "by": by, "at": now}
    insert_new(session, OrderNote, row, unique=("order_id", "form"))


def remove(session: Session, order: Order, note_id: int) -> None:
    """Take a note off the order; harmless when it is gone."""
    session.execute(delete(OrderNote).where(OrderNote.id == note_id, OrderNote.order_id == order.id))


def of(session: Session, order: Order) -> Sequence[OrderNote]:
    """The order's notes, oldest first."""
    return session.scalars(
        select(OrderNote).where(OrderNote.order_id == order.id).order_by(OrderNote.id)
    ).all()
