"""What the seller does with an order: accept, pack, ship, deliver, call off, take back. The customer is told what
concerns them.

Every step may be repeated (a double click, two sellers): the second time changes nothing. Each returns the order and
whether this call did it, and raises NotAllowed when the order's state does not permit it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import carriers, notices, orders, payments, states
from shop.errors import BadInput, NotAllowed
from shop.models import Order, Shipment
from shop.notices import NoticeKind
from shop.states import OrderState, PaymentState

#: What the seller can do next, by the order's state, in the order of the buttons.
_STEPS: dict[OrderState, tuple[str, ...]] = {
    OrderState.PLACED: ("call_off",),
    OrderState.CONFIRMED: ("pack", "ship"),
    OrderState.PACKED: ("ship", "unpack"),
    OrderState.SHIPPED: ("deliver", "ship"),
}
#: Why a parcel came back; "other" comes with the seller's own words.
CAME_BACK = ("not_collected", "refused", "wrong_address", "not_wanted", "other")
#: To be sent, and nothing was paid yet.
_UNPAID = (PaymentState.AWAITING_SLIP, PaymentState.PENDING, PaymentState.ON_DELIVERY)
_SENT = (OrderState.SHIPPED, OrderState.DELIVERED)


def steps(order: Order) -> tuple[str, ...]:
    """The names of the functions below that the seller can call now; "ship" of a shipped order corrects its number."""
    possible = _STEPS.get(OrderState(order.state), ())
    if order.payment_state == PaymentState.ON_DELIVERY:
        if order.state == OrderState.PLACED:
            return ("accept", *possible)
        if order.state in (OrderState.CONFIRMED, OrderState.PACKED):
            return (*possible, "call_off")
    if order.state in _SENT and not order.received:
        return (*possible, "come_back")
    return possible


def accept(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """Take on an order that is paid on delivery."""
    order = states.lock(session, order_id)
    if order.payment_state != PaymentState.ON_DELIVERY:
        raise NotAllowed(order, "accept")
    if order.state == OrderState.CONFIRMED:
        return order, False
    accepted = states.move_order(session, order, "accept_cod", by=by, now=now)
    notices.write(session, order, NoticeKind.ACCEPTED, accepted, now)
    return order, True


def pack(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The parcel is packed. The customer sees it under View orders, and is not written to."""
    order = states.lock(session, order_id)
    if order.state == OrderState.PACKED:
        return order, False
    states.move_order(session, order, "pack", by=by, now=now)
    return order, True


def unpack(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The parcel is not packed after all: a slip of the thumb. It has waited to be packed since it did before."""
    order = states.lock(session, order_id)
    if order.state == OrderState.CONFIRMED:
        return order, False
    states.move_order(session, order, "unpack", by=by, now=now)
    return order, True


def ship(
    session: Session, order_id: int, *, carrier: str, tracking: str, by: str, now: datetime
) -> tuple[Order, bool]:
    """The parcel is on its way with `carrier` (a key of shop.carriers or the seller's own word) and maybe `tracking`.

    Shipping an order that was not packed records both. Of a shipped order another carrier or number is a correction,
    and the customer is told again. Raises BadInput.
    """
    carrier, tracking = carriers.checked_carrier(carrier), carriers.checked_tracking(tracking)
    order = states.lock(session, order_id)
    shipment = session.scalar(select(Shipment).where(Shipment.order_id == order.id))
    if shipment is not None and (shipment.carrier, shipment.tracking) == (carrier, tracking):
        return order, False
    if order.state == OrderState.CONFIRMED:
        states.move_order(session, order, "pack", by=by, now=now)
    move = "correct_shipment" if order.state == OrderState.SHIPPED else "ship"
    shipped = states.move_order(session, order, move, by=by, now=now, reason=_said(carrier, tracking))
    if shipment is None:
        session.add(Shipment(order_id=order.id, carrier=carrier, tracking=tracking, shipped_at=now))
    else:
        shipment.carrier, shipment.tracking = carrier, tracking
    session.flush()
    session.expire(order, ["shipment"])
    notices.write(session, order, NoticeKind.SHIPPED, shipped, now)
    return order, True


def _said(carrier: str, tracking: str) -> str:
    return f"{carriers.name(carrier, 'en')} {tracking}".strip()


def deliver(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The parcel has arrived. What was to be paid on delivery has been paid and is entered in the ledger."""
    order = states.lock(session, order_id)
    if order.state == OrderState.DELIVERED:
        return order, False
    delivered = states.move_order(session, order, "deliver", by=by, now=now)
    if order.payment_state == PaymentState.ON_DELIVERY:
        payments.enter_outstanding(session, order, by=by, now=now)
    notices.write(session, order, NoticeKind.DELIVERED, delivered, now)
    return order, True


def call_off(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The shop cannot or will not sell: an order that was not paid is cancelled, its stock returns."""
    order = states.lock(session, order_id)
    if order.state == OrderState.CANCELLED:
        return order, False
    if order.payment_state not in _UNPAID or order.received:  # money that came has to be returned first
        raise NotAllowed(order, "call off")
    cancelled = orders.end(session, order, by=by, now=now)
    notices.write(session, order, NoticeKind.CANCELLED, cancelled, now)
    return order, True


def come_back(
    session: Session, order_id: int, reason: str, words: str = "", *, by: str, now: datetime
) -> tuple[Order, bool]:
    """The parcel is at the shop again: the order ends, its stock returns. Money that came has to be refunded first.

    `reason` is one of CAME_BACK; "other" needs `words`, up to 300 characters. The customer is not told the reason.
    Raises BadInput("reason", "unknown" | "missing" | "long").
    """
    words = payments.checked_reason(words, needed=reason == "other")
    if reason not in CAME_BACK:
        raise BadInput("reason", "unknown")
    order = states.lock(session, order_id)
    if order.state == OrderState.CANCELLED:
        return order, False
    if order.received:
        raise NotAllowed(order, "take back")
    returned = states.move_order(session, order, "come_back", by=by, now=now, reason=words or reason)
    orders.give_up(session, order, "came_back", now)
    notices.write(session, order, NoticeKind.CAME_BACK, returned, now)
    return order, True
