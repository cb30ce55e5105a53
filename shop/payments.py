"""Payments of an order: slips come in, a seller confirms. Nothing here sends a message (see notices)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import catalogue, notices, orders, states
from shop.errors import BadInput, ChooseOrder, NoOpenOrder, NotAllowed
from shop.models import Order, Payment, Slip, Transition
from shop.notices import NoticeKind
from shop.slips.picture import Picture
from shop.states import OrderState, PaymentState

TRANSFER, COD = METHODS = ("transfer", "cod")


def keep_slip(
    session: Session, customer_id: int, picture: Picture, key: str, *, cause: str, part: int, now: datetime
) -> Slip:
    """Record a stored picture (`key` in the media store) as a slip that belongs to no order yet.

    The same `cause` and `part` (event and place in it) give the same slip again.
    """
    kept = session.scalar(select(Slip).where(Slip.cause == cause, Slip.part == part))
    if kept is not None:
        return kept
    slip = Slip(
        cause=cause,
        part=part,
        customer_id=customer_id,
        picture=key,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        received_at=now,
    )
    session.add(slip)
    session.flush()
    return slip


def attach_slips(session: Session, customer_id: int, slip_ids: Sequence[int], *, now: datetime) -> Order:
    """Attach slips to the customer's one order that waits for payment; it is then pending.

    Slips that are attached already stay where they are, so the same event may come again.
    Raises NoOpenOrder, and ChooseOrder when several orders wait: then `attach_slips_to` the chosen one.
    """
    mine = _slips(session, customer_id, slip_ids)
    attached = next((slip.order_id for slip in mine if slip.order_id is not None), None)
    if attached is not None:
        return _attach(session, attached, mine, now)
    waiting = [order for order in orders.latest(session, customer_id, 50) if takes_slips(order)]
    unpaid = [order for order in waiting if order.payment_state == PaymentState.AWAITING_SLIP] or waiting[:1]
    if not unpaid:
        raise NoOpenOrder
    if len(unpaid) > 1:
        raise ChooseOrder(unpaid)
    return _attach(session, unpaid[0].id, mine, now)


def attach_if_clear(
    session: Session, customer_id: int, slip_ids: Sequence[int], *, now: datetime
) -> Order | None:
    """As `attach_slips`, while nobody can be asked: without the one order that waits, the slips stay loose."""
    try:
        return attach_slips(session, customer_id, slip_ids, now=now)
    except (NoOpenOrder, ChooseOrder):
        return None


def attach_loose_slips(session: Session, customer_id: int, number: str, *, now: datetime) -> Order:
    """Attach every slip of the customer that has no order yet to the order they chose.

    Raises NotFound for an order that is not theirs, NoOpenOrder when that order takes no slips or there are none.
    """
    order = orders.of_customer(session, customer_id, number)
    loose = session.scalars(
        select(Slip).where(Slip.customer_id == customer_id, Slip.order_id.is_(None))
    ).all()
    if not takes_slips(order) or not (loose or order.payment_state == PaymentState.PENDING):
        raise NoOpenOrder
    return _attach(session, order.id, loose, now)


def attach_slips_to(
    session: Session, customer_id: int, number: str, slip_ids: Sequence[int], *, now: datetime
) -> Order:
    """Attach just these slips to the customer's order they were sent for. Raises NotFound, and NoOpenOrder when that
    order takes no slips.
    """
    order = orders.of_customer(session, customer_id, number)
    return _attach(session, order.id, _slips(session, customer_id, slip_ids), now)


def confirm(session: Session, order_id: int, *, by: str, now: datetime) -> tuple[Order, bool]:
    """The seller has seen the money: enter what is outstanding, mark the order paid and confirmed, tell the customer.

    Returns the order and whether this call did it; a second "Yes", or a second seller, changes nothing.
    Raises NotAllowed when the order was cancelled or waits for another slip.
    """
    order = states.lock(session, order_id)
    if order.payment_state == PaymentState.PAID:
        return order, False
    states.move_order(session, order, "confirm", by=by, now=now)
    paid = enter_outstanding(session, order, by=by, now=now)
    notices.write(session, order, NoticeKind.PAID, paid, now)
    return order, True


def enter_outstanding(session: Session, order: Order, *, by: str, now: datetime) -> Transition:
    """The locked order's whole rest has been paid: enter it in the ledger. Raises NotAllowed."""
    paid = states.move_payment(session, order, "accept", by=by, now=now)
    session.add(Payment(order_id=order.id, amount=order.total - received(session, order.id), by=by, at=now))
    return paid


def choose_method(session: Session, order_id: int, method: str, *, by: str, now: datetime) -> Order:
    """Have the order paid by "transfer" or on delivery ("cod"). The same choice again changes nothing.

    Raises BadInput("payment_method", "unknown" | "not_offered"), NotAllowed when a slip or money has come.
    """
    if method not in METHODS:
        raise BadInput("payment_method", "unknown")
    order = states.lock(session, order_id)
    if method == order.payment_method:
        return order
    if method == COD and not catalogue.the_shop(session).cash_on_delivery:
        raise BadInput("payment_method", "not_offered")
    if order.state != OrderState.PLACED:
        raise NotAllowed(order, f"pay by {method}")
    states.move_payment(session, order, f"choose_{method}", by=by, now=now)
    order.payment_method = method
    session.flush()
    return order


def methods(session: Session, order: Order) -> Sequence[str]:
    """How the order can be paid: as the shop offers while nothing was paid, then only as it is."""
    if not orders.nothing_was_paid(order):
        return (order.payment_method,)
    return METHODS if catalogue.the_shop(session).cash_on_delivery else (TRANSFER,)


def received(session: Session, order_id: int) -> int:
    """The sum of the order's ledger, in minor units."""
    return (
        session.scalar(select(func.coalesce(func.sum(Payment.amount), 0)).where(Payment.order_id == order_id))
        or 0
    )


def _slips(session: Session, customer_id: int, slip_ids: Sequence[int]) -> Sequence[Slip]:
    return session.scalars(select(Slip).where(Slip.id.in_(slip_ids), Slip.customer_id == customer_id)).all()


def takes_slips(order: Order) -> bool:
    """Whether the order waits for a transfer's slip, or for the seller to look at one."""
    payable = order.payment_state in (PaymentState.AWAITING_SLIP, PaymentState.PENDING)
    return order.state == OrderState.PLACED and payable


def _attach(session: Session, order_id: int, slips: Sequence[Slip], now: datetime) -> Order:
    order = states.lock(session, order_id)
    new = [slip for slip in slips if slip.order_id is None]
    if new and not takes_slips(
        order
    ):  # it expired, or was cancelled or paid, since the customer's orders were read
        raise NoOpenOrder
    if new:
        states.move_payment(session, order, "attach_slip", by="customer", now=now)
    for slip in new:
        slip.order_id = order.id
    session.flush()
    return order
