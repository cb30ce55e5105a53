"""Sees to it that this machine's Rasa runs the model that was published last for the present files.

What shall run stands in the database (shop/bot_models.py), what does run Rasa says itself; where the two differ the
model is fetched and Rasa takes it, while turns go on. Each gateway looks after its own Rasa.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time

import aiohttp

from gateway.groupcommit import GroupCommit
from shop import bot_models
from shop.bot_models import ToRun
from shop.db import Database, utc_now
from talad.settings import Settings
from training import model, present
from training.taught import Lesson

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
#: After it did not work.
_AGAIN_SECONDS = 30.0
_PRUNE_SECONDS = 3600.0


class Refused(Exception):
    """Rasa cannot run the model; the text says why."""


class NotNow(Exception):
    """It did not work, and may later; the text says why."""


class Door:
    """The part of Rasa's door that is about its model. The session belongs to the caller."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = f"{url}/webhooks/talad"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def loaded(self) -> str | None:
        """The name of the model that Rasa has, None without one. Raises NotNow."""
        status, said = await self._ask("GET", "/", seconds=5)
        if status not in (200, 503) or "model" not in said:
            raise NotNow(f"HTTP {status}")
        name = said["model"]
        return str(name) if name else None

    async def take(self, name: str) -> None:
        """Let Rasa run the model of this name, which lies where it looks for models. Raises Refused and NotNow."""
        status, said = await self._ask("PUT", "/model", seconds=120, data=json.dumps({"model": name}))
        if status == 422:
            raise Refused(str(said.get("error")))
        if status != 200:
            raise NotNow(f"HTTP {status}: {said.get('error')}")

    async def _ask(
        self, method: str, path: str, *, seconds: float, data: str | None = None
    ) -> tuple[int, dict[str, object]]:
        try:
            async with self._session.request(
                method,
                self._url + path,
                data=data,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
            ) as answer:
                said = json.loads(await answer.read())
                return answer.status, said if isinstance(said, dict) else {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise NotNow(type(error).__name__) from error


class Published:
    """Compares what shall run with what does."""

    def __init__(self, settings: Settings, database: Database, writer: GroupCommit, door: Door) -> None:
        self._settings, self._database, self._writer, self._door = settings, database, writer, door
        # As they were when this process began, as were those of its Rasa: others come with a restart.
        self._files = model.fingerprint(with_examples=False)

    async def for_ever(self, every: float = _EVERY_SECONDS) -> None:
        """Look every moment, and now and then forget old models, until cancelled."""
        pruned = time.monotonic()
        while True:
            pause = every
            try:
                await self.look()
                if time.monotonic() - pruned > _PRUNE_SECONDS:
                    pruned = time.monotonic()
                    await self.prune()
            except NotNow as error:
                logger.info("Rasa's model is looked at again later: %s", error)
                pause = _AGAIN_SECONDS
            except Exception as error:
                logger.warning("Rasa's model is looked at again later: %s", type(error).__name__)
                pause = _AGAIN_SECONDS
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Let Rasa take what is in use, if it runs something else. Raises NotNow."""
        loaded = await self._door.loaded()
        wanted = await self._database.read(bot_models.to_run, self._files)
        if wanted is None:
            await self._register(loaded)
            return
        if loaded == wanted.name:
            present.remember(self._settings.var, self._files, wanted.name)
            return
        if await asyncio.to_thread(present.available, self._settings, wanted) is None:
            raise NotNow(f"{wanted.name} cannot be had from the media store")
        try:
            await self._take(wanted)
            logger.info("Rasa runs %s", wanted.name)
        except Refused as error:
            logger.error("Rasa cannot run %s: %s", wanted.name, error)
            await self._writer.run(bot_models.refuse, wanted.id, str(error))

    async def _take(self, wanted: ToRun) -> None:
        """Raises Refused and NotNow."""
        try:
            await self._door.take(wanted.name)
        except Refused as error:
            # No machine runs a model that was refused, so it must not be this machine's copy alone that is broken.
            logger.warning("Rasa cannot run %s, which is fetched anew: %s", wanted.name, error)
            if await asyncio.to_thread(present.fetched, self._settings, wanted) is None:
                raise NotNow(f"{wanted.name} cannot be had from the media store") from error
            await self._door.take(wanted.name)

    async def _register(self, loaded: str | None) -> None:
        """Nothing was published for these files: what Rasa runs is the model of the files, and is known from now on."""
        file = model.of_files(self._settings.var)
        if file is not None and file.name == f"{loaded}.tar.gz":
            before = await self._database.read(bot_models.taught_last)
            if before is not None and before.taught_count:
                logger.warning("Rasa's model lacks what trainers taught the one before: talad train")
            nothing = Lesson("", 0, {})
            await asyncio.to_thread(present.register, self._settings, self._database, file, nothing)

    async def prune(self) -> None:
        """Forget old models, in the database and on this machine."""
        kept = await self._writer.run(bot_models.prune, utc_now())
        own = model.folders(self._settings.var)[1]
        await asyncio.to_thread(model.forget_old, own, kept)
