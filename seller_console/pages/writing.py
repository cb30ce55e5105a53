"""A person writes to the customer of an order. How and whether it may go out is `shop.reach`."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.changes import change
from seller_console.order_page import order_page
from shop import audit, seller_words, views
from shop.db import utc_now
from shop.errors import BadInput, NotReachable
from shop.roles import May

pages = Blueprint("writing", url_prefix="/orders/<number:str>")


@pages.post("/write", ctx_may=May.CHAT)
async def write(request: Request, number: str) -> HTTPResponse:
    """Send what was typed. A second click on the same form sends nothing."""
    text, form = access.field(request, "text"), access.field(request, "form")

    def queue(session: Session) -> None:
        order = views.order_detail(session, number).order
        if not seller_words.write(
            session, order.id, text, form=form, by=request.ctx.seller.email, now=utc_now()
        ):
            audit.nothing_changed(session)

    try:
        await change(request, number, queue)
    except BadInput as error:
        return await order_page(request, number, said=None, status=409, letter=(text, error.reason))
    except NotReachable:
        return await order_page(request, number, said=None, status=409, letter=(text, "late"))
    return redirect(f"/orders/{number}?said=done", status=303)
