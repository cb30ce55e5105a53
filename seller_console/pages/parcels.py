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
from shop import carrier_files, order_list, parcels, spreadsheets
from shop.carrier_files import CarrierFile, Line
from shop.carriers import CARRIERS
from shop.db import utc_now
from shop.errors import BadSheet
from shop.models import Order
from shop.parcels import Parcel, Problem
from shop.roles import May

pages = Blueprint("parcels", url_prefix="/orders/parcels")

#: Separates the parts of a row that was looked at; no number of ours or of a carrier holds it, and a carrier's name,
#: which may, comes last.
_JOINT = "|"
_TYPED = "tracking "
_MOST_BYTES = 512 * 1024
_WITH_FILE = spreadsheets.MOST_BYTES + 64 * 1024
#: What is wrong with what was typed, rather than with its order.
_MISTYPED = (Problem.BAD_TRACKING, Problem.ROUNDED, Problem.NO_CARRIER, Problem.BAD_CARRIER, Problem.TAKEN)


@dataclass(frozen=True)
class _Typed:
    """What was typed: the carrier, and the number beside each order. `shared`: one number for several was meant."""

    carrier: str
    other: str = ""
    tracking: Mapping[str, str] | None = None
    shared: bool = False


@dataclass(frozen=True)
class _Given:
    """What is to be entered of one order: carrier, number, the number it replaces, and whether others may share it."""

    carrier: str
    tracking: str
    replaces: str = ""
    shared: bool = False


@pages.get("/", ctx_may=May.PACK)
async def form(request: Request) -> HTTPResponse:
    """A field beside each of the orders in `of`."""
    numbers = chosen.named(request)
    if not numbers:
        return redirect("/orders/parcels/file", status=303)
    return await _form(request, numbers, _Typed(await request.app.ctx.database.read(parcels.last_carrier)))


@pages.post("/", ctx_may=May.PACK, ctx_most_bytes=_MOST_BYTES)
async def enter(request: Request) -> HTTPResponse:
    """Enter what was typed, customers are told. Empty fields are left alone."""
    typed = _typed(request)
    carrier = typed.other or typed.carrier
    fields = typed.tracking or {}
    filled = {number: tracking for number, tracking in fields.items() if tracking}
    wrong = await request.app.ctx.database.read(_mistyped, filled, carrier)
    if typed.shared:
        wrong = {number: parcel for number, parcel in wrong.items() if parcel.problem != Problem.TAKEN}
    if wrong or not filled:
        return await _form(request, list(fields), typed, wrong=wrong, nothing=not filled)
    return await _enter(
        request,
        {number: _Given(carrier, tracking, shared=typed.shared) for number, tracking in filled.items()},
    )


@pages.get("/file", ctx_may=May.PACK)
async def file(request: Request) -> HTTPResponse:
    """Asks for the carrier's file."""
    return await _file(request, await request.app.ctx.database.read(parcels.last_carrier))


@pages.post("/file", ctx_may=May.PACK, ctx_most_bytes=_WITH_FILE)
async def look(request: Request) -> HTTPResponse:
    """What the file would do, row by row. Nothing is changed yet."""
    other, carrier = access.field(request, "other").strip(), access.field(request, "carrier")
    given = request.files.get("file") if request.files else None
    try:
        if given is None or not given.body:
            raise BadSheet("empty")
        read: CarrierFile = await asyncio.to_thread(carrier_files.read, given.body)
    except BadSheet as error:
        return await _file(request, carrier, other=other, wrong=error)
    matched = await request.app.ctx.database.read(parcels.match, read.lines, other or carrier)
    return page(request, "parcel_rows.html", rows=matched, headings=read.headings)


@pages.post("/ticked", ctx_may=May.PACK, ctx_most_bytes=_MOST_BYTES)
async def ticked(request: Request) -> HTTPResponse:
    """Enter the rows of a file that were ticked; customers are told."""
    given: dict[str, _Given] = {}
    for value in request.form.getlist("parcel", [])[: chosen.MOST] if request.form else ():
        match str(value).split(_JOINT, 3):
            case [number, tracking, replaces, carrier]:
                given[number] = _Given(carrier, tracking, replaces)
    if not given:
        last = await request.app.ctx.database.read(parcels.last_carrier)
        return await _file(request, last, wrong=BadSheet("none"))
    return await _enter(request, given)


async def _enter(request: Request, given: Mapping[str, _Given]) -> HTTPResponse:
    by = request.ctx.seller.email

    def ship(session: Session, number: str, one: _Given) -> bool:
        return parcels.enter(
            session,
            chosen.order_id(session, number),
            carrier=one.carrier,
            tracking=one.tracking,
            replaces=one.replaces,
            shared=one.shared,
            by=by,
            now=utc_now(),
        )[1]

    done = await change_each(request, ship, {number: (one,) for number, one in given.items()})
    return page(request, "outcome.html", done=chosen.outcome(done), what="shipped")


def _typed(request: Request) -> _Typed:
    fields: Mapping[str, Sequence[str]] = request.form or {}
    tracking = {
        name.removeprefix(_TYPED): str(values[0]).strip()
        for name, values in fields.items()
        if name.startswith(_TYPED) and values
    }
    return _Typed(
        access.field(request, "carrier"),
        access.field(request, "other").strip(),
        dict(list(tracking.items())[: chosen.MOST]),
        access.field(request, "shared") == "1",
    )


def _mistyped(session: Session, filled: Mapping[str, str], carrier: str) -> Mapping[str, Parcel]:
    """By order what cannot be used of what was typed. What has become of the order meanwhile is said afterwards."""
    lines = [Line(row, tracking, number) for row, (number, tracking) in enumerate(filled.items())]
    of = {line.row: line.order for line in lines}
    matched = parcels.match(session, lines, carrier)
    return {of[parcel.row]: parcel for parcel in matched if parcel.problem in _MISTYPED}


async def _form(
    request: Request,
    numbers: Sequence[str],
    typed: _Typed,
    *,
    wrong: Mapping[str, Parcel] | None = None,
    nothing: bool = False,
) -> HTTPResponse:
    found: Sequence[Order] = await request.app.ctx.database.read(_orders, numbers)
    rest = [order for order in found if not parcels.wants_number(order)]
    return page(
        request,
        "parcels.html",
        status=409 if wrong or nothing else 200,
        orders=[order for order in found if parcels.wants_number(order)],
        shipped=[order for order in rest if order.shipment],
        others=[order for order in rest if not order.shipment],
        carriers=CARRIERS,
        typed=typed,
        wrong=wrong or {},
        problems={parcel.problem for parcel in (wrong or {}).values()},
        nothing=nothing,
    )


def _orders(session: Session, numbers: Sequence[str]) -> Sequence[Order]:
    return list(order_list.numbers(session, numbers))


async def _file(
    request: Request, carrier: str, *, other: str = "", wrong: BadSheet | None = None
) -> HTTPResponse:
    return page(
        request,
        "parcel_file.html",
        status=409 if wrong else 200,
        carriers=CARRIERS,
        carrier=carrier,
        other=other,
        wrong=wrong,
    )
