"""Where customers open their bill: `/bills/<token>`, `/bills/<token>.pdf` and `/bills/<token>/promptpay.png`.

For a Sanic application; the gateway's process serves them. The token is the only key (shop.bill_links).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import html, raw
from sqlalchemy.orm import Session

from bills import document, page, pdf
from bills.document import Document
from shop import bill_links, promptpay
from shop.db import Database, utc_now
from shop.models import Order

#: Drawing a PDF is work for a whole core; the webhook must go on meanwhile.
_drawing = asyncio.Semaphore(1)
_LINK_OVER = ("This link has ended", "Please ask for the bill again in the chat.")
_NOTHING_TO_PAY = (
    "There is nothing to pay here",
    "This order does not wait for a transfer any more. Please look at its status in the chat.",
)


@dataclass(frozen=True)
class Bills:
    """What the addresses work with."""

    database: Database
    secret_key: str


def mount(app: Sanic[Any, Any]) -> None:
    """Add the routes. `app.ctx.bills` is set by `opened`, once there is a database."""
    app.add_route(_bill, "/bills/<name:str>", name="bill")
    app.add_route(_qr, "/bills/<token:str>/promptpay.png", name="bill_qr")


def opened(app: Sanic[Any, Any], secret_key: str, database: Database) -> None:
    """Give the mounted routes what they work with."""
    app.ctx.bills = Bills(database, secret_key)


async def drawn(bill: Document, name: str) -> HTTPResponse:
    """The answer with the bill as PDF, to look at or keep as `name` (ASCII, without its ending)."""
    async with _drawing:
        data = await asyncio.to_thread(pdf.written, bill)
    kept = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return raw(data, content_type="application/pdf", headers=page.HEADERS | kept)


async def _bill(request: Request, name: str) -> HTTPResponse:
    token = name.removesuffix(".pdf")
    order_id = _order_id(request, token)

    def read(session: Session) -> Document | None:
        order = _open(session, order_id)
        return document.order_bill(session, order.number, order.customer.language) if order else None

    bill = await _bills(request).database.read(read)
    if bill is None:
        return _refusal(request, 403, _LINK_OVER)
    if name != token:
        return await drawn(bill, f"{bill.number}-bill")
    return html(page.written(bill, f"/bills/{token}.pdf"), headers=page.HEADERS)


async def _qr(request: Request, token: str) -> HTTPResponse:
    """The QR while the order waits for payment; afterwards a page that says so."""
    order_id = _order_id(request, token)

    def read(session: Session) -> tuple[str, promptpay.Request | None] | None:
        order = _open(session, order_id)
        return (order.customer.language, promptpay.request(session, order)) if order else None

    found = await _bills(request).database.read(read)
    if found is None:
        return _refusal(request, 403, _LINK_OVER)
    language, asked = found
    if asked is None:
        return _refusal(request, 410, _NOTHING_TO_PAY, language)
    return raw(promptpay.picture(asked.payload), content_type="image/png", headers=page.HEADERS)


def _open(session: Session, order_id: int | None) -> Order | None:
    """The order, unless its customer's data was erased: then there is nothing of theirs to show."""
    order = session.get(Order, order_id) if order_id is not None else None
    return order if order is not None and order.customer.erased_at is None else None


def _order_id(request: Request, token: str) -> int | None:
    return bill_links.order_of(_bills(request).secret_key, token, utc_now())


def _bills(request: Request) -> Bills:
    bills: Bills = request.app.ctx.bills
    return bills


def _refusal(
    request: Request, status: int, sentences: tuple[str, str], language: str | None = None
) -> HTTPResponse:
    preferred = "en" if request.headers.get("accept-language", "th").startswith("en") else "th"
    return html(page.refusal(language or preferred, *sentences), status=status, headers=page.HEADERS)
