"""The stock of one product: what was received, counted, damaged, and the history of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import forms
from seller_console.addresses import row_id
from seller_console.changes import change
from seller_console.rendering import page
from shop import catalogue, inventory, people
from shop.db import utc_now
from shop.errors import BadFields, StockMoved
from shop.inventory import Entry, Reason
from shop.models import Product
from shop.roles import May

pages = Blueprint("stock", url_prefix="/products/<product_id:row>/stock")


@dataclass(frozen=True)
class _Seen:
    product: Product
    history: Sequence[Entry]
    older: int | None
    names: dict[str, str]


@pages.get("/", ctx_may=May.KEEP_PRODUCTS)
async def show(request: Request, product_id: int) -> HTTPResponse:
    """What is there, a form to change it, and what happened to it."""
    return await _page(request, product_id, {}, {})


@pages.post("/", ctx_may=May.KEEP_PRODUCTS)
async def change_stock(request: Request, product_id: int) -> HTTPResponse:
    """So many came or went, or were counted."""
    typed = forms.fields(request)
    who = request.ctx.seller.email
    try:
        await change(request, str(product_id), inventory.change_by_form, typed, by=who, now=utc_now())
    except BadFields as error:
        return await _page(request, product_id, typed, error.reasons, status=409)
    except StockMoved:
        return await _page(request, product_id, typed, {"number": "moved"}, status=409)
    return redirect(f"/products/{product_id}/stock?said=saved", status=303)


async def _page(
    request: Request, product_id: int, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200
) -> HTTPResponse:
    try:
        before = row_id(request.args.get("before", ""))
    except ValueError:
        before = None

    def read(session: Session) -> _Seen:
        product = catalogue.any_product(session, product_id)
        history, older = inventory.history(session, product_id, before_id=before)
        names = people.names(session, {entry.change.by or "" for entry in history})
        return _Seen(product, history, older, names)

    seen = await request.app.ctx.database.read(read)
    return page(
        request,
        "stock.html",
        status=status,
        product=seen.product,
        history=seen.history,
        older=seen.older,
        names=seen.names,
        reasons_of_change=list(Reason),
        once=forms.once(),
        typed=typed,
        wrong=wrong,
        saved=request.args.get("said") == "saved" and not wrong,
    )
