"""One order: its bill, the payment notification with the slips, confirming the payment, its history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from sqlalchemy.orm import Session

from seller_console import access
from seller_console.rendering import page
from shop import catalogue, fulfilment, payments, people, seller_words, views
from shop.carriers import CARRIERS
from shop.db import utc_now
from shop.errors import LedgerMoved, NotAllowed
from shop.models import Order, OutboxMessage, Shop
from shop.roles import May
from shop.states import OrderState, PaymentState
from shop.views import OrderDetail

pages = Blueprint("order", url_prefix="/orders/<number:str>")

#: What the page may say on top after a click, by the word in the address.
_SAID = ("confirmed", "already", "done")


@dataclass(frozen=True)
class _Seen:
    detail: OrderDetail
    names: dict[str, str]
    shop: Shop
    written: Sequence[OutboxMessage]


@pages.get("/", ctx_may=May.SEE_ORDERS)
async def order(request: Request, number: str) -> HTTPResponse:
    """The order's page."""
    said = request.args.get("said")
    return await order_page(request, number, said=said if said in _SAID else None)


@pages.get("/confirm", ctx_may=May.SELL)
async def question(request: Request, number: str) -> HTTPResponse:
    """The question before confirming, as a page for browsers without script."""
    seen = await request.app.ctx.database.read(_see, number)
    if not confirmable(seen.detail):
        return redirect(f"/orders/{number}", status=303)
    return page(request, "confirm.html", **_values(seen))


@pages.post("/confirm", ctx_may=May.SELL)
async def confirm(request: Request, number: str) -> HTTPResponse:
    """The seller said "Yes": the payment is confirmed. A second "Yes" finds it confirmed and changes nothing."""
    seen = last_entry(request)
    try:
        did_it = await request.app.ctx.database.run(_confirm, number, request.ctx.seller.email, seen)
    except NotAllowed:
        return await order_page(request, number, said="refused", status=409)
    except LedgerMoved:
        return await order_page(request, number, said="moved", status=409)
    return redirect(f"/orders/{number}?said={'confirmed' if did_it else 'already'}", status=303)


def confirmable(detail: OrderDetail) -> bool:
    """Whether a seller may confirm the payment now; `payments.confirm` has the last word."""
    waits = detail.order.payment_state in (PaymentState.AWAITING_SLIP, PaymentState.PENDING)
    return detail.order.state not in (OrderState.CANCELLED, OrderState.EXPIRED) and waits


def last_entry(request: Request) -> int | None:
    """The ledger's newest entry when the seller looked at it, as their form says; None where it says nothing."""
    given = access.field(request, "seen")
    return int(given) if given.isdecimal() else None


def _confirm(session: Session, number: str, by: str, seen: int | None) -> bool:
    order_id = views.order_detail(session, number).order.id
    _, did_it = payments.confirm(session, order_id, by=by, now=utc_now(), seen=seen)
    return did_it


async def order_page(
    request: Request,
    number: str,
    *,
    said: str | None,
    status: int = 200,
    parcel: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    letter: tuple[str, str] = ("", ""),
) -> HTTPResponse:
    """The order's page with what it says on top; `parcel` and `typed` are what was typed about the parcel, or about
    money, and could not be used (`typed["form"]` names the form). `letter`: what was typed to the customer, and why it
    was not sent ("missing", "long", "late").
    """
    seen = await request.app.ctx.database.read(_see, number)
    paid = seen.detail.order.payment_state == PaymentState.PAID
    # The address could be anybody's: it says "confirmed" only of an order that is.
    truly = None if said in ("confirmed", "already") and not paid else said
    values = _values(seen) | {
        "said": truly,
        "parcel": parcel or _parcel(seen.detail.order),
        "typed": typed or {},
        "letter": letter,
    }
    return page(request, "order.html", fragment="_order.html", status=status, **values)


def _parcel(order: Order) -> Mapping[str, str]:
    """What the form about the parcel begins with."""
    sent = order.shipment
    if sent is None:
        return {"carrier": "", "other": "", "tracking": "", "wrong": ""}
    known = sent.carrier in CARRIERS
    carrier, other = (sent.carrier, "") if known else ("", sent.carrier)
    return {"carrier": carrier, "other": other, "tracking": sent.tracking, "wrong": ""}


def _see(session: Session, number: str) -> _Seen:
    detail = views.order_detail(session, number)
    written = seller_words.written(session, detail.order)
    by = {*(change.by for change in detail.transitions), *(entry.by for entry in detail.payments)}
    names = people.names(session, by | {one.written_by or "" for one in written})
    return _Seen(detail, names, catalogue.the_shop(session), written)


def _values(seen: _Seen) -> dict[str, Any]:
    detail = seen.detail
    return {
        "order": detail.order,
        "slips": detail.slips,
        "transitions": detail.transitions,
        "notices": detail.notices,
        "names": seen.names,
        "entries": detail.payments,
        "undone": {entry.undoes_id for entry in detail.payments},
        "balance": detail.balance,
        "last_entry": detail.payments[-1].id if detail.payments else 0,
        "findings": detail.findings,
        "checks": detail.checks,
        "repeats": detail.repeats,
        "reasons": payments.REASONS,
        "keep_slips_days": seen.shop.keep_slips_days,
        "keep_addresses_days": seen.shop.keep_addresses_days,
        "confirmable": confirmable(detail),
        "steps": fulfilment.steps(detail.order),
        "carriers": CARRIERS,
        "written": seen.written,
        "can_write": seller_words.can_write(detail.order, utc_now()),
        "new_form": secrets.token_urlsafe(12),
        "most_letters": seller_words.LONGEST,
        "chat_link": seller_words.chat_link(detail.order),
        "text_message": seller_words.text_message(detail.order, seen.shop),
        "text_message_link": seller_words.text_message_link(detail.order, seen.shop),
    }
