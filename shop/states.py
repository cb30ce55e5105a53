"""The states of an order and of its payment, and their moves: the only place that changes one.

What a transition causes elsewhere (stock, notices) is with the use case that makes it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotAllowed, NotFound
from shop.models import Order, Transition


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PaymentState(StrEnum):
    """Where an order's payment stands."""

    AWAITING_SLIP = "awaiting_slip"
    PENDING = "pending"
    PAID = "paid"
    REJECTED = "rejected"
    REFUNDED = "refunded"
    #: To be paid to whoever brings the parcel.
    ON_DELIVERY = "on_delivery"


#: Where an order is not over yet.
OPEN = (OrderState.PLACED, OrderState.CONFIRMED, OrderState.PACKED, OrderState.SHIPPED)
#: (move, state before) → state after. What money does to a payment is not here: it follows from the ledger.
ORDER_MOVES: dict[tuple[str, OrderState], OrderState] = {
    ("confirm", OrderState.PLACED): OrderState.CONFIRMED,
    ("accept_cod", OrderState.PLACED): OrderState.CONFIRMED,
    ("pack", OrderState.CONFIRMED): OrderState.PACKED,
    ("unpack", OrderState.PACKED): OrderState.CONFIRMED,
    ("ship", OrderState.PACKED): OrderState.SHIPPED,
    ("correct_shipment", OrderState.SHIPPED): OrderState.SHIPPED,
    ("unship", OrderState.SHIPPED): OrderState.PACKED,
    ("deliver", OrderState.SHIPPED): OrderState.DELIVERED,
    ("undeliver", OrderState.DELIVERED): OrderState.SHIPPED,
    ("come_back", OrderState.SHIPPED): OrderState.CANCELLED,
    ("come_back", OrderState.DELIVERED): OrderState.CANCELLED,
    ("cancel", OrderState.PLACED): OrderState.CANCELLED,
    ("cancel", OrderState.CONFIRMED): OrderState.CANCELLED,
    ("cancel", OrderState.PACKED): OrderState.CANCELLED,
    ("expire", OrderState.PLACED): OrderState.EXPIRED,
    ("discount", OrderState.PLACED): OrderState.PLACED,
    ("edit_lines", OrderState.PLACED): OrderState.PLACED,
    ("unconfirm", OrderState.CONFIRMED): OrderState.PLACED,
    ("unconfirm", OrderState.PACKED): OrderState.PLACED,
    ("refund", OrderState.PLACED): OrderState.CANCELLED,
    ("refund", OrderState.CONFIRMED): OrderState.CANCELLED,
    ("refund", OrderState.PACKED): OrderState.CANCELLED,
}
PAYMENT_MOVES: dict[tuple[str, PaymentState], PaymentState] = {
    ("attach_slip", PaymentState.AWAITING_SLIP): PaymentState.PENDING,
    ("attach_slip", PaymentState.PENDING): PaymentState.PENDING,
    ("remind", PaymentState.AWAITING_SLIP): PaymentState.AWAITING_SLIP,
    ("reject", PaymentState.PENDING): PaymentState.REJECTED,
    ("reject_one", PaymentState.PENDING): PaymentState.PENDING,
    ("ask_again", PaymentState.REJECTED): PaymentState.AWAITING_SLIP,
    ("look_again", PaymentState.AWAITING_SLIP): PaymentState.PENDING,
    ("look_again", PaymentState.PENDING): PaymentState.PENDING,
    ("choose_cod", PaymentState.AWAITING_SLIP): PaymentState.ON_DELIVERY,
    ("choose_transfer", PaymentState.ON_DELIVERY): PaymentState.AWAITING_SLIP,
}


def lock(session: Session, order_id: int) -> Order:
    """The order, held against other writers until the transaction ends, as it is now.

    Raises NotFound.
    """
    order = session.scalar(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise NotFound(f"order {order_id}")
    return order


def move_order(
    session: Session, order: Order, move: str, *, by: str, now: datetime, reason: str = ""
) -> Transition:
    """Make the named move of the order's state and record it. `order` must be locked. Raises NotAllowed."""
    after = ORDER_MOVES.get((move, OrderState(order.state)))
    if after is None:
        raise NotAllowed(order, move)
    before, order.state = order.state, after
    if after == OrderState.CONFIRMED and before == OrderState.PLACED:
        order.confirmed_at = now
    elif after == OrderState.PLACED:
        order.confirmed_at = None
    return _record(session, order, "order", move, before, after, by=by, now=now, reason=reason)


def move_payment(
    session: Session, order: Order, move: str, *, by: str, now: datetime, reason: str = ""
) -> Transition:
    """Make the named move of the payment's state and record it. `order` must be locked. Raises NotAllowed."""
    after = PAYMENT_MOVES.get((move, PaymentState(order.payment_state)))
    if after is None:
        raise NotAllowed(order, move)
    before, order.payment_state = order.payment_state, after
    return _record(session, order, "payment", move, before, after, by=by, now=now, reason=reason)


def settle_payment(
    session: Session,
    order: Order,
    move: str,
    after: PaymentState,
    *,
    by: str,
    now: datetime,
    reason: str = "",
) -> Transition:
    """The ledger of the locked order has changed: record the state that follows from it (shop.payments)."""
    before, order.payment_state = order.payment_state, after
    return _record(session, order, "payment", move, before, after, by=by, now=now, reason=reason)


def record_placed(session: Session, order: Order, *, by: str, now: datetime) -> Transition:
    """Record that the order came into being; the first line of its history."""
    return _record(session, order, "order", "place", "", order.state, by=by, now=now, reason="")


def _record(
    session: Session,
    order: Order,
    of: str,
    move: str,
    before: str,
    after: str,
    *,
    by: str,
    now: datetime,
    reason: str,
) -> Transition:
    transition = Transition(
        order_id=order.id, of=of, move=move, before=before, after=after, by=by, at=now, reason=reason
    )
    session.add(transition)
    session.flush()
    return transition
