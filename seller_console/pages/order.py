"""One order: looking at it, confirming its payment, notes of the shop."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, shown
from seller_console.changes import change
from seller_console.order_page import confirmable, drawn, order_page, see
from seller_console.rendering import page
from shop import audit, order_notes, payments, views
from shop.db import utc_now
from shop.errors import BadInput, LedgerMoved, NotAllowed
from shop.ledger import Shown
from shop.roles import May

pages = Blueprint("order", url_prefix="/orders/<number:str>")

#: What the page may say on top after a click, by the word in the address.
_SAID = ("confirmed", "already", "done", "packed", "shipped", "delivered")


@pages.get("/", ctx_may=May.SEE_ORDERS)
async def order(request: Request, number: str) -> HTTPResponse:
    """The order's page."""
    said = request.args.get("said")
    return await order_page(request, number, said=said if said in _SAID else None)


@pages.get("/confirm", ctx_may=May.SELL)
async def question(request: Request, number: str) -> HTTPResponse:
    """The question before confirming, as a page for browsers without script."""
    seen = await request.app.ctx.database.read(see, number)
    if not confirmable(seen.detail):
        return redirect(f"/orders/{number}", status=303)
    return page(request, "confirm.html", **drawn(seen))


@pages.post("/confirm", ctx_may=May.SELL)
async def confirm(request: Request, number: str) -> HTTPResponse:
    """The seller said "Yes": the payment is confirmed. A second "Yes" finds it confirmed and changes nothing."""
    try:
        did_it = await change(
            request, number, confirm_payment, number, request.ctx.seller.email, shown.given(request)
        )
    except NotAllowed:
        return await order_page(request, number, said="refused", status=409)
    except LedgerMoved:
        return await order_page(request, number, said="moved", status=409)
    return redirect(f"/orders/{number}?said={'confirmed' if did_it else 'already'}", status=303)


def confirm_payment(session: Session, number: str, by: str, seen: Shown | None) -> bool:
    """Confirm the payment of the order with this number; whether this call did it. Raises NotAllowed, LedgerMoved."""
    order_id = views.order_detail(session, number).order.id
    _, did_it = payments.confirm(session, order_id, by=by, now=utc_now(), seen=seen)
    if not did_it:
        audit.nothing_changed(session)
    return did_it


@pages.post("/notes", ctx_may=May.SEE_ORDERS)
async def add_note(request: Request, number: str) -> HTTPResponse:
    """Keep what somebody of the shop noted. A second click on the same form keeps nothing."""
    text, form = access.field(request, "note"), access.field(request, "note_form")

    def add(session: Session) -> None:
        order = views.order_detail(session, number).order
        order_notes.add(session, order, text, form=form, by=request.ctx.seller.email, now=utc_now())

    try:
        await change(request, number, add)
    except BadInput as error:
        return await order_page(request, number, said=None, status=409, note=(text, error.reason))
    except NotAllowed:
        return await order_page(request, number, said="not_possible", status=409)
    return redirect(f"/orders/{number}?said=done#notes", status=303)


@pages.post("/notes/<note_id:row>/remove", ctx_may=May.SELL)
async def remove_note(request: Request, number: str, note_id: int) -> HTTPResponse:
    """Take a note off."""

    def remove(session: Session) -> None:
        order_notes.remove(session, views.order_detail(session, number).order, note_id)

    await change(request, number, remove)
    return redirect(f"/orders/{number}?said=done#notes", status=303)
