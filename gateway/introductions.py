"""Asking the platform for a new customer's name and language; a first reply waits a moment for it, never longer."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.messenger.send import Client
from gateway.groupcommit import GroupCommit
from shop import hearing
from shop.models import Customer

logger = logging.getLogger(__name__)

#: So many seconds a first reply waits to learn the language; a later answer counts from the next reply on.
_PATIENCE = 1.0
#: Of a burst of strangers only so many are asked about at once.
_AT_ONCE = 8


class Introductions:
    """Looks up customers that were met for the first time."""

    def __init__(self, writer: GroupCommit) -> None:
        self._writer = writer
        self._asking = asyncio.Semaphore(_AT_ONCE)
        self._under_way: set[asyncio.Task[str | None]] = set()

    async def language(self, client: Client, psid: str, customer_id: int, shown: str | None) -> str | None:
        """Look a new customer up. The language of their Messenger, or None when it is not known in a moment.

        `shown` is the language that their own words have shown: then the look-up goes on beside the reply.
        """
        task = asyncio.create_task(
            self._look_up(client, psid, customer_id, may_choose_language=shown is None)
        )
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if shown is not None:
            return shown
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        return task.result() if done else None

    async def close(self) -> None:
        """Drop what is under way: a name is nice to have."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _look_up(
        self, client: Client, psid: str, customer_id: int, *, may_choose_language: bool
    ) -> str | None:
        try:
            async with self._asking:
                profile = await client.profile(psid)
            if profile is None:
                return None
            language = _language(profile.locale) if may_choose_language else None
            await self._writer.run(_write, customer_id, profile.name, language)
        except Exception as error:
            logger.info("the name of customer %d is not known: %s", customer_id, type(error).__name__)
            return None
        return language


def _language(locale: str | None) -> str | None:
    if not locale:
        return None
    return "th" if locale.startswith("th") else "en"


def _write(session: Session, customer_id: int, name: str, language: str | None) -> None:
    known = (Customer.id == customer_id) & Customer.erased_at.is_(None)
    held = select(Customer).where(known).with_for_update(of=Customer)
    customer = session.scalar(held.execution_options(populate_existing=True))
    if customer is not None:
        customer.name = name[:200]  # as an object, so that their orders are found by it (shop.order_index)
        customer.language = language or customer.language
        hearing.mask_again(session, customer_id)
