"""Is everything there that an order needs, and if not, what to do about it.

`talad doctor` and the console (gateway/errands.py) both come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

import aiohttp

from channels.base import SendError, Sentence
from channels.messenger import profile, utility
from channels.messenger.graph import Graph
from gateway import page_setup, sentences
from gateway.credentials import credentials_of
from gateway.published import Door, NotNow
from shop import accounts, bot_models, catalogue, media
from shop.db import Database
from shop.errands import Line
from shop.errors import ShopError
from shop.media import MediaStore
from shop.models import Channel
from shop.vault import Vault
from talad.settings import Settings
from training import model

_SECONDS = aiohttp.ClientTimeout(total=5)
_FINE: Sentence = {"th": "", "en": ""}


async def examine(settings: Settings, database: Database, *, alive: Collection[str] = ()) -> list[Line]:
    """Look at database, pictures, processes and every connected Page; a failure stops no later look.

    `alive` are the processes that need no look, because it is they who ask and answer.
    """
    lines = [await _database(database), await asyncio.to_thread(_pictures, settings), _address(settings)]
    async with aiohttp.ClientSession(timeout=_SECONDS) as http:
        for name, url in settings.health_addresses.items():
            if name in alive:
                lines.append(Line(_same(name), True, _FINE))
            elif name != "simulator" or settings.uses_simulator:
                lines.append(await _process(http, name, url))
        if lines[0].ok:
            lines += await _model(settings, database, http)
            lines += await _pages(settings, database, http)
    return lines


async def _database(database: Database) -> Line:
    about: Sentence = {"th": "ฐานข้อมูล", "en": "database"}
    try:
        await database.read(catalogue.the_shop)
    except ShopError:
        return Line(about, False, _NO_SHOP)
    except Exception as error:  # whatever the driver raises, the operator wants a sentence
        return Line(about, False, _raised(error, _NO_DATABASE))
    return Line(about, True, _FINE)


def _pictures(settings: Settings) -> Line:
    about: Sentence = {"th": "ที่เก็บรูป", "en": "pictures"}
    try:
        store = MediaStore(settings.media_url)
        key = media.new_key(media.PRIVATE, "doctor", "txt")
        store.put(key, b"doctor")
        store.delete(key)
    except Exception as error:  # an object store raises its own kinds
        return Line(about, False, _raised(error, _NO_STORE))
    return Line(about, True, _FINE)


def _address(settings: Settings) -> Line:
    """Meta takes webhooks, and Messenger opens the store, at https addresses only."""
    about: Sentence = {"th": "ที่อยู่ของร้าน", "en": "public address"}
    is_fine = settings.uses_simulator or urlsplit(settings.public_url).scheme == "https"
    return Line(about, is_fine, _FINE if is_fine else _NO_HTTPS)


async def _process(http: aiohttp.ClientSession, name: str, url: str) -> Line:
    try:
        async with http.get(url) as answer:
            if answer.status == 200:
                return Line(_same(name), True, _FINE)
            status = answer.status
    except (aiohttp.ClientError, TimeoutError):
        return Line(
            _same(name),
            False,
            {
                "th": f"ไม่ตอบที่ {url} กรุณาตรวจว่าเปิดอยู่หรือไม่",
                "en": f"it does not answer at {url}; is it running?",
            },
        )
    return Line(
        _same(name),
        False,
        {
            "th": f"ตอบ {status} ที่ {url} กรุณาดูบันทึกการทำงาน (log)",
            "en": f"it answers {status} at {url}; look into its log",
        },
    )


async def _model(settings: Settings, database: Database, http: aiohttp.ClientSession) -> list[Line]:
    """Rasa runs what was published last; nothing is said while it is away, as that is said already."""
    about: Sentence = {"th": "โมเดลของบอท", "en": "the bot's model"}
    try:
        loaded = await Door(http, settings.rasa_url, settings.rasa_token).loaded()
    except NotNow:
        return []
    files = model.fingerprint(with_examples=False)
    wanted = await database.read(bot_models.to_run, files)
    last = await database.read(bot_models.published)
    if last is not None and last.files == files and last.refused:
        said = f"{last.name}: {last.refused}"
        return [
            Line(
                about,
                False,
                {
                    "th": f"Rasa เปิดโมเดลที่เผยแพร่ล่าสุดไม่ได้ จึงใช้ตัวก่อนหน้า ({said}) กรุณาฝึกใหม่แล้วเผยแพร่อีกครั้ง",
                    "en": f"Rasa could not load what was published last and goes on with the one before ({said}). "
                    "Train anew and publish that",
                },
            )
        ]
    if wanted is None or loaded == wanted.name:
        return [Line(about, True, _FINE)]
    return [
        Line(
            about,
            False,
            {
                "th": f"Rasa ใช้ {loaded} แต่ที่เผยแพร่คือ {wanted.name} เกตเวย์จะเปลี่ยนให้เอง "
                "ถ้ายังไม่เปลี่ยนใน 1 นาที กรุณาดูบันทึกการทำงาน (log) ของ rasa และ gateway",
                "en": f"Rasa runs {loaded}, published is {wanted.name}. The gateway exchanges them by itself; "
                "if that is so a minute later, look into the logs of rasa and gateway",
            },
        )
    ]


async def _pages(settings: Settings, database: Database, http: aiohttp.ClientSession) -> list[Line]:
    channels = await database.read(accounts.connected)
    if not channels:
        return [Line({"th": "เพจ", "en": "Pages"}, False, _NO_PAGE)]
    lines: list[Line] = []
    for channel in channels:
        try:
            graph = Graph(http, credentials_of(channel, Vault(settings.secret_key), settings.graph_url))
        except ShopError:
            about = {"th": f"เพจ {channel.name}", "en": f"Page {channel.name}"}
            lines.append(Line(about, False, sentences.WRONG_KEY))
            continue
        results = await profile.check(graph, app_id=channel.app_id or None)
        lines += [
            Line(_of_page(channel, *_STEPS[result.step]), result.ok, result.sentence) for result in results
        ]
        lines.append(await _templates(graph, channel))
        if channel.problem:
            lines.append(
                Line(_of_page(channel, "การส่งข้อความ", "sending"), False, sentences.opened(channel.problem))
            )
    return lines


async def _templates(graph: Graph, channel: Channel) -> Line:
    """Without approved templates, customers who were silent for 24 hours are told nothing."""
    about = _of_page(channel, "ข้อความแจ้งเตือน", "message templates")
    try:
        there = await utility.listed(graph)
    except SendError as error:
        return Line(about, False, error.sentence)
    ours = [(one.name, one.language) for one in utility.templates()]
    missing = sum(key not in there for key in ours)
    if missing:
        return Line(
            about,
            False,
            {
                "th": f"ยังขาด {missing} จาก {len(ours)} ข้อความ กด “ตั้งค่าเพจ” ในหน้าช่องทาง "
                "(หรือสั่ง talad channel setup)",
                "en": f"{missing} of {len(ours)} are missing. Press “Set up the Page” under Channels "
                "(or run: talad channel setup)",
            },
        )
    troubled = [there[key] for key in ours if not page_setup.is_fine(there[key])]
    if troubled:
        names = ", ".join(f"{one.name} ({one.language}) {one.status.lower()}" for one in troubled)
        advice = page_setup.ADVICE
        return Line(about, False, {"th": f"{names} {advice['th']}", "en": f"{names}. {advice['en']}"})
    return Line(about, True, _FINE)


def _raised(error: Exception, advice: Sentence) -> Sentence:
    """What kind of error it was, and what to look at; its text may hold addresses and passwords."""
    kind = type(error).__name__
    return {"th": f"{kind} {advice['th']}", "en": f"{kind}; {advice['en']}"}


def _same(name: str) -> Sentence:
    return {"th": name, "en": name}


def _of_page(channel: Channel, thai: str, english: str) -> Sentence:
    return {"th": f"เพจ {channel.name}: {thai}", "en": f"Page {channel.name}: {english}"}


_STEPS = {
    "token": ("โทเค็น", "token"),
    "token_kind": ("อายุของโทเค็น", "token's life"),
    "subscription": ("การรับข้อความ", "subscription"),
}
_NO_SHOP: Sentence = {
    "th": "ยังไม่ได้ตั้งค่าร้าน สั่ง talad demo หรือกรอกชื่อร้านในหน้าตั้งค่า",
    "en": "no shop is set up; run `talad demo`, or set one up in the console",
}
_NO_DATABASE: Sentence = {
    "th": "กรุณาตรวจ TALAD_DATABASE_URL แล้วสั่ง talad migrate",
    "en": "check TALAD_DATABASE_URL and run `talad migrate`",
}
_NO_STORE: Sentence = {
    "th": "กรุณาตรวจ TALAD_MEDIA_URL และสิทธิ์เขียนไฟล์ที่นั่น",
    "en": "check TALAD_MEDIA_URL and who may write there",
}
_NO_PAGE: Sentence = {
    "th": "ยังไม่ได้เชื่อมต่อเพจ เชื่อมต่อได้ที่หน้าช่องทาง (หรือสั่ง talad channel add messenger)",
    "en": "none is connected; connect one under Channels in the console, or run `talad channel add messenger`",
}
_NO_HTTPS: Sentence = {
    "th": "TALAD_PUBLIC_URL ไม่ได้ขึ้นต้นด้วย https Meta รับเฉพาะที่อยู่ https ที่มีใบรับรองถูกต้อง",
    "en": "TALAD_PUBLIC_URL does not begin with https; Meta takes only https addresses with a valid certificate",
}
