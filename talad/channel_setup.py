"""`talad channel setup`: what a Page shows before the first word, taken from the shop's settings, and its templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import aiohttp
from sqlalchemy.orm import Session

from channels.base import SendError
from channels.messenger import profile, utility
from channels.messenger.graph import Graph
from channels.messenger.profile import MenuItem, PageSetup
from channels.messenger.utility import Status
from gateway.credentials import credentials_of
from gateway.payloads import sign
from shop import accounts, catalogue, message_templates
from shop.db import Database, utc_now
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
            graph = Graph(http, credentials_of(channel, Vault(settings.secret_key), settings.graph_url))
            lines += await _set_up(settings, graph, shop, channel)
            lines += await _templates(graph, database, channel)
    return lines


async def _set_up(settings: Settings, graph: Graph, shop: Shop, channel: Channel) -> list[Line]:
    signed = partial(sign, settings.secret_key, channel.id)
    results = await profile.set_up(graph, page_setup(shop, settings.public_url), sign=signed)
    return [Line(channel.name, result.ok, result.sentence["en"]) for result in results]


async def _templates(graph: Graph, database: Database, channel: Channel) -> list[Line]:
    """Have every notice's template made, and remember its state. After `_set_up`, so that Meta tells of later ones."""
    began = utc_now()  # what Meta tells of them from now on is newer than what is read here
    try:
        made = await utility.ensure(graph)
    except SendError as error:
        return [Line(channel.name, False, f"message templates: {error.sentence['en']}")]
    await database.run(_note, channel.id, [status for status, _ in made], began)
    return [Line(channel.name, is_fine(status), template_line(status)) for status, _ in made]


def _note(session: Session, channel_id: int, found: list[Status], now: datetime) -> None:
    for one in found:
        message_templates.note(
            session, channel_id, one.name, one.language, status=one.status, reason=one.reason, now=now
        )


def is_fine(status: Status) -> bool:
    """Whether nobody has to do anything about the template."""
    return status.status in (message_templates.APPROVED, message_templates.PENDING)


def template_line(status: Status) -> str:
    """The template's state in words, and what to do."""
    told = f"message template {status.name} ({status.language}): {status.status.lower()}"
    if status.status == message_templates.PENDING:
        return f"{told}; Meta looks at it, which takes minutes to a day"
    because = f" ({status.reason})" if status.reason else ""
    return told + because + ("" if is_fine(status) else f". {ADVICE}")


#: What to do about a template that Meta does not approve.
ADVICE = (
    "Look at it in Meta Business Suite (message templates); the app needs the permission pages_utility_messaging. "
    "Until then customers who were silent for 24 hours are not told"
)


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
