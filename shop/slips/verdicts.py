"""What becomes of a slip: a seller's judgement, the customer's word that a picture is none, or the end of its order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.errors import NotFound
from shop.models import Order, Slip

ACCEPTED, REJECTED, DISMISSED = "accepted", "rejected", "dismissed"


def lay_aside(session: Session, order: Order) -> None:
    """The locked order has ended: nobody has to look at its slips any more."""
    waiting = (Slip.order_id == order.id) & (Slip.verdict == "")
    session.execute(update(Slip).where(waiting).values(verdict=DISMISSED))


def judge(session: Session, order: Order, slip_id: int | None, verdict: str, reason: str) -> None:
    """Give the order's waiting slip, or all of them, the verdict. Raises NotFound."""
    check_is_of(session, order, slip_id)
    for slip in waiting(session, order, slip_id):
        slip.verdict, slip.verdict_reason = verdict, reason


def check_is_of(session: Session, order: Order, slip_id: int | None) -> None:
    """Raises NotFound when the slip, if one is named, is not the order's."""
    slip = session.get(Slip, slip_id) if slip_id is not None else None
    if slip_id is not None and (slip is None or slip.order_id != order.id):
        raise NotFound(f"slip {slip_id} of {order.number}")


def waiting(session: Session, order: Order, slip_id: int | None = None) -> Sequence[Slip]:
    """The order's slips that nobody has judged, or of these the one that is named and its repeats."""
    session.flush()
    unjudged = select(Slip).where(Slip.order_id == order.id, Slip.verdict == "")
    # Whoever judges a slip judges its repeats as well.
    own = unjudged if slip_id is None else unjudged.where((Slip.id == slip_id) | (Slip.repeats_id == slip_id))
    return session.scalars(own).all()


def take_back(session: Session, order: Order, slip_id: int | None) -> None:
    """The slips that an entry had accepted are to be looked at again."""
    accepted = select(Slip).where(Slip.order_id == order.id, Slip.verdict == ACCEPTED)
    own = accepted if slip_id is None else accepted.where((Slip.id == slip_id) | (Slip.repeats_id == slip_id))
    for slip in session.scalars(own):
        slip.verdict = ""
    session.flush()
