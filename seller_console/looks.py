"""Who looks at which waiting slip right now, so that sellers who review at once are given different ones.

Held by this process only and forgotten when it ends: where several run, or somebody is slow, two may meet at a slip,
and whoever comes second is told that it has been seen to.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: Whoever has not moved on after so many seconds is doing something else.
_SECONDS = 120.0


class Looks:
    """What each seller looks at; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_seller: dict[int, tuple[int, float]] = {}

    def look(self, seller_id: int, order_id: int) -> None:
        """The seller looks at this order now, and at no other any more."""
        self._by_seller[seller_id] = (order_id, self._clock() + _SECONDS)

    def away(self, seller_id: int) -> None:
        """The seller looks at none."""
        self._by_seller.pop(seller_id, None)

    def of_others(self, seller_id: int) -> set[int]:
        """The ids of the orders that other sellers look at."""
        now = self._clock()
        others = ((who, look) for who, look in self._by_seller.items() if who != seller_id)
        return {order_id for _, (order_id, until) in others if until > now}
