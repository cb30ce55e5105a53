"""What is in an order, changed by a seller before anything was paid: other quantities, less, or something more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from shop import audit, catalogue, notices, orders, payments, states, stock
from shop.carts import MOST_OF_ONE
from shop.errors import BadInput, LinesMoved, NotAllowed
from shop.models import Order, Variant
from shop.notices import NoticeKind
from shop.states import OrderState, PaymentState

_LONGEST_REASON = 300


def can_edit(order: Order) -> bool:
    """Whether what is in the order may still change: nobody has taken it on, and no money has come."""
    unpaid = order.payment_state not in (PaymentState.PAID, PaymentState.REFUNDED)
    return order.state == OrderState.PLACED and unpaid and not order.received


def contents(order: Order) -> dict[int, int]:
    """How many of which variant are in the order, by the variant's id."""
    return {line.variant_id: line.quantity for line in order.lines}


def edit(
    session: Session,
    order_id: int,
    wanted: Mapping[int, int],
    *,
    by: str,
    now: datetime,
    seen: Mapping[int, int] | None = None,
) -> tuple[Order, bool]:
    """Have just `wanted` in the order (variant id → how many; 0: none); its customer gets the new bill.

    What was in it keeps its price, what is added has today's. Stock is taken and given back, the way to send and its
    fee are chosen anew, and the customer has the whole time to pay again. `seen` is what the seller looked at.

    Returns the order and whether this call did it. Raises NotAllowed once money has come or the order is under way,
    LinesMoved when somebody else changed it meanwhile, SoldOut, NotFound for what is not on sale, BadInput("quantity",
    "range"), BadInput("lines", "empty"), BadInput("discount", "range") when it would leave nothing to pay, and
    BadInput("address", "not_shipped") when nothing sends that much there.
    """
    order = states.lock(session, order_id)
    before = contents(order)
    after = checked(wanted)
    if after == before:
        return order, False
    if not can_edit(order):
        raise NotAllowed(order, "edit")
    if seen is not None and dict(seen) != before:
        raise LinesMoved(order)
    changes = {one: after.get(one, 0) - before.get(one, 0) for one in {*before, *after}}
    said = _said(session, before, {one: after.get(one, 0) for one, change in changes.items() if change})
    stock.change(session, order, {one: -change for one, change in changes.items() if change}, "edited", now)
    _set_lines(session, order, after)
    _reckon(session, order)
    edited = states.move_order(session, order, "edit_lines", by=by, now=now, reason=said)
    payments.wait_again(session, order, now)
    audit.note(session, lines=said)
    notices.write(session, order, NoticeKind.BILL_CHANGED, edited, now)
    return order, True


def checked(wanted: Mapping[int, int]) -> dict[int, int]:
    """What of it an order would have in it. Raises BadInput("quantity", "range"), BadInput("lines", "empty")."""
    if any(not 0 <= quantity <= MOST_OF_ONE for quantity in wanted.values()):
        raise BadInput("quantity", "range")
    after = {variant_id: quantity for variant_id, quantity in wanted.items() if quantity}
    if not after:
        raise BadInput("lines", "empty")
    return after


def _set_lines(session: Session, order: Order, after: Mapping[int, int]) -> None:
    for line in list(order.lines):
        if line.variant_id in after:
            line.quantity = after[line.variant_id]
        else:
            order.lines.remove(line)
    for variant_id in sorted(after.keys() - contents(order).keys()):
        order.lines.append(orders.line_of(catalogue.variant_on_sale(session, variant_id), after[variant_id]))
    session.flush()


def _reckon(session: Session, order: Order) -> None:
    """What the lines come to, and with it the way to send and its fee."""
    order.subtotal = sum(line.unit_price * line.quantity for line in order.lines)
    orders.ship_anew(session, order)
    if order.total <= 0:
        raise BadInput("discount", "range")
    session.flush()


def _said(session: Session, before: Mapping[int, int], after: Mapping[int, int]) -> str:
    """What changed, for the history, by SKU: they are the same in each language and stay when a product is renamed."""
    variants = ((session.get(Variant, one), before.get(one, 0), many) for one, many in sorted(after.items()))
    parts = [f"{variant.sku}: {few} → {many}" for variant, few, many in variants if variant]
    said = ", ".join(parts)
    return said if len(said) <= _LONGEST_REASON else said[: _LONGEST_REASON - 1] + "…"
