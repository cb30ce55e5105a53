"""How much a request may bring: as much as a short form, unless its route takes files (`ctx_most_bytes=…`) and is for
whoever asks: nobody else has a large body read.
"""

from __future__ import annotations

from typing import Any

from sanic import Request, Sanic
from sanic.signals import Event

from seller_console import access

#: The largest thing most pages send is a short form.
_FORM = 64 * 1024
#: No route may take more.
MOST = 32 * 1024 * 1024


def limit(app: Sanic) -> None:  # type: ignore[type-arg]
    """Set the limit of each request as soon as its route is known, which is before its body is read."""
    app.signal(Event.HTTP_ROUTING_AFTER)(_set)


async def _set(request: Request, **_context: Any) -> None:
    if request.stream is not None:
        most = getattr(request.route.ctx if request.route else None, "most_bytes", _FORM)
        if most > _FORM and not await access.is_open(request):
            most = _FORM
        request.stream.request_max_size = most
