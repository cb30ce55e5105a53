"""Whether somebody knows a password: counted, slowed down, and hashed outside of every transaction."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

from sanic import Request
from sanic.exceptions import SanicException

from seller_console import devices, known, network
from shop import passwords, sign_ins
from shop.db import utc_now
from shop.errors import TooManyAttempts
from shop.sign_ins import Attempt, Browser


class TryLater(SanicException):
    """Too much of something; in `seconds`, at the time `until`, it goes on."""

    status_code = 429

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        self.until = utc_now() + timedelta(seconds=self.seconds)
        self.minutes = math.ceil(self.seconds / 60)
        super().__init__(f"again in {self.seconds} s", headers={"retry-after": str(self.seconds)})


async def of_password(request: Request, email: str, password: str) -> Attempt | None:
    """The attempt for `sign_ins.passed` if the password is the account's, else None. Raises TryLater."""
    database = request.app.ctx.database
    try:
        attempt: Attempt = await database.run(
            sign_ins.begin,
            email,
            network.client_address(request),
            utc_now(),
            is_known=known.is_known(request, email),
        )
    except TooManyAttempts as paused:
        raise later(paused) from paused
    if not await asyncio.to_thread(passwords.fits, attempt.password, password):
        return None
    await database.run(sign_ins.was_right, attempt)
    return attempt


def later(paused: TooManyAttempts) -> TryLater:
    """The answer to somebody who guesses."""
    return TryLater((paused.until - utc_now()).total_seconds())


def browser(request: Request) -> Browser:
    """What the session of this browser is told apart by."""
    return Browser(network.client_address(request), devices.short_name(request.headers.get("user-agent", "")))
