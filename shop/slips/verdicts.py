"""What becomes of a slip: a seller's judgement, the customer's word that a picture is none, or the end of its order."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.models import Order, Slip

ACCEPTED, REJECTED, DISMISSED = "accepted", "rejected", "dismissed"


def lay_aside(session: Session, order: Order) -> None:
    """The locked order has ended: nobody has to look at its slips any more."""
    waiting = (Slip.order_id == order.id) & (Slip.verdict == "")
    session.execute(update(Slip).where(waiting).values(verdict=DISMISSED))
