"""Customers who wait for a person, and those whose chat a person has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console.rendering import page
from shop import carts, catalogue, handoff, orders, views
from shop.db import utc_now
from shop.errors import NoOpenOrder
from shop.models import CartLine, Customer, Order
from shop.roles import May
from shop.slips import intake
from shop.views import LooseSlip

pages = Blueprint("waiting", url_prefix="/waiting")


@dataclass(frozen=True)
class _InHands:
    customers: Sequence[Customer]
    carts: Mapping[int, Sequence[CartLine]]
    orders: Mapping[int, Sequence[Order]]
    currency: str
    slips: Sequence[LooseSlip]


@pages.get("/", ctx_may=May.CHAT)
async def waiting(request: Request) -> HTTPResponse:
    """The list; those who wait longest come first."""
    found = await request.app.ctx.database.read(_find)
    said = request.args.get("said")
    return page(request, "waiting.html", fragment="_waiting.html", found=found, said=said)


@pages.post("/<customer_id:row>/answered", ctx_may=May.CHAT)
async def answered(request: Request, customer_id: int) -> HTTPResponse:
    """The seller sees to the customer; the bot keeps silent."""
    await request.app.ctx.database.run(handoff.answered, customer_id, utc_now())
    return redirect("/waiting?said=answered", status=303)


@pages.post("/<customer_id:row>/back", ctx_may=May.CHAT)
async def back(request: Request, customer_id: int) -> HTTPResponse:
    """The bot has the chat again, and says so. Pressed twice, it says so once."""
    await request.app.ctx.database.run(handoff.hand_back_and_tell, customer_id, utc_now())
    return redirect("/waiting?said=back", status=303)


@pages.post("/slips/<slip_id:row>/order/<order_id:row>", ctx_may=May.SELL)
async def assign(request: Request, slip_id: int, order_id: int) -> HTTPResponse:
    """The slip is for this order, which is then looked at. Pressed twice, or too late, it is no longer listed."""
    who = {"by": request.ctx.seller.email, "now": utc_now()}
    try:
        taken = await request.app.ctx.database.run(
            lambda session: intake.assign(session, slip_id, order_id, **who)
        )
    except NoOpenOrder:
        return redirect("/waiting?said=too_late", status=303)
    return redirect(f"/orders/{taken.order.number}?said=done", status=303)


@pages.post("/slips/<slip_id:row>/done", ctx_may=May.SELL)
async def done(request: Request, slip_id: int) -> HTTPResponse:
    """The seller has seen to a slip that no order needs."""
    await request.app.ctx.database.run(intake.dismiss_one, slip_id)
    return redirect("/waiting", status=303)


def _find(session: Session) -> _InHands:
    customers = handoff.in_hands(session, utc_now())
    return _InHands(
        customers,
        {customer.id: carts.lines(session, customer.id) for customer in customers},
        {customer.id: orders.latest(session, customer.id, 1) for customer in customers},
        catalogue.the_shop(session).currency,
        views.loose_slips(session),
    )
