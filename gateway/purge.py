"""Emptying events that were worked off long ago. The row and its key stay, so that a late redelivery does nothing.

What was said in them is kept elsewhere for as long as the seller wants (shop.retention).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from gateway.groupcommit import GroupCommit
from shop import errands
from shop.db import utc_now
from shop.models import InboxEvent

logger = logging.getLogger(__name__)

KEEP = timedelta(days=30)
_EVERY_SECONDS = 3600.0
_BETWEEN_SECONDS = 0.1
_AT_ONCE = 200


async def for_ever(writer: GroupCommit) -> None:
    """Empty what is old enough, every hour, in small steps, until cancelled."""
    while True:
        emptied = 0
        try:
            emptied = await writer.run(empty, utc_now() - KEEP)
            await writer.run(errands.forget_old, utc_now())
        except Exception as error:
            logger.warning("old rows stay for now: %s", type(error).__name__)
        await asyncio.sleep(_BETWEEN_SECONDS if emptied else _EVERY_SECONDS)


def empty(session: Session, before: datetime) -> int:
    """Empty events that were closed before the time; up to some hundred, and how many."""
    old_events = (
        select(InboxEvent.id)
        .where(
            InboxEvent.state.in_(("done", "ignored")),
            InboxEvent.done_at < before,
            InboxEvent.raw.is_not(None),
        )
        .limit(_AT_ONCE)
    )
    events = session.scalars(
        update(InboxEvent).where(InboxEvent.id.in_(old_events)).values(raw=null()).returning(InboxEvent.id)
    ).all()
    return len(events)
