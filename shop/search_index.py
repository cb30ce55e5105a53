"""The letters by which products are found: every two and three in a row of their names, options and SKUs.

Thai puts no spaces between words, so parts of words are what can be looked up. The index follows by itself whatever
is flushed; `shop.search` reads it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, event, insert, select
from sqlalchemy.orm import Session, attributes

from shop.models import Product, ProductGram, Variant

_AT_ONCE = 500


def plain(text: str) -> str:
    """Letters, their marks and digits only, so that "T-Shirt" and "t shirt" are the same."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def grams(text: str, length: int) -> set[str]:
    """Every `length` characters in a row of `text`, which is plain."""
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def write(connection: Connection, product_ids: Sequence[int]) -> None:
    """Write these products' part of the index anew, from what the database holds of them."""
    for start in range(0, len(product_ids), _AT_ONCE):
        some = product_ids[start : start + _AT_ONCE]
        connection.execute(delete(ProductGram).where(ProductGram.product_id.in_(some)))
        rows = [
            {"gram": gram, "product_id": product_id}
            for product_id, words in _words(connection, some).items()
            for gram in {gram for word in words for length in (2, 3) for gram in grams(plain(word), length)}
        ]
        if rows:
            connection.execute(insert(ProductGram), rows)


def _words(connection: Connection, product_ids: Sequence[int]) -> dict[int, list[str]]:
    named = select(Product.id, Product.name_th, Product.name_en).where(Product.id.in_(product_ids))
    words = {product_id: [thai, english] for product_id, thai, english in connection.execute(named)}
    optioned = select(Variant.product_id, Variant.sku, Variant.values)
    for product_id, sku, values in connection.execute(optioned.where(Variant.product_id.in_(product_ids))):
        words[product_id] += [sku, *(name for value in values for name in value.values())]
    return words


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    changed = {*_renamed(session.new), *_renamed(session.dirty)}
    if changed:
        write(session.connection(), sorted(changed))


def _renamed(rows: Iterable[Any]) -> Iterable[int]:
    for row in rows:
        if isinstance(row, Product) and _changed(row, "name_th", "name_en"):
            yield row.id
        elif isinstance(row, Variant) and _changed(row, "sku", "values"):
            yield row.product_id


def _changed(row: Product | Variant, *columns: str) -> bool:
    return any(attributes.get_history(row, column).has_changes() for column in columns)
