"""Which orders need a person, and why: defined here once, for the list's filter, its counts and its rows.

What follows from an order's own columns only. Whether it does may change by itself as time passes, but only of an order
that waits to be packed; `shop.models.order.MAY_NEED_ATTENTION` is the same rule without the time and without what the
shop keeps, and an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from shop.models import Order
from shop.models.order import MAY_NEED_ATTENTION
from shop.states import OPEN, OrderState, PaymentState

#: What was paid, or taken on, should be packed within this time.
PACK_WITHIN = timedelta(days=2)
_ENDED = (OrderState.CANCELLED, OrderState.EXPIRED)


class Reason(StrEnum):
    """Why an order needs a person."""

    SLIP = "slip"  # a slip has to be looked at
    MONEY = (
        "money"  # less came than the order costs, or more, or money of an order that ended is to be returned
    )
    UNTOLD = "untold"  # the customer does not know the last thing about an order that goes on
    LATE = "late"  # it could have been packed long ago


def reasons(order: Order, now: datetime) -> Sequence[Reason]:
    """Why the order needs a person; nothing, when it does not."""
    placed, ended = order.state == OrderState.PLACED, order.state in _ENDED
    found = {
        Reason.SLIP: placed and order.payment_state == PaymentState.PENDING,
        Reason.MONEY: order.received > (order.kept if ended else 0 if placed else order.total),
        Reason.UNTOLD: order.untold and order.state in OPEN,
        Reason.LATE: order.state == OrderState.CONFIRMED
        and order.confirmed_at is not None
        and order.confirmed_at <= now - PACK_WITHIN,
    }
    return [reason for reason, is_so in found.items() if is_so]


def needs(now: datetime) -> Sequence[ColumnElement[bool]]:
    """`reasons` as conditions on the table of orders; the first is the index's own."""
    placed, ended = Order.state == OrderState.PLACED, Order.state.in_(_ENDED)
    late = and_(Order.state == OrderState.CONFIRMED, Order.confirmed_at <= now - PACK_WITHIN)
    exact = or_(
        and_(placed, Order.payment_state == PaymentState.PENDING),
        and_(Order.received > Order.total, ~ended),
        and_(Order.received > 0, placed),
        and_(Order.received > Order.kept, ended),
        and_(Order.untold, Order.state.in_(OPEN)),
        late,
    )
    return MAY_NEED_ATTENTION, exact
