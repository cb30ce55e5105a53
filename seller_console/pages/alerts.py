"""Whether a seller hears, and is shown, that orders and slips come in; and the worker that shows it on phones."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from seller_console import access
from seller_console.changes import change
from shop import people
from shop.roles import May

pages = Blueprint("alerts", url_prefix="/alerts")

#: Under an address that stays: a browser keeps a worker by its address.
_WORKER = (Path(__file__).parents[1] / "static" / "alerts-worker.js").read_bytes()


@pages.post("/", ctx_may=May.SELL)
async def choose(request: Request) -> HTTPResponse:
    """Keep what the seller has ticked, with their account."""
    seller = request.ctx.seller
    sound, notice = bool(access.field(request, "sound")), bool(access.field(request, "notice"))
    await change(request, seller.email, people.choose_alerts, seller.id, sound=sound, notice=notice)
    return redirect("/orders", status=303)


@pages.get("/worker.js", ctx_anonymous=True)
async def worker(_request: Request) -> HTTPResponse:
    """Android shows notifications only through a worker."""
    return HTTPResponse(
        _WORKER, content_type="text/javascript; charset=utf-8", headers={"cache-control": "no-cache"}
    )
