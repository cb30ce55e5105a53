"""The taps that lead everywhere; they stand under every answer after which a customer may not know how to go on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.labels import label
from actions.say import tap
from shop import catalogue
from shop.replies import Button


def taps(session: Session, language: str) -> list[Button]:
    """Products (under the seller's own name for them), orders, a person, the other language if there is one."""
    shop = catalogue.the_shop(session)
    ways = [
        tap(shop.menu_products_en if language == "en" else shop.menu_products_th, "products"),
        tap(label("open_store", language), "open_store"),
        tap(label("view_orders", language), "view_orders"),
        tap(label("talk_to_seller", language), "talk_to_seller"),
    ]
    if len(shop.languages) > 1:
        other = "th" if language == "en" else "en"
        ways.append(tap(label("switch_language", language), "switch_language", to=other))
    return ways
