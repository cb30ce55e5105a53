"""What is forgotten by itself: what erasing has left to delete, and what was kept as long as the seller wants.

What is to be done stands in the databases: a restart forgets nothing, and several gateways share the work.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

from gateway import leftovers
from gateway.conversations import Conversations
from gateway.groupcommit import GroupCommit
from shop import privacy, retention
from shop.db import Database, utc_now
from shop.media import MediaStore

logger = logging.getLogger(__name__)

#: A conversation in which nothing happens for so long is forgotten, with what an unfinished question has in hand.
SILENT = timedelta(days=30)
_EVERY_SECONDS = 5.0
_OLD_EVERY_SECONDS = 3600.0


async def for_ever(
    database: Database,
    writer: GroupCommit,
    store: MediaStore,
    conversations: Conversations,
    every: float = _EVERY_SECONDS,
) -> None:
    """Delete leftovers every few seconds, and every hour what has become old, until cancelled."""
    looked = -_OLD_EVERY_SECONDS
    while True:
        try:
            if time.monotonic() - looked >= _OLD_EVERY_SECONDS:
                await _forget_old(writer, conversations)
                looked = time.monotonic()
            if await database.read(privacy.leftovers, utc_now(), 1):
                await asyncio.to_thread(leftovers.delete_all, database, store, conversations)
        except Exception as error:
            logger.warning("what is to be forgotten is looked at again later: %s", type(error).__name__)
        await asyncio.sleep(every)


async def _forget_old(writer: GroupCommit, conversations: Conversations) -> None:
    for step in (retention.give_up_slips, retention.forget_addresses, retention.forget_chats):
        while await writer.run(step, utc_now()):
            pass
    await asyncio.to_thread(conversations.forget_silent_since, utc_now() - SILENT)
