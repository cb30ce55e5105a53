"""The checklist of the first day, and the look at the whole installation, which is an errand for the gateway."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.access import field
from seller_console.changes import change
from seller_console.patience import settled
from seller_console.rendering import page
from shop import accounts, checklist, errands
from shop.checklist import Item, Step
from shop.db import utc_now
from shop.errands import Kind
from shop.models import Channel, Shop
from shop.roles import May

pages = Blueprint("first_day", url_prefix="/settings")

#: Where each step is done; those of a Page lead to the first that is not ready.
_ADDRESSES = {
    Step.SHOP: "/settings/shop",
    Step.PRODUCTS: "/products",
    Step.PAYMENT: "/settings/payment",
    Step.SHIPPING: "/settings/shipping",
    Step.ADDRESS: "/settings/checks",
    Step.PAGE: "/channels/new",
    Step.PEOPLE: "/people",
    Step.BACKUPS: "/settings/checks",
}
_OF_A_PAGE = {
    Step.WEBHOOK: "#webhook",
    Step.MENU: "#set-up",
    Step.TEMPLATES: "#templates",
    Step.TEST: "#test",
}


@pages.get("/checklist", ctx_may=May.CHANGE_SHOP)
async def show(request: Request) -> HTTPResponse:
    """All steps, those that are left first in the order to do them."""
    items, channels, is_open = await request.app.ctx.database.read(_read, request.app.ctx.settings.public_url)
    return page(
        request,
        "checklist.html",
        items=items,
        left=sum(not item.done for item in items),
        addresses=_ADDRESSES | {step: _of_a_page(step, channels) for step in _OF_A_PAGE},
        may_be_ticked=checklist.MAY_BE_TICKED,
        is_open=is_open,
    )


@pages.post("/checklist", ctx_may=May.CHANGE_SHOP)
async def tick(request: Request) -> HTTPResponse:
    """A step is done or not wanted; or the list may go."""
    word = field(request, "step")
    await change(request, word, checklist.tick, word)
    return redirect("/orders" if word == checklist.CLOSED else "/settings/checklist", status=303)


@pages.get("/checks", ctx_may=May.CHANGE_SHOP)
async def checks(request: Request) -> HTTPResponse:
    """What the last look has found."""
    errand = await request.app.ctx.database.read(errands.latest, (Kind.EXAMINE,))
    lines = errands.lines(errand) if errand else []
    return page(
        request,
        "checks.html",
        fragment="_checks.html",
        errand=errand,
        wrong=[line for line in lines if not line.ok],
        fine=[line for line in lines if line.ok],
    )


@pages.post("/checks", ctx_may=May.CHANGE_SHOP)
async def look(request: Request) -> HTTPResponse:
    """Have the gateway look at everything."""
    errand = await change(request, "", errands.ask, Kind.EXAMINE, by=request.ctx.seller.email, now=utc_now())
    await settled(request, errand.id)
    return redirect("/settings/checks", status=303)


def _of_a_page(step: Step, channels: Sequence[Channel]) -> str:
    """The Page that the step is about: the first of which it is not done."""
    lacks = {
        Step.WEBHOOK: lambda channel: channel.seen_at is None,
        Step.MENU: lambda channel: channel.shown_at is None,
    }.get(step, lambda _channel: True)
    found = next(filter(lacks, channels), channels[0] if channels else None)
    return f"/channels/{found.id}{_OF_A_PAGE[step]}" if found else "/channels/new"


def _read(session: Session, public_url: str) -> tuple[Sequence[Item], Sequence[Channel], bool]:
    shop = session.get(Shop, 1)
    is_open = shop is None or checklist.CLOSED not in shop.ticked
    return checklist.items(session, public_url), accounts.connected(session), is_open
