"""The fields of a form that puts goods together: how many of each variant, and more to add by a search.

A field is called by what it holds and the variant's id: `quantity-7` is typed, `seen-7` and `price-7` are what the page
showed when it was drawn.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanic import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from seller_console import access
from shop import catalogue, search
from shop.errors import BadInput
from shop.models import Variant

_FIELD = re.compile(r"(quantity|seen|price)-([0-9]{1,9})", re.ASCII)
_MOST_FOUND = 20
_LONGEST_WORDS = 100


@dataclass(frozen=True)
class Offer:
    """What could be added, and the variants of everything in the form, by id."""

    found: Sequence[Variant]
    variants: Mapping[int, Variant]


def typed(request: Request, kind: str = "quantity") -> dict[int, str]:
    """What the form says of each variant, by its id."""
    fields = ((_FIELD.fullmatch(name), values) for name, values in (request.form or {}).items())
    return {
        int(found[2]): str(values[0]).strip()[:9] for found, values in fields if found and found[1] == kind
    }


def drawn(request: Request, kind: str) -> dict[int, int]:
    """What the page had shown of each variant, by its id."""
    return {one: int(many) for one, many in typed(request, kind).items() if many.isdecimal()}


def quantities(given: Mapping[int, str]) -> dict[int, int]:
    """How many of each; an empty field is none. Raises BadInput("quantity", "range")."""
    if any(not (many or "0").isdecimal() for many in given.values()):
        raise BadInput("quantity", "range")
    return {one: int(many or 0) for one, many in given.items()}


def words(request: Request) -> str:
    """What is searched for."""
    return access.field(request, "words").strip()[:_LONGEST_WORDS]


def offer(session: Session, words: str, inside: Collection[int], given: Iterable[int]) -> Offer:
    """What the words find, or the first products, without what is `inside`; what was `given` before stays."""
    products = search.find(session, words) if words else catalogue.products_page(session).products
    offered = [variant for product in products for variant in product.offered]
    kept = session.scalars(select(Variant).where(Variant.id.in_({*inside, *given})).order_by(Variant.id))
    variants = {variant.id: variant for variant in kept}
    found = [variant for variant in offered if variant.id not in inside][:_MOST_FOUND]
    shown = {variant.id for variant in found}
    found += [variant for one, variant in variants.items() if one not in inside and one not in shown]
    return Offer(found, variants)
