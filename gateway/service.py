"""The gateway's parts put together, started and stopped. app.py puts HTTP around them."""

from __future__ import annotations

import asyncio

import aiohttp
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from gateway import checks, due, forgetting, purge, signals
from gateway.asking import Asking
from gateway.conversations import Conversations
from gateway.deletions import Deletions
from gateway.directory import Directory
from gateway.errands import Errands
from gateway.groupcommit import GroupCommit
from gateway.inbox import Inbox
from gateway.introductions import Introductions
from gateway.media import Fetcher
from gateway.outbox import Outbox
from gateway.pictures import Pictures
from gateway.published import Door, Published
from gateway.pushes import Pushes
from gateway.rasa import Rasa
from gateway.school import Trainings
from gateway.turn import PAUSES, Turns
from shop import accounts
from shop.db import Database
from shop.media import MediaStore
from shop.vault import Vault
from talad.settings import Settings
from verifiers.make import make

#: A stop waits so long for turns in hand; supervisors allow more.
STOP_SECONDS = 15.0
#: Turns and sends hold one connection each while they wait.
_CONNECTIONS = 128
#: Setting a Page up takes a while, and another seller's question is not to wait for it.
_ERRANDS_AT_ONCE = 2


class Service:
    """Everything of the gateway that is not HTTP. Make it inside the running event loop."""

    def __init__(self, settings: Settings, *, pauses: tuple[float, ...] = PAUSES) -> None:
        vault = Vault(settings.secret_key)
        self.settings = settings
        self.database = Database(settings.database_url)
        self.store = MediaStore(settings.media_url)
        self.writer = GroupCommit(self.database)
        self.conversations = Conversations(settings.rasa_database_url, settings.rasa_token)
        self._vault = vault
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, ttl_dns_cache=60),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._verifier = make(
            settings.slip_verifier,
            self._http,
            key=settings.slip_verifier_key or "",
            branch=settings.slip_verifier_branch or "",
            address=settings.slip_verifier_url,
        )
        self._fetcher = Fetcher(settings.media_hosts)
        self._introductions = Introductions(self.writer)
        self.directory = Directory(self.database, self.writer, self._http, vault, settings.graph_url)
        self.outbox = Outbox(self.database, self.writer, self.directory, settings.secret_key)
        asking = Asking(
            self.database,
            Rasa(self._http, settings.rasa_url, settings.rasa_token),
            Pictures(self.database, self.writer, self._fetcher, self.store),
            settings.secret_key,
        )
        self.turns = Turns(
            self.database,
            self.writer,
            self.directory,
            asking,
            self._introductions,
            self.outbox.worker,
            pauses=pauses,
        )
        self.deletions = Deletions(settings, self.database, self.writer, self.directory)
        self.errands = Errands(settings, self.database, self.writer, self._http)
        self.trainings = Trainings(settings, self.database, self.writer)
        door = Door(self._http, settings.rasa_url, settings.rasa_token)
        self.published = Published(settings, self.database, self.writer, door)
        self.pushes = Pushes(settings, self.database, self.writer)
        self.inbox = Inbox(self.directory, self.writer, self.turns.worker)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connect the Page of the settings, then begin to work off both queues."""
        await self._connect_first_page()
        await self.directory.refresh()
        self.turns.worker.start()
        self.outbox.worker.start()
        watching = signals.watch(self.database, self.turns.worker.wake, self.outbox.worker.wake)
        chores = (
            self.directory.keep_fresh(),
            watching,
            purge.for_ever(self.writer),
            due.for_ever(self.writer),
            checks.for_ever(self.writer, self._verifier),
            self.deletions.for_ever(),
            *(self.errands.for_ever() for _ in range(_ERRANDS_AT_ONCE)),
            self.trainings.for_ever(),
            self.published.for_ever(),
            self.pushes.for_ever(),
            forgetting.for_ever(self.database, self.writer, self.store, self.conversations),
        )
        self._tasks = [asyncio.create_task(chore) for chore in chores]

    async def stop(self) -> None:
        """Take nothing new, finish what is in hand, give back the rest, close everything."""
        await asyncio.gather(self.turns.worker.stop(STOP_SECONDS), self.outbox.worker.stop(STOP_SECONDS))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pushes.close()
        await self._introductions.close()
        await self.writer.close()
        await self._fetcher.close()
        await self._http.close()
        self.database.close()

    async def is_ready(self) -> bool:
        """Whether the loops turn and the database answers."""
        if not (self.turns.worker.is_turning and self.outbox.worker.is_turning):
            return False
        try:
            async with asyncio.timeout(2):
                return await self.database.read(_answers)
        except Exception:  # whatever it is, the database did not answer
            return False

    async def _connect_first_page(self) -> None:
        if self.settings.messenger_page_id:
            await self.writer.run(_connect, self._vault, self.settings)


def _connect(session: Session, vault: Vault, settings: Settings) -> None:
    page_id = settings.messenger_page_id or ""
    known = accounts.by_account(session, page_id)
    is_away = known is not None and not known.active
    channel = accounts.connect(
        session,
        vault,
        account_id=page_id,
        name=known.name if known else page_id,
        token=settings.messenger_page_token or "",
        app_secret=settings.messenger_app_secret or "",
        verify_token=settings.messenger_verify_token or "",
    )
    if is_away:  # a person has disconnected it; a restart does not take that back
        accounts.switch_off(channel)


def _answers(session: Session) -> bool:
    return session.scalar(select(literal(1))) == 1
