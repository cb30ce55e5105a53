"""How often somebody may change or ask something costly; beyond it the answer is 429 and when to try again.

This keeps a script, a stuck key or a broken proxy from using up the console for everybody. It is counted in memory, by
each process for itself: a count in the database would cost a write for each request, which is what it should prevent.
Guessing passwords and codes is another matter and counted in the database (shop.sign_ins).
"""

from __future__ import annotations

import time
from collections import OrderedDict

from sanic import Request, Sanic

from seller_console import access, network
from seller_console.proof import TryLater

#: Forms of one person: times in so many seconds. Nobody clicks that fast. A route that is costly, or needs less, has a
#: limit of its own besides: `ctx_at_most=(times, seconds)`.
_FORMS = (300, 60)
#: Strangers only sign in.
_FORMS_OF_STRANGERS = (60, 60)
_MOST_REMEMBERED = 10_000


class Limits:
    """Counts of one process: each key has so many goes that come back evenly with time (a token bucket)."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, times: int, seconds: float, now: float) -> float:
        """0 when it may go on, which is counted; else the seconds to wait. `now` is any clock's time in seconds."""
        left, at = self._buckets.get(key, (float(times), now))
        left = min(float(times), left + (now - at) * times / seconds)
        wait = 0.0 if left >= 1 else (1 - left) * seconds / times
        self._buckets[key] = (left if wait else left - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > _MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return wait


def limit(app: Sanic) -> None:  # type: ignore[type-arg]
    """Count after the guard has said who asks."""
    app.ctx.limits = Limits()
    app.register_middleware(_count, "request")


async def _count(request: Request) -> None:
    route = request.route.ctx if request.route else None
    if route is None or getattr(route, "anonymous", False):
        return
    is_form = request.method not in access.SAFE_METHODS
    own: tuple[int, float] | None = getattr(route, "at_most", None)
    seller = request.ctx.seller
    who = f"user {seller.id}" if seller else f"address {network.client_address(request)}"
    rules = {f"{who} {request.route.name}": own} if own and request.route else {}
    if is_form:
        rules[f"{who} forms"] = _FORMS if seller else _FORMS_OF_STRANGERS
    for key, rule in rules.items():
        wait = request.app.ctx.limits.wait(key, *rule, time.monotonic())
        if wait:
            raise TryLater(wait)
