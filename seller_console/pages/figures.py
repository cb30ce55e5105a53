"""How the shop does in a period: numbers, charts and the tables behind them, also as CSV."""

from __future__ import annotations

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
    found = await request.app.ctx.database.read(_find, asked)
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
    """A chart as SVG, by its name in `_CHARTS`; `size` is narrow or wide, `scheme` light or dark."""
    asked = _asked(request)
    size = "wide" if request.args.get("size") == "wide" else "narrow"
    scheme = "dark" if request.args.get("scheme") == "dark" else "light"
    if chart not in _CHARTS:
        raise NotFound(chart)
    drawn = await request.app.ctx.database.read(_draw, chart, asked, size, scheme, request.ctx.language)
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


def _find(session: Session, asked: _Asked) -> _Found:
    period, channel = asked.period, asked.channel
    earlier = period.before(utc_now())
    return _Found(
        catalogue.the_shop(session),
        figures.sums(session, period, channel),
        earlier,
        figures.sums(session, earlier, channel),
        figures.course(session, period, channel),
        figures.best_products(session, period, channel),
        figures.channels(session, period),
        accounts.connected(session),
    )


def _draw(session: Session, name: str, asked: _Asked, size: str, scheme: str, language: str) -> bytes:
    look = charts.Look(size, scheme, language, catalogue.the_shop(session).currency)
    return _CHARTS[name](session, asked, look)


def _course(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    names = text(look.language, "Sales"), text(look.language, "Money received")
    return charts.course(_parts(session, asked), look, names)


def _orders(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    return charts.orders(_parts(session, asked), look)


def _unpaid(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    names = text(look.language, "Unpaid"), text(look.language, "To be collected")
    return charts.unpaid(_parts(session, asked), look, names)


def _conversion(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    return charts.conversion(_parts(session, asked), look)


def _parts(session: Session, asked: _Asked) -> Sequence[Part]:
    return figures.course(session, asked.period, asked.channel)


def _best_products(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    return charts.products(figures.best_products(session, asked.period, asked.channel), look)


def _by_channel(session: Session, asked: _Asked, look: charts.Look) -> bytes:
    return charts.channels(figures.channels(session, asked.period), look)


_CHARTS: dict[str, Callable[[Session, _Asked, charts.Look], bytes]] = {
    "course": _course,
    "orders": _orders,
    "unpaid": _unpaid,
    "conversion": _conversion,
    "products": _best_products,
    "channels": _by_channel,
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
    for one in figures.channels(session, asked.period):
        yield [one.channel.name, *_numbers(one.sums, currency), *_chats(one.sums)]


_TABLES: dict[str, Callable[[Session, _Asked, str, str], Iterator[Sequence[Cell]]]] = {
    "course": _course_rows,
    "products": _product_rows,
    "channels": _channel_rows,
}
