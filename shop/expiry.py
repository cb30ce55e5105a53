"""Orders that nobody pays: a reminder some hours before the time is up, then the end, with the stock back on sale.

Nobody is woken by a reminder: what falls due at night waits for the morning, or comes the evening before when the
morning would be too late.

Each call does one order, in a transaction of its own. When to call is the gateway's (gateway/due.py).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from shop import notices, states, stock
from shop.models import Order, Shop
from shop.notices import NoticeKind
from shop.states import OrderState, PaymentState
from shop.words import BANGKOK

#: Reminders come between these hours of the shop's day.
_MORNING, _EVENING = time(8), time(21)
#: In the last hour of the day those are reminded for whom the morning would be too late.
_LAST_HOUR = time(20)
#: So long a reminder has to leave for paying, and so old an order has to be to be reminded early.
_ENOUGH = timedelta(hours=1)


def remind_one(session: Session, now: datetime) -> bool:
    """Remind the customer of the order whose time is up soonest, once for each order; False when none is due.

    The shop's `reminder_hours` say how long before; with 0 nobody is reminded. At night only those are for whom there
    was and will be no better time.
    """
    hours = session.scalar(select(Shop.reminder_hours)) or 0
    due = (
        _to_be_reminded(now, timedelta(hours=hours)) & (Order.pay_before > now) & Order.reminded_at.is_(None)
    )
    order = _next(session, due) if hours else None
    if order is None:
        return False
    order.reminded_at = now
    reminded = states.move_payment(session, order, "remind", by="shop", now=now)
    notices.write(session, order, NoticeKind.PAYMENT_REMINDER, reminded, now)
    return True


def expire_one(session: Session, now: datetime) -> bool:
    """End the order whose time was up first, give its stock back, tell the customer; False when none is due.

    An order with a slip, or with a part of its money, waits for the seller, however long that takes.
    """
    order = _next(session, (Order.pay_before <= now) & (Order.received == 0))
    if order is None:
        return False
    expired = states.move_order(session, order, "expire", by="shop", now=now)
    stock.give_back(session, order, "expired", now)
    notices.write(session, order, NoticeKind.EXPIRED, expired, now)
    return True


def is_unpaid(order: Order) -> bool:
    """Whether the order is one that gets reminders and expires."""
    return order.state == OrderState.PLACED and order.payment_state == PaymentState.AWAITING_SLIP


def _to_be_reminded(now: datetime, ahead: timedelta) -> ColumnElement[bool]:
    here = now.astimezone(BANGKOK)
    day = here.date() if here.time() < _MORNING else here.date() + timedelta(days=1)
    morning = datetime.combine(day, _MORNING, BANGKOK).astimezone(UTC)
    due = Order.pay_before <= now + ahead
    morning_is_too_late = Order.pay_before < morning + _ENOUGH
    if not _MORNING <= here.time() < _EVENING:
        return due & morning_is_too_late
    if here.time() < _LAST_HOUR:
        return due
    return due | (morning_is_too_late & (Order.placed_at <= now - _ENOUGH))


def _next(session: Session, due: ColumnElement[bool]) -> Order | None:
    """The first unpaid order that is due, locked; orders that another process has in hand are passed over."""
    unpaid = (Order.state == OrderState.PLACED) & (Order.payment_state == PaymentState.AWAITING_SLIP)
    return session.scalar(
        select(Order)
        .where(unpaid, due)
        .order_by(Order.pay_before, Order.id)
        .limit(1)
        .with_for_update(of=Order, skip_locked=True)
        .execution_options(populate_existing=True)
    )
