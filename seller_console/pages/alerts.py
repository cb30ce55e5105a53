"""Whether a seller hears, and is shown, what is new; in which browsers also while the console is closed; and the worker
that shows it.
"""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.changes import change, if_new
from seller_console.rendering import page
from shop import people, push_devices, push_key, sign_ins
from shop.db import utc_now
from shop.errors import BadInput, NotFound, SignInRefused
from shop.push_key import Key
from shop.roles import May
from shop.vault import Vault
from talad.media_hosts import Permission

pages = Blueprint("alerts", url_prefix="/alerts")

#: Under an address that stays: a browser keeps a worker by its address.
_WORKER = (Path(__file__).parents[1] / "static" / "alerts-worker.js").read_bytes()
_FIELDS = ("endpoint", "p256dh", "auth")


@pages.post("/", ctx_may=May.SELL)
async def choose(request: Request) -> HTTPResponse:
    """Keep what the seller has ticked, with their account."""
    seller = request.ctx.seller
    sound, notice = bool(access.field(request, "sound")), bool(access.field(request, "notice"))
    await change(request, seller.email, people.choose_alerts, seller.id, sound=sound, notice=notice)
    return redirect("/orders", status=303)


@pages.get("/push", ctx_may=May.SELL)
async def closed(request: Request) -> HTTPResponse:
    """The bell's lower half, with the key that a browser shows its push service: only this shop sends to it then."""
    _is_on(request)
    database, vault = request.app.ctx.database, Vault(request.app.ctx.settings.secret_key)
    key: Key = await database.read(push_key.get, vault) or await database.run(push_key.make, vault)
    return page(request, "_closed.html", key=key.public)


@pages.post("/push", ctx_may=May.SELL)
async def turn_on(request: Request) -> HTTPResponse:
    """Tell the seller in this browser, as long as they are signed in there. Says whether the last one got lost, or what
    of the browser's fields cannot be used.
    """
    _is_on(request)
    seller, given = request.ctx.seller, {name: access.field(request, name) for name in _FIELDS}
    if request.app.ctx.settings.push_hosts.permission(given["endpoint"]) is Permission.REFUSED:
        return json({"wrong": "endpoint"}, status=409)

    def keep(session: Session) -> bool:
        session_of = sign_ins.hashed(seller.secret)
        return push_devices.keep(session, seller.id, session_of, **given, now=utc_now())

    try:
        await change(request, seller.email, if_new(keep))
    except BadInput as error:
        return json({"wrong": error.field}, status=409)
    except SignInRefused as error:
        raise access.Stranger("signed out meanwhile") from error
    device = await request.app.ctx.database.read(push_devices.of, seller.id, given["endpoint"])
    return json({"lost": device.failures > 0})


@pages.post("/push/off", ctx_may=May.SELL)
async def turn_off(request: Request) -> HTTPResponse:
    """Tell the seller nothing in this browser any more."""
    seller = request.ctx.seller
    removed = if_new(push_devices.remove)
    await change(request, seller.email, removed, seller.id, access.field(request, "endpoint"))
    return json({})


@pages.post("/push/test", ctx_may=May.SELL)
async def try_out(request: Request) -> HTTPResponse:
    """Have a notification sent to this browser at once."""
    _is_on(request)
    seller, endpoint = request.ctx.seller, access.field(request, "endpoint")
    await change(
        request, seller.email, push_devices.try_out, seller.id, endpoint, by=seller.email, now=utc_now()
    )
    return json({})


@pages.get("/worker.js", ctx_anonymous=True)
async def worker(_request: Request) -> HTTPResponse:
    """The script that a browser keeps, to show notifications by. It may do so for every page of the console."""
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/"}
    return HTTPResponse(_WORKER, content_type="text/javascript; charset=utf-8", headers=headers)


def _is_on(request: Request) -> None:
    if not request.app.ctx.settings.pushes:
        raise NotFound("notifications for closed consoles are switched off")
