"""What the seller does with an order: accept, pack, ship, deliver, call off, take back, undo a slip of the thumb. The
customer is told what concerns them.

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
    OrderState.SHIPPED: ("deliver", "ship", "come_back"),
    OrderState.DELIVERED: ("come_back",),
}
#: Why a parcel came back; "other" comes with the seller's own words.
CAME_BACK = ("not_collected", "refused", "wrong_address", "not_wanted", "other")
#: To be sent, and nothing was paid yet.
_UNPAID = (PaymentState.AWAITING_SLIP, PaymentState.PENDING, PaymentState.ON_DELIVERY)
#: To be packed and sent, whoever is paid when.
_TO_SEND = (PaymentState.PAID, PaymentState.ON_DELIVERY)


def steps(order: Order) -> tuple[str, ...]:
    """The names of the functions below that the seller can call now; "ship" of a shipped order corrects its number."""
    possible = _STEPS.get(OrderState(order.state), ())
    if order.payment_state == PaymentState.ON_DELIVERY:
        if order.state == OrderState.PLACED:
            return ("accept", *possible)
        if order.state in (OrderState.CONFIRMED, OrderState.PACKED):
            return (*possible, "call_off")
    if order.state == OrderState.SHIPPED and order.payment_state in _TO_SEND:
        return (*possible, "unship")
    if order.state == OrderState.DELIVERED and not _was_returned(order):
        return (*possible, "undeliver")
    return possible


def _was_returned(order: Order) -> bool:
    """Whether some of what was paid on delivery went back, so that nobody can say any more that it never came."""
    settled = order.payment_state in (PaymentState.PAID, PaymentState.REFUNDED)
    return order.payment_method == payments.COD and settled and order.received < order.total


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


def unship(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The parcel is not on its way after all: it is packed, and has no carrier or number any more.

    Whoever was told that it is on its way is told that it is not. Raises NotAllowed also when the order is not paid any
    more, as none such is packed.
    """
    order = states.lock(session, order_id)
    if order.state == OrderState.PACKED:
        return order, False
    shipment = session.scalar(select(Shipment).where(Shipment.order_id == order.id))
    if shipment is None or order.payment_state not in _TO_SEND:
        raise NotAllowed(order, "unship")
    was = _said(shipment.carrier, shipment.tracking)
    unshipped = states.move_order(session, order, "unship", by=by, now=now, reason=was)
    session.delete(shipment)
    session.flush()
    session.expire(order, ["shipment"])
    notices.take_back(session, order, NoticeKind.SHIPPED, NoticeKind.NOT_SHIPPED, unshipped, now)
    return order, True


def undeliver(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The parcel has not arrived after all: it is on its way, and what was entered as paid on delivery is taken back.

    Whoever was told that it has arrived is told that it has not. Raises NotAllowed also when that money was returned.
    """
    order = states.lock(session, order_id)
    if order.state == OrderState.SHIPPED:
        return order, False
    undelivered = states.move_order(session, order, "undeliver", by=by, now=now)
    payments.take_back_outstanding(session, order, by=by, now=now)
    notices.take_back(session, order, NoticeKind.DELIVERED, NoticeKind.NOT_DELIVERED, undelivered, now)
    return order, True


def call_off(
    session: Session, order_id: int, *, by: str, now: datetime, put_back: bool = True
) -> tuple[Order, bool]:
    """The shop cannot or will not sell: an order that was not paid is cancelled, its stock returns if `put_back`."""
    order = states.lock(session, order_id)
    if order.state == OrderState.CANCELLED:
        return order, False
    if order.payment_state not in _UNPAID or order.received:  # money that came has to be returned first
        raise NotAllowed(order, "call off")
    cancelled = orders.end(session, order, by=by, now=now, put_back=put_back)
    notices.write(session, order, NoticeKind.CANCELLED, cancelled, now)
    return order, True


def come_back(
    session: Session,
    order_id: int,
    reason: str,
    words: str = "",
    *,
    by: str,
    now: datetime,
    put_back: bool = True,
) -> tuple[Order, bool]:
    """The parcel is at the shop again: the order ends, its stock returns if `put_back`.

    Money that came stays in the ledger, and the order needs a person until it is refunded or kept (shop.payments).
    `reason` is one of CAME_BACK; "other" needs `words`, up to 300 characters. The customer is not told the reason.
    Raises BadInput("reason", "unknown" | "missing" | "long").
    """
    words = payments.checked_reason(words, needed=reason == "other")
    if reason not in CAME_BACK:
        raise BadInput("reason", "unknown")
    order = states.lock(session, order_id)
    if order.state == OrderState.CANCELLED:
        return order, False
    returned = states.move_order(session, order, "come_back", by=by, now=now, reason=words or reason)
    orders.give_up(session, order, "came_back", by=by, now=now, put_back=put_back)
    notices.write(session, order, NoticeKind.CAME_BACK, returned, now)
    return order, True
