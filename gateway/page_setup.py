"""Setting a Page up: what it shows before the first word, taken from the shop's settings, and its templates. And taking
it down again.

`talad channel setup` and the console (gateway/errands.py) both come here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import aiohttp
from sqlalchemy.orm import Session

from channels.base import SendError, Sentence
from channels.messenger import profile, removal, utility
from channels.messenger.graph import Graph
from channels.messenger.profile import MenuItem, PageSetup, Result
from channels.messenger.utility import Status
from gateway import sentences
from gateway.credentials import credentials_of
from gateway.payloads import sign, verified
from shop import accounts, catalogue, message_templates
from shop.db import Database, utc_now
from shop.errands import Line
from shop.models import Channel, Shop
from shop.vault import Vault
from talad.settings import Settings

#: Is given the lines so far after each part.
Report = Callable[[Sequence[Line]], Awaitable[object]]


async def set_up_all(settings: Settings, database: Database) -> list[Line]:
    """Set up every connected Page anew; harmless to repeat. Returns a line for each step."""
    lines: list[Line] = []
    async with aiohttp.ClientSession() as http:
        for channel in await database.read(accounts.connected):
            lines += await set_up(settings, database, http, channel)
    return lines


async def set_up(
    settings: Settings,
    database: Database,
    http: aiohttp.ClientSession,
    channel: Channel,
    report: Report | None = None,
) -> list[Line]:
    """Set up one Page. Raises shop.vault.WrongKey."""
    graph, shop = _graph(settings, http, channel), await database.read(catalogue.the_shop)
    results = await profile.set_up(
        graph, page_setup(shop, settings.public_url), sign=_sign(settings, channel)
    )
    await _remember(database, channel, results)
    lines = [_line(channel, result) for result in results]
    if report is not None:
        await report(lines)
    return lines + await _templates(graph, database, channel)


async def show(
    settings: Settings, database: Database, http: aiohttp.ClientSession, channel: Channel
) -> tuple[Line, SendError | None]:
    """Set only greeting and menu of one Page; why not, if Messenger did not take them. Raises shop.vault.WrongKey."""
    graph, shop = _graph(settings, http, channel), await database.read(catalogue.the_shop)
    result = await profile.show(graph, page_setup(shop, settings.public_url), sign=_sign(settings, channel))
    await _remember(database, channel, [result])
    return _line(channel, result), result.error


async def take_down(
    settings: Settings, database: Database, http: aiohttp.ClientSession, channel: Channel, report: Report
) -> tuple[list[Line], list[SendError]]:
    """Take away what one Page shows of us, and its subscription; a line for each step, and what Messenger refused.

    The templates stay: nobody sees them, and Meta's approval is kept. Raises shop.vault.WrongKey.
    """

    def is_ours(payload: str) -> bool:
        return verified(settings.secret_key, channel.id, payload) is not None

    graph = _graph(settings, http, channel)
    hidden = await removal.hide(graph, public_url=settings.public_url, is_ours=is_ours)
    results = [hidden]
    if hidden.ok:
        await database.run(_hidden, channel.id)
    if removal.is_token(hidden):
        results = [replace(hidden, sentence=sentences.TOKEN_ENDED)]
    else:
        await report([_line(channel, hidden)])
        results.append(await removal.unsubscribe(graph))
    refused = [result.error for result in results if result.error is not None]
    return [_line(channel, result) for result in results], refused


def _graph(settings: Settings, http: aiohttp.ClientSession, channel: Channel) -> Graph:
    return Graph(http, credentials_of(channel, Vault(settings.secret_key), settings.graph_url))


def _sign(settings: Settings, channel: Channel) -> Callable[[str], str]:
    return partial(sign, settings.secret_key, channel.id)


def _line(channel: Channel, result: Result) -> Line:
    return Line(_named(channel), result.ok, result.sentence)


def _named(channel: Channel) -> Sentence:
    return {"th": channel.name, "en": channel.name}


async def _remember(database: Database, channel: Channel, results: Sequence[Result]) -> None:
    if any(result.step == profile.SHOWN and result.ok for result in results):
        await database.run(_shown, channel.id, utc_now())


def _shown(session: Session, channel_id: int, now: datetime) -> None:
    accounts.get(session, channel_id).shown_at = now


def _hidden(session: Session, channel_id: int) -> None:
    accounts.get(session, channel_id).shown_at = None


async def _templates(graph: Graph, database: Database, channel: Channel) -> list[Line]:
    """Have every notice's template made, and remember its state. After the rest, so that Meta tells of later ones."""
    began = utc_now()  # what Meta tells of them from now on is newer than what is read here
    try:
        made = await utility.ensure(graph)
    except SendError as error:
        why = error.sentence
        said = {"th": f"ข้อความแจ้งเตือน: {why['th']}", "en": f"message templates: {why['en']}"}
        return [Line(_named(channel), False, said)]
    await database.run(_note, channel.id, [status for status, _ in made], began)
    return [Line(_named(channel), is_fine(status), template_line(status)) for status, _ in made]


def _note(session: Session, channel_id: int, found: list[Status], now: datetime) -> None:
    for one in found:
        message_templates.note(
            session, channel_id, one.name, one.language, status=one.status, reason=one.reason, now=now
        )


def is_fine(status: Status) -> bool:
    """Whether nobody has to do anything about the template."""
    return status.status in (message_templates.APPROVED, message_templates.PENDING)


def template_line(status: Status) -> Sentence:
    """The template's state in words, and what to do."""
    name = f"{status.name} ({status.language})"
    thai = _THAI_STATES.get(status.status, status.status.lower())
    told = Sentence(
        th=f"ข้อความแจ้งเตือน {name}: {thai}", en=f"message template {name}: {status.status.lower()}"
    )
    if status.status == message_templates.PENDING:
        return {
            "th": f"{told['th']} ใช้เวลาไม่กี่นาทีถึงหนึ่งวัน",
            "en": f"{told['en']}; Meta looks at it, which takes minutes to a day",
        }
    because = f" ({status.reason})" if status.reason else ""
    if is_fine(status):
        return {"th": told["th"] + because, "en": told["en"] + because}
    return {"th": f"{told['th']}{because} {ADVICE['th']}", "en": f"{told['en']}{because}. {ADVICE['en']}"}


_THAI_STATES = {
    "APPROVED": "อนุมัติแล้ว",
    "PENDING": "Meta กำลังตรวจ",
    "REJECTED": "ไม่อนุมัติ",
    utility.REFUSED: "Meta ไม่รับ",
    "PAUSED": "Meta หยุดไว้ชั่วคราว",
    "DISABLED": "Meta ปิดการใช้งาน",
}

#: What to do about a template that Meta does not approve.
ADVICE: Sentence = {
    "th": "ดูได้ที่ “เทมเพลตข้อความ” ใน Meta Business Suite และแอปต้องมีสิทธิ์ pages_utility_messaging "
    "ระหว่างนี้ลูกค้าที่เงียบไปเกิน 24 ชั่วโมงจะไม่ได้รับแจ้ง",
    "en": "Look at it in Meta Business Suite (message templates); the app needs the permission "
    "pages_utility_messaging. Until then customers who were silent for 24 hours are not told",
}


def page_setup(shop: Shop, public_url: str) -> PageSetup:
    """Greeting, Get Started and menu of the shop, with the seller's own word for products. Raises ValueError."""
    menu = [
        MenuItem(_offered(shop, shop.menu_products_th, shop.menu_products_en), payload="/products"),
        MenuItem(_offered(shop, "ดูคำสั่งซื้อ", "View orders"), payload="/view_orders"),
        MenuItem(_offered(shop, "คุยกับร้าน", "Talk to seller"), payload="/talk_to_seller"),
    ]
    if len(shop.languages) > 1:
        menu.append(MenuItem({"th": "ภาษา / Language", "en": "Language / ภาษา"}, payload="/switch_language"))
    return PageSetup(
        greeting=_offered(shop, shop.greeting_th, shop.greeting_en),
        get_started="/get_started",
        public_url=public_url,
        menu=tuple(menu),
    )


def _offered(shop: Shop, thai: str, english: str) -> Sentence:
    """The words by language; of a language that the shop does not offer, those of the other."""
    return {
        "th": thai if "th" in shop.languages else english,
        "en": english if "en" in shop.languages else thai,
    }
