"""News for whoever is watching a customer's chat: browsers (server-sent events) and long-polling tests.

Costs nothing while nobody watches, and never makes a sender wait: a watcher that is too slow is dropped and
catches up when it comes back."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

BACKLOG = 500


class Subscription:
    """One open event stream."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()

    def put(self, frame: str) -> None:
        if self.queue.qsize() < BACKLOG:
            self.queue.put_nowait(frame)
        else:
            self.close()

    def close(self) -> None:
        self.queue.put_nowait(None)


def frame(kind: str, data: Any, number: int | None = None) -> str:
    """One server-sent event; ``number`` lets a browser that reconnects say how far it got."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


class Live:
    """Subscriptions and waiters by topic: a PSID, ALL for the list of chats, IDLE for the webhooks' end."""

    ALL = "*"
    IDLE = "idle"

    def __init__(self) -> None:
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._waiters: dict[str, set[asyncio.Event]] = {}

    def subscribe(self, topic: str) -> Subscription:
        subscription = Subscription()
        self._subscriptions.setdefault(topic, set()).add(subscription)
        return subscription

    def unsubscribe(self, topic: str, subscription: Subscription) -> None:
        watching = self._subscriptions.get(topic, set())
        watching.discard(subscription)
        if not watching:
            self._subscriptions.pop(topic, None)

    def watched(self) -> list[str]:
        return list(self._subscriptions)

    def publish(self, topic: str, kind: str, data: Callable[[], Any], number: int | None = None) -> None:
        """Send to the topic's watchers; ``data`` is only called when there is one."""
        if watching := self._subscriptions.get(topic):
            text = frame(kind, data(), number)
            for subscription in tuple(watching):
                subscription.put(text)

    def wake(self, topic: str) -> None:
        """Let everybody who waits for this topic look again."""
        for event in self._waiters.get(topic, ()):
            event.set()

    async def wait_for(self, topic: str, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``ready()`` or until ``seconds`` have passed; says which."""
        event = asyncio.Event()
        self._waiters.setdefault(topic, set()).add(event)
        try:
            async with asyncio.timeout(seconds):
                while not ready():
                    event.clear()
                    await event.wait()
            return True
        except TimeoutError:
            return ready()
        finally:
            waiting = self._waiters[topic]
            waiting.discard(event)
            if not waiting:
                del self._waiters[topic]

    def close(self) -> None:
        for watching in self._subscriptions.values():
            for subscription in watching:
                subscription.close()
