"""The list of orders: filters, search, a number beside each filter, and what is done with several orders at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect
from sqlalchemy.orm import Session

from seller_console import access, chosen, menu, order_filters, way_back
from seller_console.changes import change_each
from seller_console.order_filters import Filters
from seller_console.rendering import page
from seller_console.way_back import Place
from shop import accounts, attention, catalogue, fulfilment, order_counts, order_list
from shop.attention import Reason
from shop.db import utc_now
from shop.models import Channel, Order, Shop
from shop.order_list import Page
from shop.roles import May
from shop.slips import findings
from shop.states import OrderState, PaymentState

pages = Blueprint("orders")

#: Where a button under the list leads that only looks at the chosen orders.
_LOOKS = {
    "print": "/orders/print",
    "bills": "/orders/print?prices=1",
    "parcels": "/orders/parcels",
    "xlsx": "/orders/export?format=xlsx",
    "csv": "/orders/export?format=csv",
}


@dataclass(frozen=True)
class _List:
    part: Page
    counts: Mapping[Filters, int | None]
    channels: Sequence[Channel]
    reasons: Mapping[int, Sequence[Reason]]
    warned: frozenset[int]


@pages.get("/", ctx_signed_in=True)
async def start(request: Request) -> HTTPResponse:
    """The console opens with what somebody of this role needs most."""
    return redirect(menu.home(request.ctx.seller.may), status=303)


@pages.get("/orders", ctx_may=May.SEE_ORDERS, ctx_at_most=(300, 60))
async def orders(request: Request) -> HTTPResponse:
    """Newest first; the address says which (seller_console.order_filters) and after which order (`before`)."""
    now, before = utc_now(), Filters(channel=request.args.get("before", "")).channel_id
    filters = order_filters.from_address(request, sees_money=May.SEE_MONEY in request.ctx.seller.may)
    found: _List = await request.app.ctx.database.read(_list, filters, now, before)
    return page(
        request,
        "orders.html",
        fragment="_orders.html",
        found=found,
        filters=filters,
        is_wrong=filters.is_wrong(now),
        said=request.args.get("said"),
        most=chosen.MOST,
        before=before,
        days=order_filters.DAYS,
        payments=PaymentState,
        states=OrderState,
        counted=order_counts.COUNTED,
        pushes=request.app.ctx.settings.pushes,
    )


def _list(session: Session, filters: Filters, now: datetime, before: int | None) -> _List:
    wanted, channels = filters.wanted(now), accounts.with_orders(session)
    part = order_list.page(session, wanted, now=now, before_id=before)
    each = {one: one.wanted(now) for one in order_filters.choices(filters, channels)}
    return _List(
        part,
        order_counts.counts(session, each, part.few, now=now),
        channels,
        {order.id: attention.reasons(order, now) for order in part.orders},
        findings.warned(session, part.orders),
    )


@pages.post("/orders/chosen", ctx_may=May.PACK)
async def look(request: Request) -> HTTPResponse:
    """Leads to what the pressed button wants to see of the chosen orders."""
    numbers, place = chosen.numbers(request), way_back.of(request)
    path = _LOOKS.get(access.field(request, "look"))
    if path is None or not numbers:
        return _none(place)
    return redirect(_with(path, chosen.in_address(numbers), place.query), status=303)


@pages.post("/orders/pack", ctx_may=May.PACK)
async def pack(request: Request) -> HTTPResponse:
    """The parcels of the chosen orders are packed."""
    numbers, by = chosen.numbers(request), request.ctx.seller.email
    if not numbers:
        return _none(way_back.of(request))

    def packed(session: Session, number: str) -> bool:
        return fulfilment.pack(session, chosen.order_id(session, number), by=by, now=utc_now())[1]

    done = await change_each(request, packed, dict.fromkeys(numbers, ()))
    became = chosen.outcome(done)
    return page(
        request,
        "outcome.html",
        done=became,
        what="packed",
        named=chosen.in_address([*became.done, *became.already]),
    )


def _none(place: Place) -> HTTPResponse:
    return redirect(_with(place.address, "said=none"), status=303)


def _with(path: str, *queries: str) -> str:
    """The path with more in its query."""
    for query in filter(None, queries):
        path += ("&" if "?" in path else "?") + query
    return path


@pages.get("/orders/numbers", ctx_may=May.PACK, ctx_at_most=(60, 60))
async def numbers_that_fit(request: Request) -> HTTPResponse:
    """The numbers of all orders that the address's filters show, the newest if they are very many, for our script."""
    now = utc_now()
    filters = order_filters.from_address(request, sees_money=May.SEE_MONEY in request.ctx.seller.may)
    numbers = await request.app.ctx.database.read(
        order_list.numbers_that_fit, filters.wanted(now), now=now, limit=chosen.MOST
    )
    return json({"numbers": numbers})


@pages.post("/orders/unpack", ctx_may=May.PACK)
async def unpack(request: Request) -> HTTPResponse:
    """They are not packed after all: what the page after packing offers."""
    by = request.ctx.seller.email

    def unpacked(session: Session, number: str) -> bool:
        return fulfilment.unpack(session, chosen.order_id(session, number), by=by, now=utc_now())[1]

    done = await change_each(request, unpacked, dict.fromkeys(chosen.numbers(request), ()))
    return page(request, "outcome.html", done=chosen.outcome(done), what="unpacked")


@pages.get("/orders/print", ctx_may=May.SEE_ORDERS)
async def to_print(request: Request) -> HTTPResponse:
    """A sheet for each of the orders in `of`: what goes into the parcel and where to; with `prices`, what it costs."""
    found, shop = await request.app.ctx.database.read(_sheets, chosen.named(request))
    prices = "prices" in request.args and May.SEE_MONEY in request.ctx.seller.may
    return page(request, "print.html", orders=found, shop=shop, prices=prices)


def _sheets(session: Session, numbers: Sequence[str]) -> tuple[Sequence[Order], Shop]:
    return list(order_list.numbers(session, numbers)), catalogue.the_shop(session)
