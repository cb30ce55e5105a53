"""Makes the models that trainers ask for, one after the other (shop/bot_models.py); several gateways share the work.

The work itself is done by child processes (training/school.py) that give way to everything else on this machine.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from sqlalchemy.exc import DBAPIError

from gateway.groupcommit import GroupCommit
from shop import bot_making
from shop.bot_making import Claim
from shop.bot_models import Failure, Step
from shop.db import Database, utc_now
from talad.settings import Settings
from training import model
from training.runs import Stopped
from training.school import Failed, School

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
#: The work of a minute should not be lost while the database is away for a moment.
_INSIST_SECONDS = 120.0


class Trainings:
    """Claims trainings and sees them through."""

    def __init__(self, settings: Settings, database: Database, writer: GroupCommit) -> None:
        self._database, self._writer = database, writer
        self._school = School(settings, database)

    async def for_ever(self, every: float = _EVERY_SECONDS) -> None:
        """Do what is asked for and look again after a moment, until cancelled."""
        if not model.RASA_PYTHON.exists():
            logger.info("models are made on another machine: the bot's environment is not here")
            return
        while True:
            try:
                if await self._database.read(bot_making.is_due, utc_now()):
                    await self.do_one()
            except Exception as error:
                logger.warning("trainings are done later: %s", type(error).__name__)
            await asyncio.sleep(every)

    async def do_one(self) -> bool:
        """Make one model and write what came of it; False when none is due."""
        claim = await self._writer.run(bot_making.claim, utc_now())
        if claim is None:
            return False
        try:
            made = await self._school.train(partial(self._report, claim))
        except Stopped:
            logger.info("model %d is made by somebody else", claim.id)
        except asyncio.CancelledError:
            await self._writer.run(bot_making.give_back, claim)
            raise
        except Failed as error:
            logger.error("model %d could not be made (%s):\n%s", claim.id, error.why, error)
            await self._fail(claim, error.why)
        except Exception as error:
            logger.exception("model %d could not be made: %s", claim.id, type(error).__name__)
            await self._fail(claim, Failure.UNKNOWN)
        else:
            await self._writer.insist(_INSIST_SECONDS, bot_making.finish, claim, made, utc_now())
        return True

    async def _report(self, claim: Claim, step: Step, share: float) -> bool:
        try:
            return await self._writer.run(bot_making.progress, claim, step, share, utc_now())
        except DBAPIError as error:
            logger.warning("how far model %d is cannot be written: %s", claim.id, type(error).__name__)
            return True

    async def _fail(self, claim: Claim, why: Failure) -> None:
        await self._writer.insist(_INSIST_SECONDS, bot_making.fail, claim, why, utc_now())
