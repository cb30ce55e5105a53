"""How parcels are sent and what that costs: a form for each way to send."""

from __future__ import annotations

from collections.abc import Mapping

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.addresses import id_or_new
from seller_console.changes import change
from seller_console.rendering import page
from shop import catalogue, settings, shipping
from shop.errors import BadInput
from shop.roles import May
from shop.settings import Method

pages = Blueprint("shipping_settings", url_prefix="/settings/shipping")


@pages.get("/", ctx_may=May.CHANGE_SHOP)
async def show(request: Request) -> HTTPResponse:
    """All ways to send."""
    return await _page(request)


@pages.post("/<method:str>", ctx_may=May.CHANGE_SHOP)
async def method(request: Request, method: str) -> HTTPResponse:
    """Add (`new`) or change a way to send; the pressed button may also remove it."""
    method_id = id_or_new(method)
    typed = {name: str(values[0]) for name, values in (request.form or {}).items()}
    try:
        if "remove" in typed and method_id is not None:
            await change(request, method, settings.remove_method, method_id)
        else:
            await change(request, method, settings.save_method, method_id, typed)
    except BadInput as error:
        return await _page(request, method, typed, {error.field: error.reason})
    return redirect("/settings/shipping?said=saved", status=303)


async def _page(
    request: Request,
    row: str = "",
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
) -> HTTPResponse:
    found: Mapping[int, Method] = await request.app.ctx.database.read(_methods)
    rows = {str(number): one for number, one in found.items()} | {"new": Method()}
    if typed is not None and row in rows:
        rows[row] = settings.typed(typed)
    return page(
        request,
        "settings_shipping.html",
        status=409 if refused else 200,
        rows=rows,
        row=row,
        refused=refused or {},
        saved=request.args.get("said") == "saved",
    )


def _methods(session: Session) -> Mapping[int, Method]:
    currency = catalogue.the_shop(session).currency
    return {method.id: settings.shown(method, currency) for method in shipping.methods(session)}
