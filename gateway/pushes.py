"""Tells sellers what is new while their console is closed, beside everything else: no customer waits for it.

What is taken is gone from the database before it is sent (shop.alerts), so that of several gateways one tells it, once.
A gateway that dies in between has told nobody; the orders, slips and chats are in the console as ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from gateway.groupcommit import GroupCommit
from gateway.push_service import TTL_SECONDS, Answer, Outcome, PushService
from shop import alerts, push_devices, push_key, pushes
from shop.db import Database, utc_now
from shop.push_key import Key
from shop.pushes import Letter
from shop.vault import Vault
from talad.settings import Settings

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
#: Seconds between the tries of one letter.
PAUSES = (2.0, 15.0, 60.0)
_AT_ONCE = 16
#: A flood of letters is cut off here: what is new stands in the console in any case.
_MOST_IN_HAND = 2000


class Pushes:
    """Takes what is new and sends it to everybody's browsers. `ended` counts what became of the letters."""

    def __init__(
        self, settings: Settings, database: Database, writer: GroupCommit, *, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._database, self._writer, self._pauses = database, writer, pauses
        self._vault = Vault(settings.secret_key)
        self._is_on = settings.pushes
        self._service = PushService(settings.push_hosts, settings.contact)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._sending: set[asyncio.Task[None]] = set()
        self.ended: Counter[str] = Counter()

    async def for_ever(self, every: float = _EVERY_SECONDS) -> None:
        """Send what is due and look again after a moment, until cancelled."""
        while True:
            try:
                if await self._database.read(alerts.is_due, utc_now()):
                    await self.send_due()
            except Exception as error:
                logger.warning("sellers are told later: %s", type(error).__name__)
            await asyncio.sleep(every)

    async def send_due(self) -> None:
        """Take what is due and begin to send it. Where it is switched off, it is forgotten."""
        letters = await self._writer.run(pushes.take, utc_now())
        if not letters or not self._is_on:
            return
        key = await self._writer.run(push_key.make, self._vault)
        free = _MOST_IN_HAND - len(self._sending)
        if len(letters) > free:
            logger.warning("%d notifications are not sent: too many are in hand", len(letters) - free)
        for letter in letters[: max(free, 0)]:
            task = asyncio.create_task(self._see_to(letter, key))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def idle(self) -> None:
        """Wait until nothing is in hand."""
        while self._sending:
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def close(self) -> None:
        """Let go of what is in hand."""
        for task in self._sending:
            task.cancel()
        await self.idle()
        await self._service.close()

    async def _see_to(self, letter: Letter, key: Key) -> None:
        try:
            answer = await self._send(letter, key)
            self.ended[answer.outcome] += 1
            await self._keep(letter, answer)
        except Exception as error:
            logger.warning("a notification was lost: %s", type(error).__name__)

    async def _send(self, letter: Letter, key: Key) -> Answer:
        for pause in (*self._pauses, None):
            async with self._slots:
                answer = await self._service.deliver(letter, key)
            if answer.outcome != Outcome.LATER or pause is None or answer.after > TTL_SECONDS:
                break
            await asyncio.sleep(max(pause, answer.after))
        return answer

    async def _keep(self, letter: Letter, answer: Answer) -> None:
        if answer.outcome == Outcome.TAKEN:
            await self._writer.run(push_devices.arrived, letter.device_id)
        elif answer.outcome == Outcome.GONE:
            await self._writer.run(push_devices.gone, letter.device_id)
        else:
            host = urlsplit(letter.endpoint).hostname
            logger.warning("%s did not take a notification: %s", host, answer.why)
            await self._writer.run(push_devices.failed, letter.device_id, answer.why, utc_now())
