"""Where Rasa keeps conversations: one row each, with the last few turns and what the earlier ones left behind.

Rasa's own SQL store reads every event of a session again at each turn, so that a long conversation gets slow. What
came before the last turns is in slots and the active form; nothing else of it counts for the next answer. Of the last
turns too only what counts is kept (`bot.forget`), and all of it is sealed (`bot.sealed`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

from bot.forget import sparing
from bot.sealed import BEGINNING, Seal
from bot.trackers import blank

logger = logging.getLogger(__name__)

DEFAULT_URL = "sqlite:///var/rasa.db"

# Turns that are kept as they happened. The longest rule or story looks back over fewer, and a turn that is tried
# again is found among them.
TURNS = 4

# Where a tracker remembers how its events were stored.
_LINES = "_lines_in_store"

T = TypeVar("T")

_metadata = sa.MetaData()
_conversations = sa.Table(
    "rasa_conversations",
    _metadata,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),  # sealed; a JSON object in each line
    sa.Column("changed_at", sa.Float, nullable=False),  # Unix seconds
)
_READ = sa.text("SELECT events FROM rasa_conversations WHERE id = :id")
_WRITE = sa.text(
    "INSERT INTO rasa_conversations (id, events, changed_at) VALUES (:id, :events, :changed_at) "
    "ON CONFLICT (id) DO UPDATE SET events = excluded.events, changed_at = excluded.changed_at"
)


class BoundedTrackerStore(TrackerStore):
    """Rasa tracker store on SQLite or PostgreSQL; `endpoints.yml` names it.

    `host` is the `url` there, an SQLAlchemy 1.4 address; without it TALAD_RASA_DATABASE_URL holds, or a file in var/.
    `secret` seals what is stored, TALAD_RASA_TOKEN unless given; without any, nobody reads it after this process.
    The database is asked in a thread: a checkpoint of SQLite or a slow PostgreSQL must not stop other conversations.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        turns: int = TURNS,
        secret: str | None = None,
        **kwargs: Any,
    ) -> None:
        if event_broker is not None:
            raise RasaException(
                "BoundedTrackerStore forgets old events, so it cannot tell a broker which are new"
            )
        super().__init__(domain, None, **kwargs)
        self._turns = turns
        self._seal = Seal(secret or os.environ.get("TALAD_RASA_TOKEN") or secrets.token_hex(32))
        url = _address(host or os.environ.get("TALAD_RASA_DATABASE_URL") or DEFAULT_URL)
        threads = 1 if url.get_backend_name() == "sqlite" else 4
        self._engine = _engine(url, threads)
        self._threads = ThreadPoolExecutor(threads, "conversations")
        _metadata.create_all(self._engine)
        self._seal_open_rows()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation. It is on disk (SQLite: handed to the system) when this returns."""
        if not tracker.events:
            return  # an unknown conversation is an empty one
        # An event does not change, so those that were read are written back as they were.
        read = tracker.__dict__.get(_LINES, {})
        kept = sparing(bounded(tracker, self._turns), tracker)
        lines = [read.get(id(event)) or json.dumps(event.as_dict()) for event in kept]
        events = self._seal.close("\n".join(lines))
        row = {"id": tracker.sender_id, "events": events, "changed_at": time.time()}
        await self._run(lambda connection: connection.execute(_WRITE, row) and None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation with what is kept of it, or None when there is none."""
        sealed = await self._run(lambda connection: connection.execute(_READ, {"id": sender_id}).scalar())
        if sealed is None:
            return None
        stored = self._seal.open(sealed)
        if stored is None:
            logger.warning("a conversation was sealed with another TALAD_RASA_TOKEN and begins anew")
            return None
        lines = stored.split("\n")
        tracker = DialogueStateTracker.from_dict(
            sender_id, json.loads(f"[{','.join(lines)}]"), self.domain.slots
        )
        if len(lines) == len(tracker.events):
            # By identity, which lasts as long as the tracker holds the event; a copy of an event is another one.
            tracker.__dict__[_LINES] = {
                id(event): line for event, line in zip(tracker.events, lines, strict=True)
            }
        return tracker

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._run(
            lambda connection: connection.execute(sa.select(_conversations.c.id)).scalars().all()
        )

    def close(self) -> None:
        """Let go of the database. The store cannot be used afterwards."""
        self._threads.shutdown()
        self._engine.dispose()

    def _seal_open_rows(self) -> None:
        """Seal what an earlier version has left open, and take its remains out of the file."""
        rows = _conversations.c
        is_open = rows.events.not_like(f"{BEGINNING}%")
        with self._engine.begin() as connection:
            found = connection.execute(sa.select(rows.id, rows.events).where(is_open)).all()
            for row in found:
                change = sa.update(_conversations).where(rows.id == row.id)
                connection.execute(change.values(events=self._seal.close(row.events)))
        if found and self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM"))
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def _run(self, work: Callable[[Connection], T]) -> T:
        def in_transaction() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, in_transaction)


def bounded(tracker: DialogueStateTracker, turns: int) -> list[Event]:
    """Events that bring a new tracker into the state of `tracker`: its last `turns` turns, before them a snapshot.

    Slots, active form and pause are the same; of the rest of the past (`latest_bot_utterance`, the message that
    started the form) only what the kept turns hold.
    """
    events = list(tracker.events)
    cut = _start_of_last(turns, events)
    if cut == 0:
        return events
    past = blank(tracker)
    for event in events[:cut]:
        past.update(event)
    return _snapshot(past, events[cut]) + events[cut:]


def _start_of_last(turns: int, events: list[Event]) -> int:
    """Where the last `turns` turns begin: at what the user did, or at the action_listen that waited for it."""
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            turns -= 1
            if turns == 0:
                return _listen_before(index, events)
    return 0


def _listen_before(user: int, events: list[Event]) -> int:
    for index in range(user - 1, -1, -1):
        event = events[index]
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            return index
        if isinstance(event, (ActionExecuted, UserUttered)):
            break
    return user  # nobody listened: the conversation is paused, the user goes on writing


def _snapshot(past: DialogueStateTracker, following: Event) -> list[Event]:
    """The state of `past` as a new session. The order is that in which Rasa itself would have made these events."""
    loop = past.active_loop
    found: list[Event] = [SessionStarted()]
    found += [
        SlotSet(slot.name, slot.value) for slot in past.slots.values() if slot.value != slot.initial_value
    ]
    if loop is not None and loop.name:
        found += [ActionExecuted(loop.name), ActiveLoop(loop.name)]
    if isinstance(following, UserUttered) and past.latest_action_name:
        found.append(ActionExecuted(past.latest_action_name))
    if loop is not None and loop.name and loop.is_interrupted:
        found.append(LoopInterrupted(True))
    if loop is not None and loop.name and loop.rejected:
        found.append(ActionExecutionRejected(loop.name))
    if past.is_paused():
        found.append(ConversationPaused())
    for event in found:
        event.timestamp = following.timestamp
    return found


def _address(url: str) -> URL:
    address = make_url(
        url.replace("postgresql+psycopg:", "postgresql+psycopg2:", 1)
    )  # the root environment's driver
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise RasaException(f"TALAD_RASA_DATABASE_URL: {address.get_backend_name()} is not supported")
    if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return address


def _engine(url: URL, connections: int) -> Engine:
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(
            url, pool_size=connections, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,  # an error names the statement, never the conversation
        connect_args={"timeout": 30, "check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # A turn survives the process being killed; only a power cut may lose the last ones, and the file stays whole.
        connection.execute("PRAGMA synchronous = NORMAL")

    return engine
