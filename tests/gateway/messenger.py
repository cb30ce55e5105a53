"""The simulated Messenger (simulator/README.md) as the gateway's tests use it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.gateway.world import PAGE

#: The secrets of the simulated Messenger's first Page.
DEMO_SECRETS = {
    "token": "demo-page-token",
    "app_secret": "demo-app-secret",
    "verify_token": "demo-verify-token",
}


def now_ms() -> int:
    """The present as Messenger writes it, in milliseconds."""
    return int(time.time() * 1000)


class Messenger:
    """Its control API at `address`: what customers do, what they see, and what goes wrong."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.api = f"{address}/v26.0"

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        await self.reset()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def control(self, path: str, body: Any = None, **query: Any) -> Any:
        """POST with a body, else GET; the answer's JSON."""
        method = "GET" if body is None else "POST"
        address = f"{self.address}/control/{path}"
        async with self._http.request(method, address, json=body, params=query) as answer:
            found = await answer.json()
            assert answer.status < 300, f"{path}: {answer.status} {found}"
            return found

    async def reset(self) -> None:
        await self.control("reset", {})

    async def deliver_to(self, gateway: str, page: str = PAGE) -> None:
        """Post the Page's events to the gateway."""
        await self.control(f"pages/{page}", {"webhook": f"{gateway}/webhooks/messenger"})

    async def meet(self, *psids: str, **details: Any) -> None:
        """New customers."""
        for psid in psids:
            await self.control("customers", {"psid": psid, **details})

    async def does(self, psid: str, what: str, **details: Any) -> Any:
        """The customer does something: text, tap, photos, sticker …"""
        return await self.control(f"customers/{psid}/{what}", details)

    async def says(self, psid: str, *texts: str) -> None:
        for text in texts:
            await self.does(psid, "text", text=text)

    async def seen(self, psid: str) -> list[dict[str, Any]]:
        """The shop's messages in the customer's chat, oldest first: `text`, `kind`, `message`, `request` …"""
        entries = (await self.control(f"customers/{psid}/transcript", limit=400))["messages"]
        return [entry for entry in entries if entry["side"] == "shop"]

    async def texts(self, psid: str) -> list[str]:
        """The words that the customer has read from the shop."""
        return [entry["text"] for entry in await self.seen(psid)]

    def has_seen(self, psid: str, count: int) -> Callable[[], Awaitable[bool]]:
        """A question for `until`: whether so many messages are in the customer's chat."""

        async def enough() -> bool:
            return len(await self.seen(psid)) >= count

        return enough

    async def sends(self, psid: str | None = None, *, dots: bool = False) -> list[dict[str, Any]]:
        """Calls for messages, oldest first, whatever became of them; with `dots` for typing dots instead."""
        calls = (await self.control("graph-calls", edge="messages", limit=5000))["calls"]
        return [
            call
            for call in calls
            if ("sender_action" in call["body"]) == dots and psid in (None, call["body"]["recipient"]["id"])
        ]

    def has_tried(self, count: int) -> Callable[[], Awaitable[bool]]:
        """A question for `until`: whether the shop has called so often to send a message."""

        async def enough() -> bool:
            return len(await self.sends()) >= count

        return enough

    async def goes_wrong(self, *rules: dict[str, Any]) -> None:
        """Answer calls as these rules say (`graph_errors` of the scenario)."""
        await self.control("scenario", {"graph_errors": list(rules)})

    async def behaves(self, **switches: Any) -> None:
        """Set switches of the scenario."""
        await self.control("scenario", switches)
