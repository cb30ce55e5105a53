"""`talad doctor`: is everything there that an order needs, and if not, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from channels.base import SendError
from channels.messenger import profile, utility
from channels.messenger.graph import Graph
from gateway.credentials import credentials_of
from shop import accounts, catalogue, media
from shop.db import Database
from shop.errors import ShopError
from shop.media import MediaStore
from shop.vault import Vault
from talad import channel_setup
from talad.processes import health_addresses
from talad.settings import Settings

_SECONDS = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` says what to do when it is not ok."""

    what: str
    ok: bool
    advice: str = ""

    def __str__(self) -> str:
        return f"ok   {self.what}" if self.ok else f"FIX  {self.what}: {self.advice}"


async def examine(settings: Settings, database: Database) -> list[Finding]:
    """Look at database, pictures, processes and every connected Page; a failure stops no later look."""
    findings = [await _database(database), _pictures(settings)]
    async with aiohttp.ClientSession(timeout=_SECONDS) as http:
        for name, url in health_addresses(settings).items():
            if name != "simulator" or settings.uses_simulator:
                findings.append(await _process(http, name, url))
        if findings[0].ok:
            findings += await _pages(settings, database, http)
    return findings


async def _database(database: Database) -> Finding:
    try:
        await database.read(catalogue.the_shop)
    except ShopError:
        return Finding("database", False, "no shop is set up; run `talad demo`, or set one up in the console")
    except Exception as error:  # whatever the driver raises, the operator wants a sentence
        return Finding(
            "database", False, f"{type(error).__name__}; check TALAD_DATABASE_URL and run `talad migrate`"
        )
    return Finding("database", True)


def _pictures(settings: Settings) -> Finding:
    try:
        store = MediaStore(settings.media_url)
        key = media.new_key(media.PRIVATE, "doctor", "txt")
        store.put(key, b"doctor")
        store.delete(key)
    except Exception as error:  # an object store raises its own kinds
        return Finding(
            "pictures", False, f"{type(error).__name__}; check TALAD_MEDIA_URL and who may write there"
        )
    return Finding("pictures", True)


async def _templates(graph: Graph, page: str) -> Finding:
    """Without approved templates, customers who were silent for 24 hours are told nothing."""
    what = f"Page {page}: message templates"
    try:
        there = await utility.listed(graph)
    except SendError as error:
        return Finding(what, False, error.sentence["en"])
    ours = [(one.name, one.language) for one in utility.templates()]
    missing = [key for key in ours if key not in there]
    if missing:
        return Finding(what, False, f"{len(missing)} of {len(ours)} are missing. Run: talad channel setup")
    troubled = [there[key] for key in ours if not channel_setup.is_fine(there[key])]
    if troubled:
        names = ", ".join(f"{one.name} ({one.language}) {one.status.lower()}" for one in troubled)
        return Finding(what, False, f"{names}. {channel_setup.ADVICE}")
    return Finding(what, True)


async def _process(http: aiohttp.ClientSession, name: str, url: str) -> Finding:
    try:
        async with http.get(url) as answer:
            if answer.status == 200:
                return Finding(name, True)
            return Finding(name, False, f"it answers {answer.status} at {url}; look into its log")
    except (aiohttp.ClientError, TimeoutError):
        return Finding(name, False, f"it does not answer at {url}; is it running?")


async def _pages(settings: Settings, database: Database, http: aiohttp.ClientSession) -> list[Finding]:
    channels = await database.read(accounts.connected)
    if not channels:
        return [Finding("Pages", False, "none is connected; run `talad channel add messenger`")]
    findings: list[Finding] = []
    for channel in channels:
        try:
            graph = Graph(http, credentials_of(channel, Vault(settings.secret_key), settings.graph_url))
        except ShopError as error:
            findings.append(Finding(f"Page {channel.name}", False, str(error)))
            continue
        results = await profile.check(graph, app_id=channel.app_id or None)
        findings += [
            Finding(f"Page {channel.name}: {result.step}", result.ok, result.sentence["en"])
            for result in results
        ]
        findings.append(await _templates(graph, channel.name))
        if channel.problem:
            findings.append(Finding(f"Page {channel.name}: sending", False, channel.problem))
    return findings
