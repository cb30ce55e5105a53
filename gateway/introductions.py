"""Asking the platform for a new customer's name, beside the conversation: no reply waits for it."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import update
from sqlalchemy.orm import Session

from channels.messenger.send import Client
from gateway.groupcommit import GroupCommit
from shop.models import Customer

logger = logging.getLogger(__name__)

#: Of a burst of strangers only so many are asked about at once.
_AT_ONCE = 8


class Introductions:
    """Looks up customers that were met for the first time."""

    def __init__(self, writer: GroupCommit) -> None:
        self._writer = writer
        self._asking = asyncio.Semaphore(_AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, client: Client, psid: str, customer_id: int, *, may_choose_language: bool) -> None:
        """Start looking. The locale of their Messenger becomes their language only if they have not shown one."""
        task = asyncio.create_task(self._look_up(client, psid, customer_id, may_choose_language))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Drop what is under way: a name is nice to have."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _look_up(self, client: Client, psid: str, customer_id: int, may_choose_language: bool) -> None:
        try:
            async with self._asking:
                profile = await client.profile(psid)
            if profile is not None:
                language = _language(profile.locale) if may_choose_language else None
                await self._writer.run(_write, customer_id, profile.name, language)
        except Exception as error:
            logger.info("the name of customer %d is not known: %s", customer_id, type(error).__name__)


def _language(locale: str | None) -> str | None:
    if not locale:
        return None
    return "th" if locale.startswith("th") else "en"


def _write(session: Session, customer_id: int, name: str, language: str | None) -> None:
    columns = {"name": name[:200], **({"language": language} if language else {})}
    session.execute(update(Customer).where(Customer.id == customer_id).values(**columns))
