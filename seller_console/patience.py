"""Waiting a moment for the gateway to do an errand, so that most answers are there with the page that asked."""

from __future__ import annotations

import asyncio

from sanic import Request

from shop import errands
from shop.models import Errand

_EVERY_SECONDS = 0.15
#: A page that takes longer makes people press again.
_SECONDS = 6.0


async def settled(request: Request, errand_id: int) -> Errand:
    """The errand once it is done, or as it stands when patience is over. Raises NotFound."""
    deadline = asyncio.get_running_loop().time() + _SECONDS
    while True:
        errand: Errand = await request.app.ctx.database.read(errands.get, errand_id)
        if errand.done_at or asyncio.get_running_loop().time() > deadline:
            return errand
        await asyncio.sleep(_EVERY_SECONDS)
