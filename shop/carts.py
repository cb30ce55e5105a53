"""A customer's cart: put in, take out, look, clear. Prices and stock are those of the moment one looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop import catalogue
from shop.errors import BadInput, SoldOut
from shop.models import CartLine

#: More of one thing than any chat customer orders; a typed "1000000" is a slip of the thumb.
MOST_OF_ONE = 999


class ChangeKind(StrEnum):
    """What has happened to something in a cart since its customer last looked."""

    GONE = "gone"
    FEWER = "fewer"
    PRICE = "price"


@dataclass(frozen=True)
class Change:
    """`names` of the variant by language ("th", "en"), how many are `left`, its `price` now in minor units."""

    kind: ChangeKind
    names: Mapping[str, str]
    left: int
    price: int


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
    line = _line(session, customer_id, variant_id)
    if line is None:
        line = CartLine(customer_id=customer_id, variant_id=variant_id)
        session.add(line)
    line.quantity, line.price = quantity, variant.price
    session.flush()
    return lines(session, customer_id)


def remove(session: Session, customer_id: int, variant_id: int) -> Sequence[CartLine]:
    """Have none of the variant in the cart. Returns the whole cart."""
    line = _line(session, customer_id, variant_id)
    if line is not None:
        session.delete(line)
        session.flush()
    return lines(session, customer_id)


def clear(session: Session, customer_id: int) -> None:
    """Empty the customer's cart."""
    session.execute(delete(CartLine).where(CartLine.customer_id == customer_id))


def review(session: Session, customer_id: int) -> list[Change]:
    """Bring the cart to what can be had now, and say what that changed since the customer last looked."""
    changes = []
    for line in lines(session, customer_id):
        found = _changes_of(line)
        changes += found
        if any(change.kind == ChangeKind.GONE for change in found):
            session.delete(line)
            continue
        line.quantity = min(line.quantity, line.variant.stock)
        line.price = line.variant.price
    session.flush()
    return changes


def has_changed(cart: Sequence[CartLine]) -> bool:
    """Whether the customer was told other prices than those of today, or something is offered no longer."""
    return any(line.price != line.variant.price or not catalogue.on_sale(line.variant) for line in cart)


def _changes_of(line: CartLine) -> list[Change]:
    variant = line.variant
    names = {language: variant.name(language) for language in ("th", "en")}
    if not catalogue.on_sale(variant) or variant.stock == 0:
        return [Change(ChangeKind.GONE, names, 0, variant.price)]
    kinds = [ChangeKind.FEWER] if variant.stock < line.quantity else []
    kinds += [ChangeKind.PRICE] if variant.price != line.price else []
    return [Change(kind, names, variant.stock, variant.price) for kind in kinds]


def _line(session: Session, customer_id: int, variant_id: int) -> CartLine | None:
    mine = (CartLine.customer_id == customer_id) & (CartLine.variant_id == variant_id)
    return session.scalar(select(CartLine).where(mine))
