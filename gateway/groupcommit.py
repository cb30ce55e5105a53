"""One writer for the whole process: what waits at the same moment is committed together.

A commit costs a disk flush, so webhooks, results of turns and marks of the outbox share one. It has a thread
and a connection of its own, which nothing else holds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from shop.db import Database, went_second

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

#: Calls in one transaction; more would keep others from SQLite's one write lock for too long.
_MOST = 64
#: Two groups of two gateways may each hold what the other waits for; PostgreSQL then lets one of them go on.
_TRIES = 5
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


@dataclass(frozen=True)
class _Call:
    work: Callable[[Session], Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class GroupCommit:
    """Runs functions of a session in few transactions.

    A function may be called twice (when another one of its group fails, all are rolled back and each is tried
    alone), so it changes nothing but the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="group-commit")
        self._waiting: list[_Call] = []
        self._draining: asyncio.Task[None] | None = None

    async def run(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work(session, …)` returns, once it is committed. Raises what it, or the database, raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._waiting.append(_Call(lambda session: work(session, *args, **kwargs), answer))
        if self._draining is None:
            self._draining = loop.create_task(self._drain())
        return await answer

    async def insist(
        self, seconds: float, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """As `run`, but tries for `seconds` while the database is away: for results that should not be lost."""
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + seconds, _FIRST_PAUSE
        while True:
            try:
                return await self.run(work, *args, **kwargs)
            except DBAPIError as error:
                if not is_away(error) or clock() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def close(self) -> None:
        """Finish what waits and end the thread."""
        if self._draining is not None:
            await self._draining
        self._thread.shutdown(wait=True)

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            outcomes = await loop.run_in_executor(self._thread, self._commit, [call.work for call in group])
            for call, outcome in zip(group, outcomes, strict=True):
                _answer(call.answer, outcome)
        self._draining = None

    def _commit(self, group: list[Callable[[Session], Any]], tries: int = _TRIES) -> list[_Outcome]:
        try:
            with self._database.transaction() as session:
                values = [work(session) for work in group]
        except Exception as error:
            if went_second(error) and (len(group) > 1 or tries > 1):
                return [self._commit([work], tries - 1)[0] for work in group]
            if len(group) == 1 or is_away(error):
                return [_Outcome(error=error)] * len(group)
            logger.debug("a group of %d is committed one by one: %s", len(group), type(error).__name__)
            return [self._commit([work])[0] for work in group]
        return [_Outcome(value) for value in values]


def is_away(error: BaseException) -> bool:
    """Whether the error says that the database cannot be used now, rather than that a statement is wrong."""
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def _answer(answer: asyncio.Future[Any], outcome: _Outcome) -> None:
    if answer.done():  # whoever asked has given up waiting
        return
    if outcome.error is not None:
        answer.set_exception(outcome.error)
    else:
        answer.set_result(outcome.value)
