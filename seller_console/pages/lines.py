"""Changing what is in an order that was not paid yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, line_fields
from seller_console.changes import change
from seller_console.line_fields import Offer
from seller_console.order_page import order_page
from seller_console.rendering import page
from shop import audit, order_lines, views
from shop.db import utc_now
from shop.errors import BadInput, LinesMoved, NotAllowed, NotFound, SoldOut
from shop.models import Order
from shop.roles import May

pages = Blueprint("lines", url_prefix="/orders/<number:str>/lines")


@dataclass(frozen=True)
class _Seen:
    """The order, and what could be put into it."""

    order: Order
    offer: Offer


@pages.get("/", ctx_may=May.SELL)
async def form(request: Request, number: str) -> HTTPResponse:
    """The order's lines with a field for each quantity, and more to add."""
    return await _form(request, number, {})


@pages.post("/", ctx_may=May.SELL)
async def save(request: Request, number: str) -> HTTPResponse:
    """Have the typed quantities in the order; with the button "Search" only look for more to add."""
    typed = line_fields.typed(request)
    if access.field(request, "search"):
        return await _form(request, number, typed)
    seen = line_fields.drawn(request, "seen")

    def edit(session: Session) -> None:
        wanted = line_fields.quantities(typed)
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


async def _form(
    request: Request,
    number: str,
    typed: Mapping[int, str],
    wrong: tuple[str, str] | None = None,
    left: str = "",
) -> HTTPResponse:
    words = line_fields.words(request)
    seen = await request.app.ctx.database.read(_see, number, words, typed.keys())
    if not order_lines.can_edit(seen.order):
        return redirect(f"/orders/{number}", status=303)
    return page(
        request,
        "lines.html",
        status=409 if wrong else 200,
        order=seen.order,
        found=seen.offer.found,
        variants=seen.offer.variants,
        typed=typed,
        words=words,
        wrong=wrong,
        left=left,
    )


def _see(session: Session, number: str, words: str, typed: Iterable[int]) -> _Seen:
    order = views.order_detail(session, number).order
    return _Seen(order, line_fields.offer(session, words, order_lines.contents(order).keys(), typed))
