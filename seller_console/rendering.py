"""Templates to pages: one Jinja environment for each language, with the filters that templates use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.exceptions import SanicException
from sanic.response import html

from seller_console import access, menu, role_words, slip_links, way_back
from seller_console.colours import SCHEMES
from seller_console.static import StaticFiles
from seller_console.texts import text
from shop import carriers, delivery, money, payments, words
from shop.db import utc_now
from shop.models import ProductPicture
from shop.slips import checks
from shop.slips.references import bank_name

FOLDER = Path(__file__).parent / "templates"
#: Set by our script: it wants the page's changing part only, to put it in place of the old one.
_FRAGMENT_HEADER = "x-fragment"


class Pages:
    """Renders templates. `static` gives the addresses of stylesheet and script."""

    def __init__(self, static: StaticFiles) -> None:
        self._environments = {language: _environment(language, static) for language in access.LANGUAGES}

    def render(self, language: str, template: str, values: dict[str, Any]) -> str:
        """The template's text with `values`, in `language` ("th" or "en"), every value escaped."""
        return self._environments[language].get_template(template).render(values)


def page(
    request: Request, template: str, *, status: int = 200, fragment: str = "", **values: Any
) -> HTTPResponse:
    """A page of the console; to our script only its `fragment`, where the page has one."""
    context = request.app.ctx
    common = {
        "seller": request.ctx.seller,
        "shop_name": request.ctx.shop_name,
        "path": request.path,
        "here": _here(request),
        "csrf": access.form_token(request),
        "counts": context.live.counts,
        "position": context.live.position,
        "came_from": way_back.of(request),
    }
    if request.ctx.seller is not None:
        common["menu"] = menu.entries(request.ctx.seller.may)
        common["tabs"] = menu.tabs(common["menu"])
        common["slip_address"] = partial(
            slip_links.address, context.settings.secret_key, request.ctx.seller.secret
        )
    wanted = fragment if fragment and is_fragment(request) else template
    return html(context.pages.render(request.ctx.language, wanted, common | values), status=status)


def is_fragment(request: Request) -> bool:
    """Whether our script asks, which wants a page's changing part only."""
    return _FRAGMENT_HEADER in request.headers


def _here(request: Request) -> str:
    """Where the language switch comes back to: this page, or, where a form drew it, the nearest one for links."""
    if request.method in access.SAFE_METHODS:
        return f"{request.path}?{request.query_string}" if request.query_string else request.path
    path = request.path.rstrip("/")
    while path and not _is_page(request, path):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(request: Request, path: str) -> bool:
    try:
        request.app.router.get(path, "GET", None)
    except SanicException:
        return False
    return True


#: How the verification services call themselves.
_SERVICES = {"slipok": "SlipOK", "easyslip": "EasySlip"}


def _environment(language: str, static: StaticFiles) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        language=language, static=static.url, schemes=SCHEMES, _=partial(text, language)
    )
    environment.filters.update(_filters(language))
    return environment


def _filters(language: str) -> dict[str, Callable[..., Any]]:
    """How values are written for people who read this language, by the name that templates know it by."""
    return {
        "money": lambda amount, currency: money.written(amount, currency, language),
        "plain_money": lambda amount, currency: f"{money.as_decimal(amount, currency).normalize():f}",
        "bank": lambda code: bank_name(code, language),
        # what a seller chose has words of its own, what they wrote is shown as it is
        "rejection": lambda said: words.rejection_word(said, language) if said in payments.REASONS else said,
        "who": lambda by, names: by_whom(by, names, language),
        "service": lambda key: _SERVICES.get(key, key),
        "moment": lambda at: words.written_time(at, language),
        "day": lambda day: words.written_day(day, language),
        "recent": lambda at, exact=False: recent(at, language, exact=exact),
        "clock": lambda at: f"{at.astimezone(words.BANGKOK):%H:%M}",
        "mark": lambda mark: words.written_mark(mark, language),
        "iso": datetime.isoformat,
        "minute": lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "carrier": lambda carrier: carriers.name(carrier, language),
        # a number that was counted up to a limit only
        "up_to": lambda number, most: f"{number:,}+" if number >= most else f"{number:,}",
        "picture_address": picture_address,
        "parcel": lambda shipment: words.parcel(shipment, language),
        "phone": written_phone,
        "stock_word": lambda why: stock_word(why, language),
        "tracking_page": lambda shipment: carriers.tracking_page(shipment.carrier, shipment.tracking),
        "order_word": lambda state: words.order_word(state, language),
        "payment_word": lambda state: words.payment_word(state, language),
        "reason": lambda stored: reason(stored, language),
        "role_word": lambda role: role_words.role_word(role, language),
        "role_meaning": lambda role: role_words.role_meaning(role, language),
    }


def picture_address(picture: ProductPicture, size: str = "") -> str:
    """Where the console shows a picture; `size` is "small" or empty. Another picture has another address for ever."""
    return f"/pictures/{picture.id}{'/' if size else ''}{size}?v={picture_version(picture)}"


def picture_version(picture: ProductPicture) -> str:
    """What tells the picture from all others, also from one that had its id before."""
    return hashlib.sha256(picture.key.encode()).hexdigest()[:12]


def recent(at: datetime, language: str, *, exact: bool = False) -> str:
    """When it was, as short as it can be told: the clock's time of the days around now, of others the day.

    `exact`: with the clock's time then too, as of a time that somebody waits since.
    """
    days = (at.astimezone(words.BANGKOK).date() - utc_now().astimezone(words.BANGKOK).date()).days
    clock = f"{at.astimezone(words.BANGKOK):%H:%M}"
    near = {
        0: clock,
        -1: text(language, "yesterday %(clock)s", clock=clock),
        1: text(language, "tomorrow %(clock)s", clock=clock),
    }
    return near.get(days) or (words.written_time if exact else words.written_day)(at, language)


def by_whom(by: str, names: Mapping[str, str], language: str) -> str:
    """Who did it: a person by name, or the verification service whose answer confirmed an order."""
    if by.startswith(checks.BY):
        key = by.removeprefix(checks.BY)
        return text(language, "Automatic (%(service)s)", service=_SERVICES.get(key, key))
    return names.get(by, by)


def stock_word(why: str, language: str) -> str:
    """Why stock changed: one of our reasons in words, or the seller's own."""
    ours = {
        "received": text(language, "Goods received"),
        "counted": text(language, "Counted"),
        "damaged": text(language, "Damaged or lost"),
        "returned": text(language, "Returned by a customer"),
        "other": text(language, "Something else"),
        "imported": text(language, "From a file"),
        "ordered": text(language, "Ordered by a customer"),
        "cancelled": text(language, "Order cancelled"),
        "expired": text(language, "Order not paid in time"),
        "came_back": text(language, "Parcel came back"),
        "kept_out": text(language, "Not put back into stock"),
        "edited": text(language, "Order changed"),
    }
    return ours.get(why, why)


def written_phone(phone: str) -> str:
    """The stored number as people write it; as it is stored when that is not a number after all."""
    try:
        return delivery.written_phone(phone)
    except ValueError:
        return phone


def reason(stored: str | None, language: str) -> str:
    """Why something went wrong, from a column that holds plain text or JSON `{"th": …, "en": …}`."""
    try:
        by_language = json.loads(stored or "")
        return str(by_language[language])
    except (ValueError, KeyError, TypeError):
        return stored or ""
