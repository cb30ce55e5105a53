"""The typing dots: shown when an answer takes a moment. They never delay a reply and never come after it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from channels.messenger.send import Client

#: Most answers are there sooner, and dots that flash up for less only cost a request.
AFTER_SECONDS = 0.2


@contextmanager
def typing_dots(client: Client, customer_id: str) -> Iterator[None]:
    """Show the customer typing dots if the block takes a moment; what is still under way at its end is dropped."""
    shown: list[asyncio.Task[None]] = []

    def show() -> None:
        shown.append(asyncio.create_task(client.typing(customer_id)))

    timer = asyncio.get_running_loop().call_later(AFTER_SECONDS, show)
    try:
        yield
    finally:
        timer.cancel()
        for task in shown:
            task.cancel()
