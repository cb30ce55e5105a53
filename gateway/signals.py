"""Noticing that another process wrote to the inbox or outbox. Only a hint: the workers poll as well.

PostgreSQL tells by NOTIFY; of a SQLite file, `PRAGMA data_version` says cheaply whether anybody else has written.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

import psycopg

from shop import mailbox
from shop.db import Database

logger = logging.getLogger(__name__)

_SQLITE_POLL = 0.1
_RECONNECT = 1.0


async def watch(database: Database, wake_inbox: Callable[[], None], wake_outbox: Callable[[], None]) -> None:
    """Call the wakers whenever there may be new rows, until cancelled."""
    wakers = {mailbox.INBOX_SIGNAL: wake_inbox, mailbox.OUTBOX_SIGNAL: wake_outbox}
    while True:
        try:
            if database.is_sqlite:
                await _watch_file(database, wakers)
            else:
                await _listen(database, wakers)
        except (psycopg.Error, sqlite3.Error, OSError) as error:
            logger.warning("lost the database's signals, polling meanwhile: %s", type(error).__name__)
            await asyncio.sleep(_RECONNECT)


async def _watch_file(database: Database, wakers: dict[str, Callable[[], None]]) -> None:
    connection = sqlite3.connect(database.url.database or "", check_same_thread=False)
    try:
        seen = None
        while True:
            version = connection.execute("PRAGMA data_version").fetchone()
            if version != seen:
                seen = version
                for wake in wakers.values():
                    wake()
            await asyncio.sleep(_SQLITE_POLL)
    finally:
        connection.close()


async def _listen(database: Database, wakers: dict[str, Callable[[], None]]) -> None:
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        for signal, wake in wakers.items():
            await connection.execute(f"LISTEN {signal}")
            wake()  # what came while nobody listened
        async for notification in connection.notifies():
            wakers[notification.channel]()
