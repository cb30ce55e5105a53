"""The list of products, adding one, and what runs low."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.addresses import row_id
from seller_console.body_limits import MOST
from seller_console.changes import change
from seller_console.pages.product_pictures import keep_all
from seller_console.rendering import page
from shop import catalogue, categories, inventory, product_list
from shop import products as shop_products
from shop.catalogue import ProductsPage
from shop.db import utc_now
from shop.errors import BadFields
from shop.models import Category, Shop, Variant
from shop.product_list import Show, Wanted
from shop.roles import May

pages = Blueprint("products", url_prefix="/products")
_LONGEST_SEARCH = 80
#: So many of what runs low are on one page.
_LOW = 60


@dataclass(frozen=True)
class _Found:
    page: ProductsPage
    categories: Sequence[Category]
    shop: Shop | None


@pages.get("/", ctx_may=May.KEEP_PRODUCTS)
async def products(request: Request) -> HTTPResponse:
    """In the order customers see them; `q`, `category`, `show` and `after` in the address choose."""
    show = request.args.get("show", "")
    wanted = Wanted(
        words=request.args.get("q", "").strip()[:_LONGEST_SEARCH],
        category_id=_number(request.args.get("category", "")),
        show=Show(show) if show in set(Show) else Show.ALL,
    )
    after = _number(request.args.get("after", ""))

    def read(session: Session) -> _Found:
        found = product_list.page(session, wanted, after_id=after)
        return _Found(found, categories.all_of_them(session), session.get(Shop, 1))

    found = await request.app.ctx.database.read(read)
    if found.shop is None:
        return redirect("/settings", status=303)  # the shop comes first: prices need its currency
    return page(
        request,
        "products.html",
        fragment="_products.html",
        products=found.page.products,
        next_id=found.page.after_id,
        categories=found.categories,
        currency=found.shop.currency,
        threshold=found.shop.low_stock,
        wanted=wanted,
        after=after,
        said=request.args.get("said", ""),
    )


@pages.get("/new", ctx_may=May.KEEP_PRODUCTS)
async def new(request: Request) -> HTTPResponse:
    """The form of a new product."""
    return await _form(request, {"once": forms.once()}, {})


@pages.post("/new", ctx_may=May.KEEP_PRODUCTS, ctx_most_bytes=MOST)
async def create(request: Request) -> HTTPResponse:
    """Make the product, then take the pictures that came with it. Sent twice, there is one product."""
    typed = forms.fields(request)
    who: dict[str, Any] = {"by": request.ctx.seller.email, "now": utc_now()}
    try:
        product = await change(request, "", shop_products.create, typed, **who)
    except BadFields as error:
        again = {"once": forms.once()} if "again" in error.reasons.values() else {}
        return await _form(request, typed | again, error.reasons, status=409)
    said = "created"
    if not product.pictures:
        refused = await keep_all(request, product.id)
        said = "created_without" if refused else said
    return redirect(f"/products/{product.id}?said={said}", status=303)


@pages.get("/low", ctx_may=May.KEEP_PRODUCTS)
async def low(request: Request) -> HTTPResponse:
    """What runs low, fewest left first, each with a field for what has arrived; `after` in the address goes on."""
    return await _low(request, {}, {})


@pages.post("/low", ctx_may=May.KEEP_PRODUCTS)
async def threshold(request: Request) -> HTTPResponse:
    """From how many on the shop wants to be warned."""
    typed = forms.fields(request)
    try:
        await change(request, "", inventory.set_threshold, typed)
    except BadFields as error:
        return await _low(request, typed, error.reasons, status=409)
    return redirect("/products/low?said=saved", status=303)


@pages.post("/received", ctx_may=May.KEEP_PRODUCTS)
async def received(request: Request) -> HTTPResponse:
    """So many have arrived of something that runs low."""
    typed = forms.fields(request)
    received: dict[str, str] = typed | {"reason": inventory.Reason.RECEIVED}
    now = utc_now()
    try:
        await change(request, "", inventory.change_by_form, received, by=request.ctx.seller.email, now=now)
    except BadFields as error:
        return await _low(request, typed, error.reasons, status=409)
    here = urlencode({"said": "saved", "after": typed.get("after", "")})
    return redirect(f"/products/low?{here}", status=303)


async def _low(
    request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> HTTPResponse:
    stock, _, id_ = (request.args.get("after") or typed.get("after", "")).partition("-")
    left, last = _number(stock), _number(id_)
    after = None if left is None or last is None else (left, last)

    def read(session: Session) -> tuple[Sequence[Variant], Shop]:
        return inventory.low(session, after=after, limit=_LOW + 1), catalogue.the_shop(session)

    variants, shop = await request.app.ctx.database.read(read)
    return page(
        request,
        "low_stock.html",
        status=status,
        variants=variants[:_LOW],
        more=len(variants) > _LOW,
        after=f"{left}-{last}" if after else "",
        threshold=shop.low_stock,
        typed=typed,
        wrong=wrong,
        once=forms.once(),
        saved=request.args.get("said") == "saved",
    )


async def _form(
    request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> HTTPResponse:
    known = await request.app.ctx.database.read(categories.all_of_them)
    return page(request, "new_product.html", status=status, typed=typed, wrong=wrong, categories=known)


def _number(text: str) -> int | None:
    """An id in the address, or 0; None for anything else."""
    try:
        return 0 if text == "0" else row_id(text)
    except ValueError:
        return None
