"""One product: its details, options and variants, its place in the shop, and how it leaves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.changes import change
from seller_console.rendering import page
from shop import catalogue, categories, inventory, options, products, variants
from shop.db import utc_now
from shop.errors import BadFields, WasOrdered
from shop.models import Category, Product, Shop
from shop.roles import May

pages = Blueprint("product", url_prefix="/products/<product_id:row>")
#: A hundred variants with all their cells.
_TABLE = 256 * 1024
_SAID = ("saved", "created", "created_without", "pictures", "options", "moved", "archived", "restored")


@dataclass(frozen=True)
class _Seen:
    product: Product
    categories: Sequence[Category]
    shop: Shop
    orders: int


@dataclass(frozen=True)
class _Refused:
    """A form that could not be used (`details`, `options`, `variants`): what was typed, and what is wrong by field."""

    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


@pages.get("/", ctx_may=May.KEEP_PRODUCTS)
async def show(request: Request, product_id: int) -> HTTPResponse:
    """The product's page."""
    return await _page(request, product_id, _Refused())


@pages.post("/", ctx_may=May.KEEP_PRODUCTS)
async def details(request: Request, product_id: int) -> HTTPResponse:
    """Names, descriptions, category, whether it is hidden."""
    return await _save(request, product_id, "details", products.change)


@pages.post("/options", ctx_may=May.KEEP_PRODUCTS, ctx_most_bytes=_TABLE)
async def change_options(request: Request, product_id: int) -> HTTPResponse:
    """What the variants differ in."""
    typed = forms.fields(request)
    try:
        outcome = await change(request, str(product_id), options.save, product_id, typed, **_who(request))
    except BadFields as error:
        if "moved" in error.reasons.values():  # what was typed for one value would stand beside another
            typed = {name: text for name, text in typed.items() if name.endswith("-add")}
        return await _page(request, product_id, _Refused("options", typed, error.reasons), status=409)
    counts = f"added={outcome.added}&deleted={outcome.deleted}&archived={outcome.archived}"
    return redirect(f"/products/{product_id}?said=options&{counts}#variants", status=303)


@pages.post("/variants", ctx_may=May.KEEP_PRODUCTS, ctx_most_bytes=_TABLE)
async def change_variants(request: Request, product_id: int) -> HTTPResponse:
    """The table of prices, stocks, SKUs and weights."""
    return await _save(request, product_id, "variants", variants.save_table, **_who(request))


@pages.post("/place", ctx_may=May.KEEP_PRODUCTS)
async def place(request: Request, product_id: int) -> HTTPResponse:
    """Before, or behind, all other products."""
    front = "front" in forms.fields(request)
    await change(request, str(product_id), products.move, product_id, to_the_front=front)
    return redirect(f"/products/{product_id}?said=moved", status=303)


@pages.post("/archive", ctx_may=May.KEEP_PRODUCTS)
async def archive(request: Request, product_id: int) -> HTTPResponse:
    """Out of the shop and the list; orders keep it."""
    await change(request, str(product_id), products.archive, product_id)
    return redirect(f"/products/{product_id}?said=archived", status=303)


@pages.post("/restore", ctx_may=May.KEEP_PRODUCTS)
async def restore(request: Request, product_id: int) -> HTTPResponse:
    """Back into the list, hidden."""
    await change(request, str(product_id), products.restore, product_id)
    return redirect(f"/products/{product_id}?said=restored", status=303)


@pages.get("/delete", ctx_may=May.KEEP_PRODUCTS)
async def question(request: Request, product_id: int) -> HTTPResponse:
    """The question before deleting."""
    seen = await request.app.ctx.database.read(_see, product_id)
    if seen.orders:
        return redirect(f"/products/{product_id}", status=303)
    return page(request, "delete_product.html", product=seen.product)


@pages.post("/delete", ctx_may=May.KEEP_PRODUCTS)
async def delete(request: Request, product_id: int) -> HTTPResponse:
    """The seller said yes. Somebody may have ordered it meanwhile: then the page says why it stays."""
    try:
        await change(request, str(product_id), products.remove, product_id, now=utc_now())
    except WasOrdered:
        return redirect(f"/products/{product_id}", status=303)
    return redirect("/products?said=deleted", status=303)


async def _save(
    request: Request, product_id: int, form: str, use_case: Callable[..., Any], **who: Any
) -> HTTPResponse:
    typed = forms.fields(request)
    try:
        await change(request, str(product_id), use_case, product_id, typed, **who)
    except BadFields as error:
        return await _page(request, product_id, _Refused(form, typed, error.reasons), status=409)
    return redirect(f"/products/{product_id}?said=saved", status=303)


async def _page(request: Request, product_id: int, refused: _Refused, status: int = 200) -> HTTPResponse:
    seen = await request.app.ctx.database.read(_see, product_id)
    said = request.args.get("said", "")
    return page(
        request,
        "product.html",
        status=status,
        product=seen.product,
        categories=seen.categories,
        currency=seen.shop.currency,
        threshold=seen.shop.low_stock,
        orders=seen.orders,
        most_orders=products.COUNTED,
        values=[options.values_of(seen.product, place) for place in range(len(seen.product.options))],
        most_options=options.MOST,
        reasons_of_change=[reason for reason in inventory.Reason if reason != inventory.Reason.OTHER],
        once=forms.once(),
        form=refused.form,
        typed=refused.typed,
        wrong=refused.wrong,
        said=said if said in _SAID and not refused.form else "",
        counted={name: _count(request, name) for name in ("added", "deleted", "archived")},
        refused={"": request.args.get("why", "picture")} if said == "pictures" else {},
    )


def _see(session: Session, product_id: int) -> _Seen:
    product = catalogue.any_product(session, product_id)
    orders = products.orders_with(session, product_id)
    return _Seen(product, categories.all_of_them(session), catalogue.the_shop(session), orders)


def _who(request: Request) -> dict[str, Any]:
    return {"by": request.ctx.seller.email, "now": utc_now()}


def _count(request: Request, name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 4 else 0
