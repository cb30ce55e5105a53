"""Waiting for something to become true, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def until(is_so: Callable[[], Any], seconds: float = 60.0) -> Any:
    """The first true value of `is_so()`, which may be awaitable. Fails the test when there is none in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        value = is_so()
        if isinstance(value, Awaitable):
            value = await value
        if value:
            return value
        assert asyncio.get_running_loop().time() < deadline, f"waited {seconds} s in vain"
        await asyncio.sleep(0.02)
