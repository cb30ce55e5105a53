"""How the shop does in a period: numbers, charts and the tables behind them, also as CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sqlalchemy.orm import Session

from seller_console import charts
from seller_console.addresses import row_id
from seller_console.rendering import page
from seller_console.texts import text
from shop import accounts, catalogue, figures, money, periods, spreadsheets
from shop.db import utc_now
from shop.errors import NotFound
from shop.figures import ChannelSums, Part, Sold, Sums
from shop.models import Channel, Shop
from shop.periods import Period, Step
from shop.roles import May
from shop.spreadsheets import Cell

pages = Blueprint("figures", url_prefix="/figures")

#: Periods that have a name, as the page offers them.
NAMED = {
    "today": "Today",
    "yesterday": "Yesterday",
    "week": "7 days",
    "days30": "30 days",
    "month": "This month",
    "last_month": "Last month",
}


@dataclass(frozen=True)
class _Asked:
    """What the address asks for: a period, by name or by days, of one channel or all."""

    name: str
    period: Period
    channel: int | None

    @property
    def query(self) -> str:
        """The same, for another address."""
        channel = {} if self.channel is None else {"channel": str(self.channel)}
        days = {"from": str(self.period.first), "to": str(self.period.last)}
        return urlencode((days if self.name == "own" else {"period": self.name}) | channel)


@dataclass(frozen=True)
class _Found:
    """All that the page shows."""

    shop: Shop
    now: Sums
    earlier: Period
    before: Sums
    parts: Sequence[Part]
    best: Sequence[Sold]
    by_channel: Sequence[ChannelSums]
    channels: Sequence[Channel]


@pages.get("/", ctx_may=May.SEE_FIGURES, ctx_at_most=(120, 60))
async def show(request: Request) -> HTTPResponse:
    """The figures of today, or of `period` (a name), or `from` and `to` (days); of one `channel` if it is named."""
    asked = _asked(request)
    found = await _find(request, asked)
    return page(
        request,
        "figures.html",
        asked=asked,
        named=NAMED,
        found=found,
        currency=found.shop.currency,
        is_empty=found.now == figures.NOTHING,
        by_the_hour=asked.period.step is Step.HOUR,
        wrong="from" in request.args and asked.name != "own",
    )


@pages.get("/charts/<chart:str>", ctx_may=May.SEE_FIGURES)
async def chart(request: Request, chart: str) -> HTTPResponse:
    """A chart as SVG, by its name in `_CHARTS`, of what the page has found; `size` is narrow or wide, `scheme` light or
    dark.
    """
    asked = _asked(request)
    size = "wide" if request.args.get("size") == "wide" else "narrow"
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    if chart not in _CHARTS:
        raise NotFound(chart)
    found = request.app.ctx.figures.get(asked) or await _find(request, asked)
    look = charts.Look(size, scheme, request.ctx.language, found.shop.currency)
    drawn = await asyncio.to_thread(_CHARTS[chart], found, look)
    headers = {"content-security-policy": charts.POLICY}
    return HTTPResponse(drawn, content_type="image/svg+xml", headers=headers)


@pages.get("/tables/<table:str>", ctx_may=May.SEE_FIGURES)
async def table(request: Request, table: str) -> HTTPResponse:
    """The table behind a chart, whole, as CSV for a spreadsheet."""
    asked = _asked(request)
    if table not in _TABLES:
        raise NotFound(table)
    rows = await request.app.ctx.database.read(_rows, table, asked, request.ctx.language)
    saved_as = f"{table}-{asked.period.first}-{asked.period.last}.csv"
    headers = {"content-disposition": f'attachment; filename="{saved_as}"'}
    data = b"".join(spreadsheets.csv_lines(rows))
    return HTTPResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: Request) -> _Asked:
    today = periods.today(utc_now())
    name = request.args.get("period", "today")
    try:
        channel = row_id(request.args.get("channel", ""))
    except ValueError:
        channel = None
    try:
        own = periods.between(request.args.get("from", ""), request.args.get("to", ""))
    except ValueError:
        found = periods.named(name, today)
        return _Asked(name if found else "today", found or Period(today, today), channel)
    return _Asked("own", own, channel)


async def _find(request: Request, asked: _Asked) -> _Found:
    """Ask the database, and keep the answer for the page's charts: counting a month again for each takes its time."""
    found: _Found = await request.app.ctx.database.read(_read, asked)
    request.app.ctx.figures.keep(asked, found)
    return found


def _read(session: Session, asked: _Asked) -> _Found:
    period, channel = asked.period, asked.channel
    earlier = period.before(utc_now())
    by_channel = figures.channels(session, period, channel)
    return _Found(
        catalogue.the_shop(session),
        figures.total(by_channel),
        earlier,
        figures.sums(session, earlier, channel),
        figures.course(session, period, channel),
        figures.best_products(session, period, channel),
        by_channel,
        accounts.connected(session),
    )


def _course(found: _Found, look: charts.Look) -> bytes:
    names = text(look.language, "Sales"), text(look.language, "Money received")
    return charts.course(found.parts, look, names)


def _unpaid(found: _Found, look: charts.Look) -> bytes:
    names = text(look.language, "Unpaid"), text(look.language, "To be collected")
    return charts.unpaid(found.parts, look, names)


_CHARTS: dict[str, Callable[[_Found, charts.Look], bytes]] = {
    "course": _course,
    "orders": lambda found, look: charts.orders(found.parts, look),
    "unpaid": _unpaid,
    "conversion": lambda found, look: charts.conversion(found.parts, look),
    "products": lambda found, look: charts.products(found.best, look),
    "channels": lambda found, look: charts.channels(found.by_channel, look),
}


def _rows(session: Session, name: str, asked: _Asked, language: str) -> Sequence[Sequence[Cell]]:
    return list(_TABLES[name](session, asked, language, catalogue.the_shop(session).currency))


#: Columns of what `_numbers` gives.
_NUMBERS = (
    "Orders",
    "Cancelled or expired",
    "Sales",
    "Money received",
    "Orders not paid",
    "Unpaid",
    "Orders to be paid on delivery",
    "To be collected",
)
_CHATS = ("In the chat", "Ordered", "From chat to order (%)")


def _numbers(sums: Sums, currency: str) -> list[Cell]:
    def amount(number: int) -> Cell:
        return money.as_decimal(number, currency)

    sold, unpaid = (amount(sums.sold), amount(sums.received)), (sums.unpaid, amount(sums.unpaid_amount))
    return [sums.orders, sums.ended, *sold, *unpaid, sums.on_delivery, amount(sums.on_delivery_amount)]


def _chats(sums: Sums) -> list[Cell]:
    return [sums.wrote, sums.bought, None if sums.conversion is None else round(sums.conversion * 100)]


def _course_rows(session: Session, asked: _Asked, language: str, currency: str) -> Iterator[Sequence[Cell]]:
    has_chats = asked.period.step is not Step.HOUR
    yield [text(language, name) for name in ("Time", *_NUMBERS, *(_CHATS if has_chats else ()))]
    for part in figures.course(session, asked.period, asked.channel):
        yield [part.mark, *_numbers(part.sums, currency), *(_chats(part.sums) if has_chats else ())]


def _product_rows(session: Session, asked: _Asked, language: str, currency: str) -> Iterator[Sequence[Cell]]:
    yield [text(language, name) for name in ("Product", "Pieces", "Sales")]
    for sold in figures.best_products(session, asked.period, asked.channel, limit=None):
        yield [sold.product.name(language), sold.pieces, money.as_decimal(sold.amount, currency)]


def _channel_rows(session: Session, asked: _Asked, language: str, currency: str) -> Iterator[Sequence[Cell]]:
    yield [text(language, name) for name in ("Channel", *_NUMBERS, *_CHATS)]
    for one in figures.channels(session, asked.period, asked.channel):
        yield [one.channel.name, *_numbers(one.sums, currency), *_chats(one.sums)]


_TABLES: dict[str, Callable[[Session, _Asked, str, str], Iterator[Sequence[Cell]]]] = {
    "course": _course_rows,
    "products": _product_rows,
    "channels": _channel_rows,
}
