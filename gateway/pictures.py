"""A customer's photos become kept slips: fetched at once, made safe, stored where only sellers see them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.groupcommit import GroupCommit
from gateway.media import Fetcher, FetchFailed, Unfetchable
from shop import media
from shop.db import Database
from shop.errors import BadPicture
from shop.models import Slip
from shop.slips import intake
from shop.slips.picture import Picture, cleaned_apart

#: Decoding is work for a whole core.
_AT_ONCE = 2


class Pictures:
    """Keeps photos as slips."""

    def __init__(
        self, database: Database, writer: GroupCommit, fetcher: Fetcher, store: media.MediaStore
    ) -> None:
        self._database = database
        self._writer = writer
        self._fetcher = fetcher
        self._store = store
        self._decoding = asyncio.Semaphore(_AT_ONCE)

    async def keep(
        self, urls: Sequence[str], *, customer_id: int, cause: str, now: datetime, last_try: bool
    ) -> list[int]:
        """The slips' ids of those photos that can be read, in order; a photo of `cause` that is kept already is not
        fetched again. Raises FetchFailed when a later try may bring more, unless this is the `last_try`."""
        kept = await self._database.read(_kept, cause)
        for part, url in enumerate(urls):
            if part in kept:
                continue
            try:
                kept[part] = await self._keep(url, customer_id, cause, part, now)
            except (Unfetchable, BadPicture):
                continue
            except FetchFailed:
                if not last_try:
                    raise
        return [kept[part] for part in sorted(kept)]

    async def _keep(self, url: str, customer_id: int, cause: str, part: int, now: datetime) -> int:
        data = await self._fetcher.fetch(url)
        async with self._decoding:
            picture = await asyncio.to_thread(cleaned_apart, data)
        key = media.new_key(media.PRIVATE, "slips", "jpg")
        await asyncio.to_thread(self._store.put, key, picture.jpeg)
        return await self._writer.run(_write, customer_id, picture, key, cause, part, now)


def _kept(session: Session, cause: str) -> dict[int, int]:
    found = session.execute(select(Slip.part, Slip.id).where(Slip.cause == cause))
    return {slip.part: slip.id for slip in found}


def _write(
    session: Session, customer_id: int, picture: Picture, key: str, cause: str, part: int, now: datetime
) -> int:
    return intake.keep(session, customer_id, picture, key, cause=cause, part=part, now=now).id
