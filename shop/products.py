"""Products as the seller keeps them: made, changed, put in order, archived, deleted. Their variants are in
`shop.variants`, their options in `shop.options`, their pictures in `shop.product_pictures`; customers see them by
`shop.catalogue`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop import audit, catalogue, categories, options, product_pictures, variants
from shop.errors import WasOrdered
from shop.fields import Fields
from shop.models import CartLine, OrderLine, Product, ProductGram, StockChange, Variant

MOST_LETTERS = 80
MOST_DESCRIPTION = 2000
#: The fields of the details' form that say what a product is; `category` is an id, `new_category` a name.
DETAILS = (
    "name_th", "name_en", "description_th", "description_en", "category", "new_category", "hidden",
)  # fmt: skip

#: Orders with a product are counted no further; an order may hold several lines of it.
COUNTED = 1000
_LINES = 3 * COUNTED

_SAYS_WHAT_IT_IS = re.compile("|".join([*DETAILS, "price", "stock", "sku", "weight", "option-"]))


def create(session: Session, typed: Mapping[str, str], *, by: str, now: datetime) -> Product:
    """A new product from a form: DETAILS, `price`, `stock`, `sku`, `weight`, options, and `once`, new for each form.

    It stands before all others. With options each combination has the price, the stock and the weight; the SKU is the
    beginning of theirs. Sent again as it was it is the product made before. Raises BadFields (again: the form of this
    `once` made a product before, of which something else was said).
    """
    fields = Fields(typed)
    once = fields.text("once", 40, required=True)
    about_it = sorted((name, text) for name, text in typed.items() if text and _SAYS_WHAT_IT_IS.match(name))
    said = hashlib.sha256(repr(about_it).encode(errors="replace")).hexdigest()
    cause = f"{once} {said[:32]}"
    made = session.scalar(select(Product).where(Product.cause == cause))
    if made is not None:
        return made
    if session.scalar(
        select(Product.id).where(Product.cause.startswith(f"{once} ", autoescape=True)).limit(1)
    ):
        fields.refuse("name_th", "again")
    product = Product(
        cause=cause, position=_end(session, func.min) - 1, options=[], pictures=[], archived=False
    )
    _details(session, product, fields)
    wanted = options.typed(product, fields)
    product.options = [option.names for option in wanted]
    currency = catalogue.the_shop(session).currency
    first = variants.typed_first(session, fields, currency)
    fields.check()
    session.add(product)
    session.flush()
    variants.make_all(session, product, options.combine(wanted), first, by=by, now=now)
    audit.note(session, product=product.id, name=product.name("th"))
    return product


def change(session: Session, product_id: int, typed: Mapping[str, str]) -> Product:
    """Change the product's DETAILS. Raises NotFound, BadFields; then nothing is changed."""
    product = catalogue.any_product(session, product_id)
    before = _said(product)
    fields = Fields(typed)
    _details(session, product, fields)
    fields.check()
    session.flush()
    after = _said(product)
    audit.note(
        session, **{name: [before[name], after[name]] for name in after if before[name] != after[name]}
    )
    return product


def move(session: Session, product_id: int, *, to_the_front: bool) -> None:
    """Have customers see the product before, or after, all others. Raises NotFound."""
    product = catalogue.any_product(session, product_id)
    product.position = _end(session, func.min) - 1 if to_the_front else _end(session, func.max) + 1


def archive(session: Session, product_id: int) -> None:
    """Take the product out of the shop and the seller's list; orders that hold it stay as they are. Raises NotFound."""
    product = catalogue.any_product(session, product_id)
    product.archived, product.active = True, False


def restore(session: Session, product_id: int) -> None:
    """Bring an archived product back into the seller's list; customers see it once it is shown. Raises NotFound."""
    catalogue.any_product(session, product_id).archived = False


def orders_with(session: Session, product_id: int) -> int:
    """How many orders hold the product: COUNTED for that many or more, counted in no more lines than _LINES."""
    some = select(OrderLine.order_id).join(Variant).where(Variant.product_id == product_id).limit(_LINES)
    return min(COUNTED, len(set(session.scalars(some))))


def remove(session: Session, product_id: int, *, now: datetime) -> None:
    """Delete a product that nobody has ordered, and its pictures; a second time changes nothing. Raises WasOrdered."""
    product = session.get(Product, product_id)
    if product is None:
        return
    ordered = orders_with(session, product_id)
    if ordered:
        raise WasOrdered(ordered)
    audit.note(session, name=product.name("th"))
    mine = select(Variant.id).where(Variant.product_id == product_id)
    session.execute(delete(CartLine).where(CartLine.variant_id.in_(mine)))
    for picture in list(product.pictures):
        product_pictures.remove(session, product, picture.id, now=now)
    session.execute(delete(StockChange).where(StockChange.variant_id.in_(mine)))
    session.execute(delete(Variant).where(Variant.product_id == product_id))
    session.execute(delete(ProductGram).where(ProductGram.product_id == product_id))
    session.execute(delete(Product).where(Product.id == product_id))


def _details(session: Session, product: Product, fields: Fields) -> None:
    product.name_th = fields.text("name_th", MOST_LETTERS)
    product.name_en = fields.text("name_en", MOST_LETTERS)
    if not (product.name_th or product.name_en):
        fields.refuse("name_th", "missing")
    product.description_th = fields.lines("description_th", MOST_DESCRIPTION)
    product.description_en = fields.lines("description_en", MOST_DESCRIPTION)
    product.active = not fields.ticked("hidden") and not product.archived
    thai, _, english = fields.text("new_category", 2 * categories.MOST_LETTERS + 3).partition("/")
    if thai.strip() or english.strip():
        for name in (thai, english):
            if len(name.strip()) > categories.MOST_LETTERS:
                fields.refuse("new_category", "long")
        if not fields.wrong:
            product.category_id = categories.named(session, thai.strip(), english.strip()).id
    else:
        known = {str(category.id): category.id for category in categories.all_of_them(session)}
        product.category_id = known.get(fields.one_of("category", {*known, ""}))


def _said(product: Product) -> dict[str, object]:
    names = ("name_th", "name_en", "description_th", "description_en", "category_id", "active")
    return {name: getattr(product, name) for name in names}


def _end(session: Session, end: Callable[..., Any]) -> int:
    return session.scalar(select(end(Product.position))) or 0
