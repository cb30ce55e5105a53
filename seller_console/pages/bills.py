"""An order's bill and its payment notification bill, for the seller to look at, print or keep."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html

from bills import document, page
from bills.addresses import drawn
from shop.roles import May

pages = Blueprint("bills", url_prefix="/orders/<number:str>")


@pages.get("/bill", ctx_may=May.SEE_MONEY)
async def bill(request: Request, number: str) -> HTTPResponse:
    """The order's bill as a page."""
    shown = await request.app.ctx.database.read(document.order_bill, number, request.ctx.language)
    return html(page.written(shown, f"/orders/{shown.number}/bill.pdf"), headers=page.HEADERS)


@pages.get("/bill.pdf", ctx_may=May.SEE_MONEY)
async def bill_pdf(request: Request, number: str) -> HTTPResponse:
    """The order's bill as PDF."""
    shown = await request.app.ctx.database.read(document.order_bill, number, request.ctx.language)
    return await drawn(shown, f"{shown.number}-bill")


@pages.get("/payment", ctx_may=May.SEE_MONEY)
async def payment(request: Request, number: str) -> HTTPResponse:
    """The payment notification bill as a page."""
    shown = await request.app.ctx.database.read(document.payment_bill, number, request.ctx.language)
    return html(page.written(shown, f"/orders/{shown.number}/payment.pdf"), headers=page.HEADERS)


@pages.get("/payment.pdf", ctx_may=May.SEE_MONEY)
async def payment_pdf(request: Request, number: str) -> HTTPResponse:
    """The payment notification bill as PDF."""
    shown = await request.app.ctx.database.read(document.payment_bill, number, request.ctx.language)
    return await drawn(shown, f"{shown.number}-payment")
