"""The way back to the list of orders: its filters, and the part of it, ride along in the address of what it leads to.

Only what the list itself understands is taken over, so no address leads anywhere but to the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

from seller_console import order_filters
from seller_console.addresses import row_id
from seller_console.order_filters import Filters
from shop.roles import May

_LIST = "/orders"
#: Where a form of an order's page leads when all went well: that page again.
_ORDER = re.compile(r"(/orders/TL-\d{8}(?:\?said=\w+)?)(#\w+)?")


@dataclass(frozen=True)
class Place:
    """Where in the list somebody was: what it showed, and after which order (an id) its part began."""

    filters: Filters
    before: str = ""

    @property
    def query(self) -> str:
        """The part of an address that says so."""
        before = urlencode({"before": self.before}) if self.before else ""
        return "&".join(part for part in (self.filters.query, before) if part)

    @property
    def tail(self) -> str:
        """The same for the end of an address that has nothing else."""
        return f"?{self.query}" if self.query else ""

    @property
    def address(self) -> str:
        """Of that part of the list."""
        return f"{_LIST}{self.tail}"


def of(request: Request) -> Place:
    """The place in the list from which somebody came here: what the address says, or that of the page before."""
    if request.ctx.seller is None:
        return Place(Filters())
    own = _place(request, {name: str(request.args.get(name)) for name in request.args})
    if own.query or request.path == _LIST:
        return own
    return _place(request, _values_of(request.headers.get("referer", "")))


def _values_of(address: str) -> dict[str, str]:
    """What the address of the list, or of a page that was opened from it, says."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return {}
    return dict(parse_qsl(parts.query)) if parts.path.startswith(_LIST) else {}


def _place(request: Request, values: dict[str, str]) -> Place:
    filters = order_filters.from_values(values, sees_money=May.SEE_MONEY in request.ctx.seller.may)
    try:
        return Place(filters, str(row_id(values.get("before", ""))))
    except ValueError:
        return Place(filters)


def keep(app: Sanic) -> None:  # type: ignore[type-arg]
    """Have every form of an order's page lead back to the page as it was opened from the list."""
    app.register_middleware(_keep, "response")


async def _keep(request: Request, response: BaseHTTPResponse) -> None:
    leads_to = _ORDER.fullmatch(response.headers.get("location", ""))
    if request.method != "POST" or leads_to is None:
        return
    if query := of(request).query:
        page, part = leads_to.groups(default="")
        response.headers["location"] = f"{page}{'&' if '?' in page else '?'}{query}{part}"
