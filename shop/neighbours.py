"""The orders that a seller goes to from one: the customer's others, the newer and the older, the next that waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import orders, review
from shop.models import Order


@dataclass(frozen=True)
class Neighbours:
    """Numbers of the next newer and older order of the shop, and of the one whose slip waits longest; or None.

    `of_customer`: the customer's other orders, newest first.
    """

    newer: str | None
    older: str | None
    waiting: str | None
    of_customer: Sequence[Order]


def of(session: Session, order: Order, *, passed_over: Collection[int] = (), limit: int = 10) -> Neighbours:
    """The order's neighbours. `passed_over`: ids of waiting orders that somebody else is looking at."""
    not_these = {order.id, *passed_over}
    waiting = (one.number for one in review.queue(session) if one.order_id not in not_these)
    newer = select(Order.number).where(Order.id > order.id).order_by(Order.id).limit(1)
    older = select(Order.number).where(Order.id < order.id).order_by(Order.id.desc()).limit(1)
    theirs = orders.latest(session, order.customer_id, limit + 1)
    return Neighbours(
        session.scalar(newer),
        session.scalar(older),
        next(waiting, None),
        [one for one in theirs if one.id != order.id][:limit],
    )
