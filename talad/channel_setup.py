"""`talad channel setup`: what a Page shows before the first word, taken from the shop's settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import aiohttp

from channels.messenger import profile
from channels.messenger.graph import Graph
from channels.messenger.profile import MenuItem, PageSetup
from gateway.credentials import credentials_of
from gateway.payloads import sign
from shop import accounts, catalogue
from shop.db import Database
from shop.models import Channel, Shop
from shop.vault import Vault
from talad.settings import Settings


@dataclass(frozen=True)
class Line:
    """One step on one Page, and how it went."""

    page: str
    ok: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok ' if self.ok else 'FIX'}  {self.page}: {self.sentence}"


async def set_up_all(settings: Settings, database: Database) -> list[Line]:
    """Set up every connected Page anew; harmless to repeat. Returns a line for each step."""
    shop = await database.read(catalogue.the_shop)
    channels = await database.read(accounts.connected)
    lines: list[Line] = []
    async with aiohttp.ClientSession() as http:
        for channel in channels:
            lines += await _set_up(settings, http, shop, channel)
    return lines


async def _set_up(
    settings: Settings, http: aiohttp.ClientSession, shop: Shop, channel: Channel
) -> list[Line]:
    graph = Graph(http, credentials_of(channel, Vault(settings.secret_key), settings.graph_url))
    signed = partial(sign, settings.secret_key, channel.id)
    results = await profile.set_up(graph, page_setup(shop, settings.public_url), sign=signed)
    return [Line(channel.name, result.ok, result.sentence["en"]) for result in results]


def page_setup(shop: Shop, public_url: str) -> PageSetup:
    """Greeting, Get Started and menu of the shop, with the seller's own word for products. Raises ValueError."""
    return PageSetup(
        greeting={"th": shop.greeting_th, "en": shop.greeting_en},
        get_started="/get_started",
        public_url=public_url,
        menu=(
            MenuItem({"th": shop.menu_products_th, "en": shop.menu_products_en}, payload="/products"),
            MenuItem({"th": "ดูคำสั่งซื้อ", "en": "View orders"}, payload="/view_orders"),
            MenuItem({"th": "คุยกับร้าน", "en": "Talk to seller"}, payload="/talk_to_seller"),
            MenuItem({"th": "ภาษา / Language", "en": "Language / ภาษา"}, payload="/switch_language"),
        ),
    )
