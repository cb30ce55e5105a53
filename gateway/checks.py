"""Asks the verification service about transfers that are due, one after the other, outside any transaction.

What is due stands in the database (shop/slips/checks.py): a restart forgets nothing, and several gateways
share the work.
"""

from __future__ import annotations

import asyncio
import logging

from gateway.groupcommit import GroupCommit
from shop.db import utc_now
from shop.slips import checks
from shop.slips.asking import State
from verifiers.base import Verifier

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 3.0
#: An answer has been paid for: it is worth some patience while the database is away.
_INSIST_SECONDS = 30.0
_WORKED = (State.FOUND, State.DUPLICATE, State.NOT_FOUND, State.PENDING)


async def for_ever(writer: GroupCommit, verifier: Verifier | None, every: float = _EVERY_SECONDS) -> None:
    """Ask what is due and look again after some seconds, until cancelled; without a verifier nothing ever is."""
    while verifier is not None:
        try:
            while await ask_one(writer, verifier):
                pass
        except Exception as error:
            logger.warning("slips are checked later: %s", type(error).__name__)
        await asyncio.sleep(every)


async def ask_one(writer: GroupCommit, verifier: Verifier) -> bool:
    """Ask about one transfer and keep the answer; False when none is due."""
    claim = await writer.run(checks.claim_one, verifier.name, utc_now())
    if claim is None:
        return False
    answer = await verifier.verify(claim.question)
    if answer.state not in _WORKED:
        logger.warning(
            "%s did not say anything about a slip: %s, %s", verifier.name, answer.state, answer.why
        )
    await writer.insist(_INSIST_SECONDS, checks.record, claim, answer, utc_now())
    return True
