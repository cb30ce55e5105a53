"""Templates to pages: one Jinja environment for each language, and the headers that every page carries."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import html

from shop import carriers, delivery, media, money, words
from shop.models import Product
from storefront.static import StaticFiles
from storefront.texts import text

if TYPE_CHECKING:
    from storefront.visit import Visit

_FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("th", "en")
#: Messenger Platform: where webviews live on computers. On phones they are pages of their own.
_MESSENGER = "https://www.facebook.com https://www.messenger.com https://business.facebook.com"


class Pages:
    """Renders. `frames`: further addresses that may show the store in a frame, such as the local Messenger's."""

    def __init__(self, static: StaticFiles, public_url: str, frames: str = "") -> None:
        self._environments = {language: _environment(language, static, public_url) for language in LANGUAGES}
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: "
            + public_url,
            "connect-src 'self'; form-action 'self'; base-uri 'none'",
            f"frame-ancestors {_MESSENGER} {frames}".strip(),
        )
        self._headers = {
            "content-security-policy": "; ".join(policy),
            # The address is the key to the customer's cart and orders: no other site may learn it.
            "referrer-policy": "same-origin",
            "cache-control": "no-store",
            "x-robots-tag": "noindex",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }

    def page(self, visit: Visit, template: str, *, status: int, **values: Any) -> HTTPResponse:
        """The template in the customer's language. Each page has a new `once` for the forms on it."""
        common = {
            "at": visit.address,
            "shop_name": visit.shop.name_en if visit.language == "en" else visit.shop.name_th,
            "currency": visit.shop.currency,
            "once": secrets.token_hex(8),
            "here": visit.request.path.removeprefix(visit.address()),
        }
        rendered = self._environments[visit.language].get_template(template).render(common | values)
        return html(rendered, status=status, headers=self._headers)

    def refusal(self, request: Request, visit: Visit | None, status: int, sentence: str) -> HTTPResponse:
        """A page that says what to do. Without a customer it is in the language that the browser prefers."""
        preferred = "en" if request.headers.get("accept-language", "th").startswith("en") else "th"
        language = visit.language if visit else preferred
        template = self._environments[language].get_template("refusal.html")
        start = visit.address() if visit else None
        return html(template.render(sentence=sentence, start=start), status=status, headers=self._headers)


def _environment(language: str, static: StaticFiles, public_url: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(language=language, static=static.url, _=partial(text, language))
    filters: dict[str, Callable[..., Any]] = {
        "money": lambda amount, currency: money.written(amount, currency, language),
        "moment": lambda at: words.written_time(at, language),
        "named": lambda thing: thing.name(language),
        "delivery_days": lambda method: words.delivery_days(method, language),
        "picture": partial(media.public_address, public_url),
        "prices": lambda product, currency: _prices(product, currency, language),
        "left": lambda product: sum(variant.stock for variant in product.offered),
        "choices": lambda product, currency: _choices(product, currency, language),
        "phone": delivery.written_phone,
        "order_word": lambda state: words.order_word(state, language),
        "payment_word": lambda state: words.payment_word(state, language),
        "shipping_word": lambda state: words.shipping_word(state, language),
        "parcel": lambda shipment: words.parcel(shipment, language),
        "tracking_page": lambda shipment: carriers.tracking_page(shipment.carrier, shipment.tracking),
    }
    environment.filters.update(filters)
    return environment


def _prices(product: Product, currency: str, language: str) -> str:
    prices = sorted({variant.price for variant in product.offered})
    ends = prices[:1] + prices[1:][-1:]
    return "–".join(money.written(end, currency, language) for end in ends)


def _choices(product: Product, currency: str, language: str) -> list[dict[str, Any]]:
    """What the page's script shows of each variant once it is chosen; its values as the form sends them."""
    return [
        {
            "values": [value["th"] for value in variant.values],
            "price": money.written(variant.price, currency, language),
            "stock": variant.stock,
            # which of the product's pictures is its own
            "picture": next(
                (place for place, one in enumerate(product.pictures) if one.id == variant.picture_id), None
            ),
            "left": text(language, "Left: %(left)s", left=variant.stock)
            if variant.stock
            else text(language, "Sold out"),
        }
        for variant in product.offered
    ]
