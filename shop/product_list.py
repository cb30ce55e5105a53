"""The seller's list of products: hidden and sold-out ones too, filtered, searched, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from shop import inventory
from shop.catalogue import ProductsPage
from shop.models import Product, ProductGram, Shop, Variant
from shop.search_index import grams, plain

_MOST_GRAMS = 60


class Show(StrEnum):
    """Which products of the list; `ALL` but those that are archived."""

    ALL = ""
    HIDDEN = "hidden"
    SOLD_OUT = "sold_out"
    LOW = "low"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Wanted:
    """What the seller looks for. `category_id` 0 means those without a category."""

    words: str = ""
    category_id: int | None = None
    show: Show = Show.ALL


def page(session: Session, wanted: Wanted, *, after_id: int | None = None, limit: int = 50) -> ProductsPage:
    """At most `limit` products in the order customers see them. `after_id` is the last one of the page before."""
    query = select(Product).options(joinedload(Product.category))
    query = query.order_by(Product.position, Product.id).limit(limit + 1)
    query = query.where(*_conditions(session, wanted))
    last = session.get(Product, after_id) if after_id is not None else None
    if last is not None:
        query = query.where(tuple_(Product.position, Product.id) > tuple_(last.position, last.id))
    found = session.scalars(query).all()
    return ProductsPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [Product.archived == (wanted.show == Show.ARCHIVED)]
    if wanted.category_id is not None:
        found.append(Product.category_id == (wanted.category_id or None))
    if wanted.words.strip():
        found.append(_holds(wanted.words))
    seen = Product.variants.any(Variant.active)
    match wanted.show:
        case Show.HIDDEN:
            found.append(~(Product.active & seen))
        case Show.SOLD_OUT:
            found.append(Product.active & seen & ~Product.variants.any(Variant.active & (Variant.stock > 0)))
        case Show.LOW:
            below = session.scalar(select(Shop.low_stock)) or 0
            found.append(Product.active & Product.variants.any(Variant.active & inventory.is_low(below)))
        case _:
            pass
    return found


def _holds(words: str) -> ColumnElement[bool]:
    """Whether the names, options or SKUs of the product have all letters of each word, two or three in a row.

    Of one letter nothing can be said, so it finds nothing.
    """
    parts = [plain(word) for word in re.split(r"\s+", words)]
    wanted = {gram for part in parts if len(part) > 1 for gram in grams(part, min(len(part), 3))}
    looked_up = sorted(wanted)[:_MOST_GRAMS]
    holders = (
        select(ProductGram.product_id)
        .where(ProductGram.gram.in_(looked_up))
        .group_by(ProductGram.product_id)
        .having(func.count() == len(looked_up))
    )
    return Product.id.in_(holders)
