"""Resting a whole channel: after a rate limit, while the platform is out of reach, while the token is dead.

Messages wait meanwhile; none is given up for a reason that is not its own.
"""

from __future__ import annotations

from datetime import timedelta

from channels.base import FIRST_PAUSE, SendError
from gateway import sentences
from gateway.directory import Connected, Directory
from shop.db import utc_now

_LONGEST_UNREACHABLE = 30.0
#: What a person has to mend at the platform's side is looked at again so often.
_LOOK_AGAIN = timedelta(minutes=15)
#: These end only when the Page is connected again: asking with a dead token makes it worse.
_UNTIL_CONNECTED_AGAIN = frozenset({"token", "settings"})


class Pauses:
    """Pauses channels after errors that concern all of their messages."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._strikes: dict[int, int] = {}

    async def after(self, channel: Connected, error: SendError) -> None:
        """Rest the channel as the error asks for."""
        now = self._directory.by_id(channel.id)
        if now is None or now.is_paused or _is_other_token(now, channel):
            return  # others were in flight when the first one failed
        strikes = self._strikes[channel.id] = self._strikes.get(channel.id, 0) + 1
        problem = sentences.stored(error.sentence) if error.permanent else None
        until = None
        if not error.permanent:
            pause = error.retry_after or min(FIRST_PAUSE * 2 ** (strikes - 1), _LONGEST_UNREACHABLE)
            until = utc_now() + timedelta(seconds=pause)
        elif error.meaning not in _UNTIL_CONNECTED_AGAIN:
            until = utc_now() + _LOOK_AGAIN
        await self._directory.pause(channel.id, until, problem)

    async def works_again(self, channel: Connected) -> None:
        """A message went through: what was wrong is over."""
        self._strikes.pop(channel.id, None)
        now = self._directory.by_id(channel.id)
        if (
            now is not None
            and (now.problem is not None or now.paused_until is not None)
            and not now.is_paused
        ):
            await self._directory.pause(channel.id, None, None)


def _is_other_token(one: Connected, other: Connected) -> bool:
    return one.client.credentials.token != other.client.credentials.token
