"""The orders that a seller goes to from one: the customer's others, those beside it in a list, the next that waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shop import order_list, orders, review
from shop.models import Order
from shop.order_wanted import Wanted


@dataclass(frozen=True)
class Neighbours:
    """Numbers of the next newer and older order of a list, and of the one whose slip waits longest; or None.

    `of_customer`: the customer's other orders, newest first.
    """

    newer: str | None
    older: str | None
    waiting: str | None
    of_customer: Sequence[Order]


def of(
    session: Session,
    order: Order,
    wanted: Wanted,
    *,
    now: datetime,
    passed_over: Collection[int] = (),
    limit: int = 10,
) -> Neighbours:
    """The order's neighbours, in the list of the orders `wanted`. `passed_over`: ids of waiting orders that somebody
    else is looking at.
    """
    not_these = {order.id, *passed_over}
    waiting = (one.number for one in review.queue(session) if one.order_id not in not_these)
    theirs = orders.latest(session, order.customer_id, limit + 1)
    return Neighbours(
        *order_list.beside(session, wanted, order, now=now),
        next(waiting, None),
        [one for one in theirs if one.id != order.id][:limit],
    )
