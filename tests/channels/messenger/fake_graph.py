"""A Graph API on loopback that answers what a test has laid out and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Asked:
    """One request as the server saw it; `form` maps a multipart field to its bytes."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    json: Any = None
    form: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Answer:
    """What to answer; after `delay` seconds, or by dropping the connection."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False


class FakeGraph:
    """Answers in the order given; afterwards as to a message that was taken."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Answer] = []
        self.url = ""
        self.reached = asyncio.Event()

    def will_answer(self, *answers: Answer) -> None:
        self.answers += answers

    def will_refuse(self, code: int, subcode: int | None = None, *, status: int = 400, **more: Any) -> None:
        """An error body as Messenger Platform, "Error codes", shapes it."""
        error = {
            "message": f"(#{code}) refused",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "Axyz",
        }
        if subcode is not None:
            error["error_subcode"] = subcode
        headers = more.pop("headers", {})
        self.answers.append(Answer({"error": {**error, **more}}, status, headers))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(request.method, request.path, dict(request.query), request.headers)
        if request.content_type == "application/json" and request.can_read_body:
            asked.json = await request.json()
        elif request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                asked.form[str(getattr(part, "name", ""))] = await part.read()  # type: ignore[union-attr]
        self.asked.append(asked)
        self.reached.set()
        answer = self.answers.pop(0) if self.answers else Answer({"recipient_id": "7", "message_id": "m_1"})
        await asyncio.sleep(answer.delay)
        if answer.drop and request.transport is not None:
            request.transport.abort()
        if isinstance(answer.body, str):
            return web.Response(
                text=answer.body, status=answer.status, content_type="text/html", headers=answer.headers
            )
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)
