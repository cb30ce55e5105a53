"""The loop that works off a queue: takes rows while hands are free, keeps their leases alive, stops cleanly.

What is done with a row is its `handle` (turn.py, outbox.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Row
from sqlalchemy.orm import Session

from gateway.groupcommit import GroupCommit
from gateway.queue import Lease, Queue
from shop.db import Database

logger = logging.getLogger(__name__)

#: A hint may get lost, so the table is looked at anyway.
POLL_SECONDS = 1.0
#: Readiness fails when the loop has not turned for so long.
STALLED_SECONDS = 10.0


class Job(Protocol):
    """A leased row, with what its handler needs."""

    @property
    def lease(self) -> Lease: ...


J = TypeVar("J", bound=Job)


class Worker(Generic[J]):
    """Works off `queue` with up to `hands` rows at once, one of a conversation.

    `load(session, row)` makes a job of a leased row, inside the transaction that leases it. `handle(job)` does the
    work and writes what became of the row. `held_back()` names channels whose rows stay where they are.
    """

    def __init__(
        self,
        queue: Queue,
        database: Database,
        writer: GroupCommit,
        load: Callable[[Session, Row[Any]], J],
        handle: Callable[[J], Awaitable[None]],
        *,
        hands: int,
        held_back: Callable[[], Collection[int]] = tuple,
    ) -> None:
        self.queue = queue
        self._database = database
        self._writer = writer
        self._load = load
        self._handle = handle
        self._hands = hands
        self._held_back = held_back
        self._in_hand: dict[asyncio.Task[None], J] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._hold_until = 0.0
        self._turned = time.monotonic()
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._turned = time.monotonic()
        self._loops = [
            asyncio.create_task(self._for_ever(self._turn)),
            asyncio.create_task(self._for_ever(self._beat)),
        ]

    async def stop(self, patience: float) -> None:
        """Take no more, let work in hand finish for `patience` seconds, give the rest back untouched."""
        self._stopping = True
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._in_hand:
            await asyncio.wait(list(self._in_hand), timeout=patience)
        left = dict(self._in_hand)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._give_back(left.values())

    def wake(self) -> None:
        """There may be something to take."""
        self._wake.set()

    def hold(self, seconds: float) -> None:
        """Take nothing for some seconds, except what others hand over already leased."""
        self._hold_until = time.monotonic() + seconds

    @property
    def is_turning(self) -> bool:
        """Whether the loop has looked for work lately."""
        return time.monotonic() - self._turned < STALLED_SECONDS

    @property
    def has_room(self) -> bool:
        """Whether a hand is free and may be used."""
        return (
            not self._stopping and len(self._in_hand) < self._hands and time.monotonic() >= self._hold_until
        )

    @property
    def in_hand(self) -> int:
        """How many rows are being worked on."""
        return len(self._in_hand)

    def lease_head(self, session: Session, conversation: str) -> J | None:
        """Lease the head of a conversation here and now, when a hand is free; hand the job to `take` once committed.

        It saves the search and the transaction of its own that the loop would need.
        """
        if not self.has_room:
            return None
        row = self.queue.lease_head(session, conversation)
        return self._load(session, row) if row is not None else None

    def take(self, jobs: Iterable[J | None]) -> None:
        """Start on leased rows."""
        for job in jobs:
            if job is not None:
                task = asyncio.create_task(self._work(job))
                self._in_hand[task] = job
                task.add_done_callback(self._put_down)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        if len(self._in_hand) >= self._hands:  # somebody may have been turned away
            self.wake()
        del self._in_hand[task]

    async def _work(self, job: J) -> None:
        try:
            await self._handle(job)
        except Exception:
            # Handlers answer for failures they can foresee. Here the lease runs out and the row comes again.
            logger.exception("row %d of %s was left to its lease", job.lease.id, self.queue.name)

    async def _for_ever(self, step: Callable[[], Awaitable[None]]) -> None:
        """A loop must not die silently: what goes wrong in one step is logged, and the next one comes."""
        while True:
            try:
                await step()
            except Exception as error:
                logger.error(
                    "the loop of %s goes on after %s", self.queue.name, type(error).__name__, exc_info=error
                )
                await asyncio.sleep(POLL_SECONDS)

    async def _turn(self) -> None:
        self._turned = time.monotonic()
        self._wake.clear()
        # Never below 0: leases handed over in one group commit do not see each other and may exceed the hands.
        free = max(self._hands - len(self._in_hand), 0)
        found: list[int] = []
        if self.has_room:
            found = await self._database.read(self.queue.heads, free, without_channels=self._held_back())
        if found:
            self.take(await self._writer.run(self._lease, found))
        if len(found) < free or not free:
            pause = min(POLL_SECONDS, max(self._hold_until - time.monotonic(), 0.0) or POLL_SECONDS)
            # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the wake-up.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    def _lease(self, session: Session, ids: list[int]) -> list[J]:
        return [self._load(session, row) for row in self.queue.lease(session, ids)]

    async def _beat(self) -> None:
        await asyncio.sleep(self.queue.lease_seconds / 3)
        leases = [job.lease for job in self._in_hand.values()]
        if leases:
            await self._writer.run(self.queue.extend, leases)

    async def _give_back(self, jobs: Iterable[J]) -> None:
        for job in jobs:
            try:
                await self._writer.run(self.queue.release, job.lease)
            except Exception as error:
                logger.warning(
                    "row %d of %s is free when its lease ends: %s", job.lease.id, self.queue.name, error
                )
