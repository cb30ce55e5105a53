"""How an order is paid: by transfer, or on delivery where the shop offers that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from shop import catalogue, orders, payments, states
from shop.errors import BadInput, NotAllowed
from shop.models import Order
from shop.states import OrderState, PaymentState


def choose(session: Session, order_id: int, method: str, *, by: str, now: datetime) -> Order:
    """Have the order paid by "transfer" or on delivery ("cod"). The same choice again changes nothing.

    Raises BadInput("payment_method", "unknown" | "not_offered"), NotAllowed when a slip or money has come.
    """
    if method not in payments.METHODS:
        raise BadInput("payment_method", "unknown")
    order = states.lock(session, order_id)
    if method == order.payment_method:
        return order
    if method == payments.COD and not catalogue.the_shop(session).cash_on_delivery:
        raise BadInput("payment_method", "not_offered")
    if order.state != OrderState.PLACED or order.received:
        raise NotAllowed(order, f"pay by {method}")
    states.move_payment(session, order, f"choose_{method}", by=by, now=now)
    order.payment_method = method
    session.flush()
    return order


def methods(session: Session, order: Order) -> Sequence[str]:
    """How the order can be paid: as the shop offers while nothing was paid, then only as it is."""
    if not orders.nothing_was_paid(order):
        return (order.payment_method,)
    return payments.METHODS if catalogue.the_shop(session).cash_on_delivery else (payments.TRANSFER,)


def awaits_transfer(order: Order) -> bool:
    """Whether the customer is to transfer money now: no slip waits to be looked at, which could mean paying twice."""
    waits = (order.state, order.payment_state) == (OrderState.PLACED, PaymentState.AWAITING_SLIP)
    return waits and order.payment_method == payments.TRANSFER
