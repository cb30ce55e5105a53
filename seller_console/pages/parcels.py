"""Tracking numbers of many orders: typed beside each, or from a carrier's file that is looked at first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access, chosen
from seller_console.changes import change_each
from seller_console.rendering import page
from shop import carriers, fulfilment, order_list, parcels, spreadsheets
from shop.carriers import CARRIERS
from shop.db import utc_now
from shop.errors import BadInput, BadSheet
from shop.models import Order
from shop.parcels import Parcel
from shop.roles import May

pages = Blueprint("parcels", url_prefix="/orders/parcels")

#: Separates the parts of a row that was looked at; no number of ours or of a carrier holds it.
_JOINT = "|"
_TYPED = "tracking "
_MOST_BYTES = 512 * 1024
_WITH_FILE = spreadsheets.MOST_BYTES + 64 * 1024


@dataclass(frozen=True)
class _Typed:
    """What was typed: the carrier, the number beside each order, and which of these cannot be used."""

    carrier: str
    other: str
    tracking: Mapping[str, str]
    wrong: frozenset[str] = frozenset()


@pages.get("/", ctx_may=May.PACK)
async def form(request: Request) -> HTTPResponse:
    """A field beside each of the orders in `of`."""
    numbers = chosen.named(request)
    if not numbers:
        return redirect("/orders/parcels/file", status=303)
    return await _form(request, numbers, _Typed("", "", {}))


@pages.post("/", ctx_may=May.PACK, ctx_most_bytes=_MOST_BYTES)
async def enter(request: Request) -> HTTPResponse:
    """Enter what was typed, or the ticked rows of a file; customers are told. Empty fields are left alone."""
    typed = _typed(request)
    ticked = request.form.getlist("parcel", []) if request.form else []
    looked_at = [str(value).split(_JOINT) for value in ticked]
    given = {row[0]: (row[1], row[2]) for row in looked_at if len(row) == 3}
    carrier = typed.other or typed.carrier
    given |= {number: (carrier, tracking) for number, tracking in typed.tracking.items() if tracking}
    wrong = frozenset(part for number, row in given.items() for part in _wrong(number, *row))
    if wrong or not given:
        again = _Typed(typed.carrier, typed.other, typed.tracking, wrong)
        return await _form(request, list(typed.tracking), again, status=409 if wrong else 200)
    by = request.ctx.seller.email

    def ship(session: Session, number: str, carrier: str, tracking: str) -> bool:
        order_id = chosen.order_id(session, number)
        return fulfilment.ship(session, order_id, carrier=carrier, tracking=tracking, by=by, now=utc_now())[1]

    done = await change_each(request, ship, given)
    return page(request, "outcome.html", done=chosen.outcome(done), what="shipped")


@pages.get("/file", ctx_may=May.PACK)
async def file(request: Request) -> HTTPResponse:
    """Asks for the carrier's file."""
    return page(request, "parcel_file.html", carriers=CARRIERS, wrong="", rows=None, carrier="")


@pages.post("/file", ctx_may=May.PACK, ctx_most_bytes=_WITH_FILE)
async def look(request: Request) -> HTTPResponse:
    """What the file would do, row by row. Nothing is changed yet."""
    carrier = access.field(request, "other").strip() or access.field(request, "carrier")
    given = request.files.get("file") if request.files else None
    try:
        if given is None or not given.body:
            raise BadSheet("empty")
        rows = await asyncio.to_thread(spreadsheets.read, given.body, most_rows=parcels.MOST_ROWS)
        sheet = spreadsheets.sheet(rows, parcels.COLUMNS)
        matched: Sequence[Parcel] = await request.app.ctx.database.read(parcels.match, sheet, carrier)
    except BadSheet as error:
        return page(
            request,
            "parcel_file.html",
            status=409,
            carriers=CARRIERS,
            wrong=error.reason,
            rows=None,
            carrier=carrier,
        )
    return page(request, "parcel_file.html", carriers=CARRIERS, wrong="", rows=matched, carrier=carrier)


def _typed(request: Request) -> _Typed:
    fields: Mapping[str, Sequence[str]] = request.form or {}
    tracking = {
        name.removeprefix(_TYPED): str(values[0]).strip()
        for name, values in fields.items()
        if name.startswith(_TYPED) and values
    }
    other = access.field(request, "other").strip()
    return _Typed(access.field(request, "carrier"), other, dict(list(tracking.items())[: chosen.MOST]))


def _wrong(number: str, carrier: str, tracking: str) -> Sequence[str]:
    """What of it cannot be used: the order's number (for its tracking number), "carrier", or nothing."""
    try:
        carriers.checked_carrier(carrier)
        carriers.checked_tracking(tracking)
    except BadInput as error:
        return [number if error.field == "tracking" else "carrier"]
    return []


async def _form(
    request: Request, numbers: Sequence[str], typed: _Typed, *, status: int = 200
) -> HTTPResponse:
    found: Sequence[Order] = await request.app.ctx.database.read(_orders, numbers)
    return page(
        request,
        "parcels.html",
        status=status,
        orders=[order for order in found if "ship" in fulfilment.steps(order)],
        others=[order for order in found if "ship" not in fulfilment.steps(order)],
        carriers=CARRIERS,
        typed=typed,
    )


def _orders(session: Session, numbers: Sequence[str]) -> Sequence[Order]:
    return list(order_list.numbers(session, numbers))
