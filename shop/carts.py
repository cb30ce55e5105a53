"""A customer's cart: put in, take out, look, clear. Prices and stock are those of the moment one looks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import catalogue
from shop.errors import BadInput, SoldOut
from shop.models import CartLine

#: More of one thing than any chat customer orders; a typed "1000000" is a slip of the thumb.
MOST_OF_ONE = 999


def lines(session: Session, customer_id: int) -> Sequence[CartLine]:
    """What is in the customer's cart, in the order it was put in."""
    return session.scalars(
        select(CartLine).where(CartLine.customer_id == customer_id).order_by(CartLine.id)
    ).all()


def total(cart: Sequence[CartLine]) -> int:
    """The sum of the cart at today's prices, in minor units, without shipping."""
    return sum(line.variant.price * line.quantity for line in cart)


def weight(cart: Sequence[CartLine]) -> int:
    """What the cart weighs, in grams."""
    return sum(line.variant.weight * line.quantity for line in cart)


def put(session: Session, customer_id: int, variant_id: int, quantity: int) -> Sequence[CartLine]:
    """Have `quantity` of the variant in the cart (not: so many more, so that a double tap changes nothing).

    Returns the whole cart. Raises NotFound, SoldOut when less is left, BadInput for a quantity out of range.
    """
    if not 1 <= quantity <= MOST_OF_ONE:
        raise BadInput("quantity", "range")
    variant = catalogue.variant_on_sale(session, variant_id)
    if variant.stock < quantity:
        raise SoldOut(variant)
    mine = (CartLine.customer_id == customer_id) & (CartLine.variant_id == variant_id)
    line = session.scalar(select(CartLine).where(mine))
    if line is None:
        session.add(CartLine(customer_id=customer_id, variant_id=variant_id, quantity=quantity))
    else:
        line.quantity = quantity
    session.flush()
    return lines(session, customer_id)


def clear(session: Session, customer_id: int) -> None:
    """Empty the customer's cart."""
    session.execute(delete(CartLine).where(CartLine.customer_id == customer_id))
