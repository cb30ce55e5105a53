"""What changes while pages are open: one task looks into the database, every open tab hears of it.

Looking, rather than being called, also sees what other processes and machines change.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from seller_console import menu
from shop import bot_models, chats, inventory, review, utterances, views
from shop.db import Database
from shop.roles import May

_PAUSE_SECONDS = 0.5
_PAUSE_AFTER_ERROR_SECONDS = 5.0
#: So many changes are kept for tabs that come back after a broken connection; older ones reload the page's part.
_KEPT = 500
_LOOK_BACK = 200

#: What is counted beside the menu's entries, by the name they have there. Each look asks all, so they must be quick.
COUNTS: Mapping[str, Callable[[Session], int]] = {
    "review": review.count,
    "low_stock": inventory.count_low,
    "problems": views.count_problems,
    "chats": chats.count_waiting,
    "training": utterances.count_open,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """Something happened.

    `id` is its position in the stream; `orders` are the numbers concerned, or None for "any may have changed".
    `counts` are the numbers beside the menu's entries. `chats` are the chats concerned, as pages watch them:
    `chat-<customer's id>`. `placed` and `slips` are the numbers of orders that are new, and of those that a slip came
    for. `calls` are the names of customers who began to wait for a person, or wrote more to one, by their ids.
    `models`: something about a model of the bot is new.
    """

    id: str
    orders: list[str] | None
    counts: Mapping[str, int]
    chats: Sequence[str] = ()
    placed: Sequence[str] = ()
    slips: Sequence[str] = ()
    calls: Mapping[int, str] = field(default_factory=dict)
    models: bool = False

    def as_event(self, may: Set[May]) -> str:
        """What of the change somebody `may` see, in the format of server-sent events (WHATWG HTML, section 9.2)."""
        seen = {
            "orders": self.orders if May.SEE_ORDERS in may else [],
            "counts": {name: number for name, number in self.counts.items() if menu.may_count(may, name)},
            "chats": [*self.chats] if May.CHAT in may else [],
            "placed": [*self.placed] if May.SEE_ORDERS in may else [],
            "slips": [*self.slips] if May.SEE_MONEY in may else [],
            "calls": {**self.calls} if May.CHAT in may else {},
            "models": May.TEACH in may and (self.models or self.orders is None),
        }
        data = json.dumps(seen)
        return f"id: {self.id}\nevent: change\ndata: {data}\n\n"


@dataclass(frozen=True)
class _Seen:
    """One look into the database; a `mark` that was not there before is news of the order it names."""

    marks: dict[str, str]
    counts: Mapping[str, int]
    said: Mapping[str, int]
    in_hands: Mapping[int, chats.Held]
    models: str


class Live:
    """The stream of changes of one process.

    `counts` says how many things wait on a page now, by the names of `COUNTS` and of `to_count`, which takes what the
    process knows and a database does not.
    """

    def __init__(
        self, database: Database, to_count: Mapping[str, Callable[[Session], int]] | None = None
    ) -> None:
        self._to_count = {**COUNTS, **(to_count or {})}
        self.counts: Mapping[str, int] = dict.fromkeys(self._to_count, 0)
        self._database = database
        # Positions of another run of the process mean nothing here, so they carry its name.
        self._run = secrets.token_hex(4)
        self._last = 0
        self._kept: deque[tuple[int, Change]] = deque(maxlen=_KEPT)
        self._news = asyncio.Event()
        self._stopped = False

    @property
    def position(self) -> str:
        """Where a page that is made now stands in the stream."""
        return f"{self._run}-{self._last}"

    async def watch(self) -> None:
        """Look for changes until `stop`."""
        before: _Seen | None = None
        while not self._stopped:
            pause = _PAUSE_SECONDS
            try:
                seen = await self._database.read(_look, self._to_count)
                self._compare(before, seen)
                before = seen
            except Exception:
                log.exception("cannot look for changes; trying again in %s s", _PAUSE_AFTER_ERROR_SECONDS)
                pause = _PAUSE_AFTER_ERROR_SECONDS
            if not self._stopped:
                await self._wait(pause)

    async def changes(self, after: str | None, heartbeat: float) -> AsyncIterator[Change | None]:
        """Changes after the position, then those to come; None whenever nothing came for `heartbeat` seconds.

        A position that is unknown or too long ago gives one change that says "any may have changed".
        """
        last = self._number(after)
        if last is None:
            last = self._last
            yield Change(self.position, None, self.counts)
        while not self._stopped:
            fresh = [(number, change) for number, change in self._kept if number > last]
            for number, change in fresh:
                last = number
                yield change
            if not fresh and not await self._wait(heartbeat):
                yield None

    def stop(self) -> None:
        """End `watch` and every stream."""
        self._stopped = True
        self._news.set()

    async def _wait(self, seconds: float) -> bool:
        """Whether something happened within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _compare(self, before: _Seen | None, now: _Seen) -> None:
        if before is None:  # pages may have been made before this first look: nobody knows what they missed
            self.counts = now.counts
            self._last += 1
            self._publish(Change(self.position, None, now.counts))
            return
        new = set(now.marks) - set(before.marks)
        talk = _other_chats(before, now)
        models = now.models != before.models
        if new or talk or models or now.counts != self.counts:
            self.counts = now.counts
            many = len(new) >= _LOOK_BACK  # more may have happened than one look shows
            placed, slips = (sorted(_of_kind(kind, new, now.marks)) for kind in ("place", "attach_slip"))
            orders = None if many else sorted({now.marks[mark] for mark in new})
            concerned = [f"chat-{one}" for one in sorted(talk)]
            calls = chats.began_to_wait(before.in_hands, now.in_hands)
            self._last += 1
            self._publish(Change(self.position, orders, now.counts, concerned, placed, slips, calls, models))

    def _publish(self, change: Change) -> None:
        self._kept.append((self._last, change))
        happened, self._news = self._news, asyncio.Event()
        happened.set()

    def _number(self, position: str | None) -> int | None:
        run, _, number = (position or "").partition("-")
        if run != self._run or not number.isdecimal() or len(number) > 18 or int(number) > self._last:
            return None
        oldest = self._kept[0][0] if self._kept else self._last + 1
        return int(number) if int(number) >= oldest - 1 else None


def _other_chats(before: _Seen, now: _Seen) -> set[int]:
    """The customers about whose chat anything is new; that nobody has it any more is too."""
    said = {now.said[mark] for mark in now.said.keys() - before.said.keys()}
    either = before.in_hands.keys() | now.in_hands.keys()
    return said | {one for one in either if before.in_hands.get(one) != now.in_hands.get(one)}


def _of_kind(kind: str, new: set[str], marks: Mapping[str, str]) -> set[str]:
    """The orders that the new marks of this kind are about."""
    return {marks[mark] for mark in new if mark.startswith(f"{kind} ")}


def _look(session: Session, to_count: Mapping[str, Callable[[Session], int]]) -> _Seen:
    return _Seen(
        marks=views.recently(session, _LOOK_BACK),
        counts={name: count(session) for name, count in to_count.items()},
        said=chats.said_lately(session, _LOOK_BACK),
        in_hands=chats.in_hands_now(session),
        models=bot_models.mark(session),
    )
