"""An order that somebody of the shop makes for a customer: their cart as it is, or as they have agreed in the chat.

Stock, prices and ways to send are those of every order. The customer gets the bill in the chat, and the bot goes on
from there: it asks for the address if that is missing, says how to pay, and takes the slip.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shop import (
    addresses,
    audit,
    carts,
    catalogue,
    customers,
    handoff,
    notices,
    once,
    order_lines,
    orders,
    payments,
    ways_to_pay,
)
from shop.errors import BadInput, CartMoved, NotReachable, OtherPrices
from shop.models import Order, Variant
from shop.notices import NoticeKind


@dataclass(frozen=True)
class Where:
    """Where to send it, as it was typed; `ship_by` is the id of a way to send, None for the first that does."""

    recipient: str
    phone: str
    address: str
    ship_by: int | None = None


@dataclass(frozen=True)
class Wish:
    """What to order: so many of each variant, by its id. `prices` (minor units) and `cart` are what its maker saw."""

    lines: Mapping[int, int]
    prices: Mapping[int, int]
    cart: Mapping[int, int]
    where: Where | None = None
    pay_by: str = payments.TRANSFER


def in_cart(session: Session, customer_id: int) -> dict[int, int]:
    """How many of which variant are in the customer's cart, by the variant's id."""
    return {line.variant_id: line.quantity for line in carts.lines(session, customer_id)}


def make(
    session: Session, customer_id: int, wish: Wish, *, form: str, by: str, now: datetime
) -> tuple[Order, bool]:
    """Make the order, empty the cart, give the chat back to the bot and have it tell the customer.

    `form` names the form on the page, so that a double click makes one order; `by` is the seller's email. Without
    `wish.where` the bot asks the customer for it. Returns the order and whether this call made it. Raises NotFound for
    what is not on sale, SoldOut, CartMoved, OtherPrices, NotReachable for a customer who was erased, and BadInput for
    a quantity, for nothing at all ("lines", "empty"), for what is wrong with the address, or the way to pay, and for a
    form without a name, whose double click nobody could tell from the next order ("form", "missing").
    """
    if not form:
        raise BadInput("form", "missing")
    lines = order_lines.checked(wish.lines)
    customer = customers.lock(session, customer_id)
    cause = f"seller:{customer.id}:{once.named(form)}"
    made = orders.placed_by(session, cause)
    if made is not None:
        return made, False
    if customer.erased_at is not None:
        raise NotReachable(customer)
    if in_cart(session, customer_id) != dict(wish.cart):
        raise CartMoved
    order, placed = orders.enter(
        session, customer, _goods(session, lines, wish.prices), cause=cause, by=by, now=now
    )
    ways_to_pay.choose(session, order.id, wish.pay_by, by=by, now=now)
    if wish.where is not None:
        _send_to(session, order, wish.where)
    handoff.hand_back(session, customer_id)
    audit.note(session, order=order.number)
    notices.write(session, order, NoticeKind.PLACED, placed, now)
    return order, True


def _goods(session: Session, lines: Mapping[int, int], prices: Mapping[int, int]) -> dict[Variant, int]:
    goods = {catalogue.variant_on_sale(session, one): many for one, many in lines.items()}
    if any(variant.price != prices.get(variant.id, variant.price) for variant in goods):
        raise OtherPrices
    return goods


def _send_to(session: Session, order: Order, where: Where) -> None:
    found = addresses.read(" ".join(where.address.split()))
    orders.set_delivery(
        session,
        order.id,
        recipient=where.recipient,
        phone=where.phone,
        address=found.text,
        province=found.province,
        postal_code=found.postal_code,
        shipping_method_id=where.ship_by,
    )
