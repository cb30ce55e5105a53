"""The list of orders, of one channel or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import menu
from seller_console.addresses import row_id
from seller_console.rendering import page
from shop import accounts, views
from shop.models import Channel, Order
from shop.roles import May

pages = Blueprint("orders")


@dataclass(frozen=True)
class _List:
    orders: Sequence[Order]
    older: int | None
    channels: Sequence[Channel]


@pages.get("/", ctx_signed_in=True)
async def start(request: Request) -> HTTPResponse:
    """The console opens with what somebody of this role needs most."""
    return redirect(menu.home(request.ctx.seller.may), status=303)


@pages.get("/orders", ctx_may=May.SEE_ORDERS)
async def orders(request: Request) -> HTTPResponse:
    """Newest first; `channel` and `before` in the address choose a channel and a page."""
    channel, before = _id(request, "channel"), _id(request, "before")
    found = await request.app.ctx.database.read(_list, channel, before)
    return page(
        request,
        "orders.html",
        fragment="_orders.html",
        orders=found.orders,
        older=found.older,
        channels=found.channels,
        channel=channel,
        before=before,
    )


def _list(session: Session, channel: int | None, before: int | None) -> _List:
    found, older = views.orders_page(session, channel_id=channel, before_id=before)
    return _List(found, older, accounts.connected(session))


def _id(request: Request, name: str) -> int | None:
    try:
        return row_id(request.args.get(name, ""))
    except ValueError:
        return None
