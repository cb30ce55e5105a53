"""Changing what is in an order that was not paid yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.changes import change
from seller_console.order_page import order_page
from seller_console.rendering import page
from shop import audit, catalogue, order_lines, search, views
from shop.db import utc_now
from shop.errors import BadInput, LinesMoved, NotAllowed, NotFound, SoldOut
from shop.models import Order, Variant
from shop.roles import May

pages = Blueprint("lines", url_prefix="/orders/<number:str>/lines")

_FIELD = re.compile(r"(quantity|seen)-([0-9]{1,9})", re.ASCII)
_MOST_FOUND = 20


@dataclass(frozen=True)
class _Seen:
    """The order, what could be put into it, and what is left of everything shown, by the variant's id."""

    order: Order
    found: Sequence[Variant]
    variants: Mapping[int, Variant]


@pages.get("/", ctx_may=May.SELL)
async def form(request: Request, number: str) -> HTTPResponse:
    """The order's lines with a field for each quantity, and more to add."""
    return await _form(request, number, {})


@pages.post("/", ctx_may=May.SELL)
async def save(request: Request, number: str) -> HTTPResponse:
    """Have the typed quantities in the order; with the button "Search" only look for more to add."""
    typed = _typed(request, "quantity")
    if access.field(request, "search"):
        return await _form(request, number, typed)
    wanted = {one: int(many or 0) for one, many in typed.items() if (many or "0").isdecimal()}
    seen = {one: int(many) for one, many in _typed(request, "seen").items() if many.isdecimal()}

    def edit(session: Session) -> None:
        if wanted.keys() != typed.keys():
            raise BadInput("quantity", "range")
        order_id = views.order_detail(session, number).order.id
        who = {"by": request.ctx.seller.email, "now": utc_now()}
        if not order_lines.edit(session, order_id, wanted, seen=seen, **who)[1]:
            audit.nothing_changed(session)

    try:
        await change(request, number, edit)
    except NotAllowed:
        return await order_page(request, number, said="not_possible", status=409)
    except LinesMoved:
        return await _form(request, number, {}, wrong=("moved", ""))
    except NotFound:
        return await _form(request, number, typed, wrong=("gone", ""))
    except SoldOut as error:
        left = (error.names[request.ctx.language], str(error.left))
        return await _form(request, number, typed, wrong=("sold_out", left[0]), left=left[1])
    except BadInput as error:
        return await _form(request, number, typed, wrong=(error.field, ""))
    return redirect(f"/orders/{number}?said=done", status=303)


def _typed(request: Request, kind: str) -> dict[int, str]:
    """What the form says of each variant, by its id."""
    fields = ((_FIELD.fullmatch(name), values) for name, values in (request.form or {}).items())
    return {
        int(found[2]): str(values[0]).strip()[:9] for found, values in fields if found and found[1] == kind
    }


async def _form(
    request: Request,
    number: str,
    typed: Mapping[int, str],
    wrong: tuple[str, str] | None = None,
    left: str = "",
) -> HTTPResponse:
    words = access.field(request, "words").strip()[:100]
    seen = await request.app.ctx.database.read(_see, number, words, typed.keys())
    if not order_lines.can_edit(seen.order):
        return redirect(f"/orders/{number}", status=303)
    return page(
        request,
        "lines.html",
        status=409 if wrong else 200,
        order=seen.order,
        found=seen.found,
        variants=seen.variants,
        typed=typed,
        words=words,
        wrong=wrong,
        left=left,
    )


def _see(session: Session, number: str, words: str, typed: Iterable[int]) -> _Seen:
    order = views.order_detail(session, number).order
    products = search.find(session, words) if words else catalogue.products_page(session).products
    offered = [variant for product in products for variant in product.offered]
    inside = order_lines.contents(order)
    # What was typed for something found by an earlier search stays in the form.
    kept = {variant_id: session.get(Variant, variant_id) for variant_id in {*inside, *typed}}
    variants = {one: variant for one, variant in kept.items() if variant is not None}
    found = [variant for variant in offered if variant.id not in inside][:_MOST_FOUND]
    shown = {variant.id for variant in found}
    found += [variant for one, variant in variants.items() if one not in inside and one not in shown]
    return _Seen(order, found, variants)
