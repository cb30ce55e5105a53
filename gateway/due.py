"""What falls due by itself: reminders of unpaid orders and their end, chats given back, news of the store, and
what waited for a Page that is used again.

Nothing is remembered here: what is due stands in the database, so a restart forgets nothing, and several gateways
share the work.
"""

from __future__ import annotations

import asyncio
import logging

from gateway.groupcommit import GroupCommit
from shop import expiry, handoff, store_visits, telling
from shop.db import utc_now

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0


async def for_ever(writer: GroupCommit, every: float = _EVERY_SECONDS) -> None:
    """Do what is due, one order after the other, and look again after some seconds, until cancelled."""
    while True:
        try:
            for step in (expiry.expire_one, expiry.remind_one, handoff.hand_back_one, store_visits.tell_one):
                while await writer.run(step, utc_now()):
                    pass
            await writer.run(telling.tell_of_channels_in_use, utc_now())  # the next ones after the pause
        except Exception as error:
            logger.warning("what is due is looked at again later: %s", type(error).__name__)
        await asyncio.sleep(every)
