"""The shop window, one product, and the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanic import HTTPResponse
from sqlalchemy.orm import Session

from shop import carts, catalogue, customers, search
from shop.errors import NotFound
from shop.models import Category, Product
from storefront.rendering import LANGUAGES
from storefront.visit import Refused, Visit, visited

_PAGE = 20
_LONGEST_SEARCH = 80


@dataclass(frozen=True)
class _Window:
    products: Sequence[Product]
    after: int | None
    categories: Sequence[Category]
    in_cart: int


@visited
async def window(visit: Visit) -> HTTPResponse:
    """Products: all, of a category, or those that were searched for."""
    words = visit.query("q").strip()[:_LONGEST_SEARCH]
    category = number(visit.query("category"))

    def read(session: Session) -> _Window:
        page = catalogue.products_page(
            session, category_id=category, after_id=number(visit.query("after")), limit=_PAGE
        )
        found = search.find(session, words) if words else page.products
        in_cart = sum(line.quantity for line in carts.lines(session, visit.customer.id))
        return _Window(found, None if words else page.after_id, catalogue.categories(session), in_cart)

    shown = await visit.store.database.read(read)
    return visit.page(
        "window.html", window=shown, words=words, category=category, added=visit.query("added") == "1"
    )


@visited
async def product(visit: Visit, product_id: str) -> HTTPResponse:
    """One product: pictures, options, how many."""
    return await product_page(visit, product_id)


async def product_page(
    visit: Visit,
    product_id: str,
    *,
    status: int = 200,
    said: str = "",
    values: Sequence[str] = (),
    **words: object,
) -> HTTPResponse:
    """The product's page; `said` names a sentence about what was tried with the option `values`."""

    def read(session: Session) -> tuple[Product, int]:
        found = catalogue.product_on_sale(session, number(product_id) or 0)
        return found, sum(line.quantity for line in carts.lines(session, visit.customer.id))

    found, in_cart = await visit.store.database.read(read)
    options = [
        (_option_name(found, place, visit.language), _values(found, place))
        for place in range(min(len(variant.values) for variant in found.offered))
    ]
    return visit.page(
        "product.html",
        status=status,
        product=found,
        options=options,
        chosen=list(values),
        said=said,
        words=words,
        in_cart=in_cart,
    )


@visited
async def language(visit: Visit) -> HTTPResponse:
    """Speak the other language, here and in the chat."""
    fields = await visit.form()
    if fields.get("language") not in LANGUAGES:
        raise Refused(403, "old_page")
    await visit.store.database.run(customers.speak, visit.customer.id, fields["language"])
    return visit.go(fields.get("next", "").lstrip("/").split("//")[0].replace("\\", ""))


def number(text: str) -> int | None:
    """The id in an address; None when there is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def variant_of(product: Product, values: Sequence[str]) -> int:
    """The id of the variant with these option values (Thai names, in order). Raises NotFound."""
    for variant in product.offered:
        if [value["th"] for value in variant.values] == list(values):
            return variant.id
    raise NotFound(f"no such variant of {product.id}")


def _option_name(product: Product, place: int, language: str) -> str:
    return product.options[place][language] if place < len(product.options) else ""


def _values(product: Product, place: int) -> list[dict[str, str]]:
    values = {variant.values[place]["th"]: variant.values[place] for variant in product.offered}
    return list(values.values())


ROUTES = (
    ("GET", "", window),
    ("GET", "products/<product_id:str>", product),
    ("POST", "language", language),
)
