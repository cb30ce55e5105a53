"""The filtered list of orders as a file for Excel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sanic import Blueprint, Request
from sanic.response import raw
from sqlalchemy.orm import Session

from seller_console import chosen, order_filters
from seller_console.changes import change
from seller_console.rendering import written_phone
from seller_console.texts import text
from shop import audit, carriers, money, order_list, periods, spreadsheets, words
from shop.db import utc_now
from shop.models import Order
from shop.order_wanted import Wanted
from shop.roles import May
from shop.spreadsheets import Cell

pages = Blueprint("export")

_Rows = Sequence[Sequence[Cell]]

_AT_ONCE = 500
#: An Excel file is made whole before it is sent, so it holds fewer orders than a CSV file, which is sent as it is made.
_MOST = {"csv": 200_000, "xlsx": 20_000}
_HEAD = (
    *("Order", "Placed", "Channel", "Customer", "Recipient", "Phone", "Address", "Postal code", "Items"),
    *(
        "Payment",
        "Order state",
        "Subtotal",
        "Shipping",
        "Discount",
        "Total",
        "Received",
        "Carrier",
        "Tracking number",
    ),
)
_WIDTHS = (13, 17, 16, 20, 20, 14, 40, 10, 40, 18, 14, 10, 10, 10, 10, 10, 16, 20)


@pages.get("/orders/export", ctx_may=May.SEE_MONEY, ctx_at_most=(10, 60))
async def export(request: Request) -> object:
    """The orders that the address names (seller_console.chosen), or else its filters show, as `format` csv or xlsx."""
    kind = "xlsx" if request.args.get("format") == "xlsx" else "csv"
    now, language = utc_now(), request.ctx.language
    wanted = order_filters.from_address(request, sees_money=True).wanted(now)
    await change(request, "", lambda session: audit.note(session, format=kind))
    name = f'attachment; filename="orders-{periods.today(now)}.{kind}"'
    if chosen.are_named(request):
        rows = _chosen(request, chosen.named(request), language)
    else:
        rows = _fitting(request, wanted, _MOST[kind], language)
    if kind == "xlsx":
        every = [row async for some in rows for row in some]
        book = await asyncio.to_thread(spreadsheets.xlsx, every, title="Orders", widths=_WIDTHS)
        return raw(
            book,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            headers={"content-disposition": name},
        )
    answer = await request.respond(
        content_type="text/csv; charset=utf-8", headers={"content-disposition": name}
    )
    mark, skipped = next(iter(spreadsheets.csv_lines([]))), False
    async for some in rows:
        lines = b"".join(spreadsheets.csv_lines(some))
        await answer.send(lines.removeprefix(mark) if skipped else lines)
        skipped = True
    return await answer.eof()


async def _chosen(request: Request, numbers: Sequence[str], language: str) -> AsyncIterator[_Rows]:
    """The rows of these orders, each part read by itself, so that no reader holds the database for long."""
    yield [_head(language)]
    for start in range(0, len(numbers), _AT_ONCE):
        yield await request.app.ctx.database.read(_those, numbers[start : start + _AT_ONCE], language)


async def _fitting(request: Request, wanted: Wanted, most: int, language: str) -> AsyncIterator[_Rows]:
    """The rows of all orders that fit, in parts too. The last row says so when these are not all."""
    yield [_head(language)]
    before: int | None = None
    now, sent = utc_now(), 0
    while sent < most:
        some, before, is_whole = await request.app.ctx.database.read(_some, wanted, now, before, language)
        yield some
        sent += len(some)
        if not is_whole:
            yield [[text(language, "Very many orders fit. These are some of the newest.")]]
            return
        if before is None:
            return
    yield [[text(language, "This file ends after %(count)s orders; there are more.", count=f"{sent:,}")]]


def _those(session: Session, numbers: Sequence[str], language: str) -> _Rows:
    return [_row(order, language) for order in order_list.numbers(session, numbers)]


def _some(
    session: Session, wanted: Wanted, now: datetime, before: int | None, language: str
) -> tuple[_Rows, int | None, bool]:
    part = order_list.page(session, wanted, now=now, before_id=before, limit=_AT_ONCE)
    return (
        [_row(order, language) for order in part.orders],
        part.older,
        part.complete or part.older is not None,
    )


def _head(language: str) -> Sequence[Cell]:
    return (
        text(language, "Order"),
        text(language, "Placed"),
        text(language, "Channel"),
        text(language, "Customer"),
        text(language, "Recipient"),
        text(language, "Phone"),
        text(language, "Address"),
        text(language, "Postal code"),
        text(language, "Items"),
        text(language, "Payment"),
        text(language, "Order state"),
        text(language, "Subtotal"),
        text(language, "Shipping"),
        text(language, "Discount"),
        text(language, "Total"),
        text(language, "Received"),
        text(language, "Carrier"),
        text(language, "Tracking number"),
    )


def _row(order: Order, language: str) -> Sequence[Cell]:
    def amount(minor: int) -> Cell:
        return money.as_decimal(minor, order.currency)

    sent = order.shipment
    return (
        order.number,
        order.placed_at,
        order.channel.name,
        order.customer.name,
        order.recipient,
        written_phone(order.phone) if order.phone else None,
        order.address,
        order.postal_code,
        ", ".join(f"{line.name(language)} × {line.quantity}" for line in order.lines),
        words.payment_word(order.payment_state, language),
        words.order_word(order.state, language),
        amount(order.subtotal),
        amount(order.shipping_fee),
        amount(order.discount),
        amount(order.total),
        amount(order.received),
        carriers.name(sent.carrier, language) if sent else None,
        sent.tracking if sent else None,
    )
