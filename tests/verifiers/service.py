"""A verification service on loopback: answers what a test lays out and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Asked:
    """One request as the service saw it."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Laid:
    """What to answer: `body` as JSON, or the very bytes; after `delay` seconds, or cut off in the middle."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False


class FakeService:
    """Answers each request in the order laid out."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.laid: list[Laid] = []

    def will_answer(self, body: Any, status: int = 200, **how: Any) -> None:
        self.laid.append(Laid(body, status, **how))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path, request.headers, await request.json()))
        laid = self.laid.pop(0)
        await asyncio.sleep(laid.delay)
        whole = laid.body if isinstance(laid.body, bytes) else json.dumps(laid.body).encode()
        headers = {"Content-Type": "application/json", **laid.headers}
        if not laid.cut:
            return web.Response(body=whole, status=laid.status, headers=headers)
        answer = web.StreamResponse(headers={**headers, "Content-Length": str(len(whole))})
        await answer.prepare(request)
        await answer.write(whole[: len(whole) // 2])
        assert request.transport is not None
        request.transport.abort()
        return answer
