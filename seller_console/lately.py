"""What was found lately, kept for what is asked about it next: a page's charts come just after it and show the same.

Held by this process only; whoever finds nothing here asks the database.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Found = TypeVar("Found")

#: A picture far down may be scrolled to so many seconds after its page was shown.
_SECONDS = 300.0
_MOST = 32


class Lately(Generic[Found]):
    """The last few things that were found, by what was asked; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: OrderedDict[Hashable, tuple[float, Found]] = OrderedDict()

    def keep(self, asked: Hashable, found: Found) -> None:
        """Found just now, in place of what was found before."""
        self._found[asked] = (self._clock() + _SECONDS, found)
        self._found.move_to_end(asked)
        if len(self._found) > _MOST:
            self._found.popitem(last=False)

    def get(self, asked: Hashable) -> Found | None:
        """What was found, None when that was too long ago."""
        until, found = self._found.get(asked, (0.0, None))
        return found if until > self._clock() else None
