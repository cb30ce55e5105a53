"""What it costs to send an order: each method's rates by weight, subtotal and province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import ShippingMethod, ShippingRate


@dataclass(frozen=True)
class Quote:
    """A method and what it would cost, in minor units."""

    method: ShippingMethod
    fee: int


def quotes(session: Session, *, subtotal: int, weight: int, province: str | None) -> Sequence[Quote]:
    """The methods that send so many grams to the province (its Thai name; None: not known yet), in the seller's order.

    `subtotal` in minor units. A method without a fitting rate does not send there and is left out.
    """
    fees = ((method, _fee(method, subtotal, weight, province)) for method in methods(session))
    return [Quote(method, fee) for method, fee in fees if fee is not None]


def methods(session: Session) -> Sequence[ShippingMethod]:
    """The ways to send that the shop offers, in the seller's order."""
    offered = select(ShippingMethod).where(ShippingMethod.active)
    return session.scalars(offered.order_by(ShippingMethod.position, ShippingMethod.id)).all()


def _fee(method: ShippingMethod, subtotal: int, weight: int, province: str | None) -> int | None:
    fitting = [
        rate
        for rate in method.rates
        if rate.from_weight <= weight
        and rate.from_subtotal <= subtotal
        and (not rate.provinces or province in rate.provinces)
    ]
    if not fitting:
        return None
    if method.free_from is not None and subtotal >= method.free_from:
        return 0
    return max(fitting, key=_closeness).fee


def _closeness(rate: ShippingRate) -> tuple[bool, int, int]:
    """A rate for the province before one for all; then the one that begins nearest to the weight, and to the sum."""
    return bool(rate.provinces), rate.from_weight, rate.from_subtotal
