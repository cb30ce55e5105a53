"""What the seller does with an order besides confirming its payment: shop.fulfilment, step by step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, forms
from seller_console.changes import change
from seller_console.order_page import order_page
from shop import audit, fulfilment, parcels, views
from shop.db import utc_now
from shop.errors import BadInput, NotAllowed, NumberTaken, ParcelMoved
from shop.models import Order
from shop.roles import May

pages = Blueprint("fulfilment", url_prefix="/orders/<number:str>")

_Done = tuple[Order, bool]


@pages.post("/accept", ctx_may=May.SELL)
async def accept(request: Request, number: str) -> HTTPResponse:
    """Take on an order that is paid on delivery."""
    return await _do(request, number, _step(fulfilment.accept))


@pages.post("/pack", ctx_may=May.PACK)
async def pack(request: Request, number: str) -> HTTPResponse:
    """The parcel is packed."""
    return await _do(request, number, _step(fulfilment.pack), said="packed")


@pages.post("/unpack", ctx_may=May.PACK)
async def unpack(request: Request, number: str) -> HTTPResponse:
    """The parcel is not packed after all."""
    return await _do(request, number, _step(fulfilment.unpack))


@pages.post("/deliver", ctx_may=May.PACK)
async def deliver(request: Request, number: str) -> HTTPResponse:
    """The parcel has arrived."""
    return await _do(request, number, _step(fulfilment.deliver), said="delivered")


@pages.post("/undeliver", ctx_may=May.PACK)
async def undeliver(request: Request, number: str) -> HTTPResponse:
    """The parcel has not arrived after all."""
    return await _do(request, number, _step(fulfilment.undeliver))


@pages.post("/unship", ctx_may=May.PACK)
async def unship(request: Request, number: str) -> HTTPResponse:
    """The parcel is not on its way after all."""
    return await _do(request, number, _step(fulfilment.unship))


@pages.post("/call-off", ctx_may=May.SELL)
async def call_off(request: Request, number: str) -> HTTPResponse:
    """Cancel the order."""
    put_back = forms.still_ticked(request, "put_back")
    return await _do(request, number, _step(partial(fulfilment.call_off, put_back=put_back)))


@pages.post("/come-back", ctx_may=May.SELL)
async def come_back(request: Request, number: str) -> HTTPResponse:
    """The parcel is at the shop again, and the order ends."""
    reason, words = access.field(request, "reason"), access.field(request, "words")
    put_back = forms.still_ticked(request, "put_back")

    def step(session: Session, order_id: int, by: str) -> _Done:
        return fulfilment.come_back(session, order_id, reason, words, by=by, now=utc_now(), put_back=put_back)

    try:
        return await _do(request, number, step)
    except BadInput:
        typed = {"form": "come_back", "words": words, "put_back": "yes" if put_back else ""}
        return await order_page(request, number, said="bad_reason", status=409, typed=typed)


@pages.post("/ship", ctx_may=May.PACK)
async def ship(request: Request, number: str) -> HTTPResponse:
    """The parcel is on its way; or another carrier or number of one that is, instead of the one that was `seen`."""
    names = ("carrier", "other", "tracking", "seen", "shared")
    typed = {name: access.field(request, name).strip() for name in names}

    def step(session: Session, order_id: int, by: str) -> _Done:
        return parcels.enter(
            session,
            order_id,
            carrier=typed["other"] or typed["carrier"],
            tracking=typed["tracking"],
            replaces=typed["seen"],
            shared=typed["shared"] == "1",
            by=by,
            now=utc_now(),
        )

    try:
        return await _do(request, number, step, said="shipped")
    except ParcelMoved:
        return await order_page(request, number, said="parcel_moved", status=409)
    except NumberTaken as error:
        wrong = {"wrong": "taken", "taken_by": error.number}
    except BadInput as error:
        wrong = {"wrong": error.reason if error.field == "carrier" else error.field}
    return await order_page(request, number, said="bad_parcel", status=409, parcel=typed | wrong)


def _step(function: Callable[..., _Done]) -> Callable[[Session, int, str], _Done]:
    return lambda session, order_id, by: function(session, order_id, by=by, now=utc_now())


async def _do(
    request: Request, number: str, step: Callable[[Session, int, str], _Done], said: str = "done"
) -> HTTPResponse:
    """Done twice, or by two sellers, the second finds it done; the page is the same for both."""

    def write(session: Session) -> None:
        _, did_it = step(session, views.order_detail(session, number).order.id, request.ctx.seller.email)
        if not did_it:
            audit.nothing_changed(session)

    try:
        await change(request, number, write)
    except NotAllowed:
        return await order_page(request, number, said="not_possible", status=409)
    return redirect(f"/orders/{number}?said={said}", status=303)
