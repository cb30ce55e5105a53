"""Rasa's door and Meta's Graph API as small servers on loopback that remember what they were asked."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

RASA_TOKEN = "r" * 40

Answer = Callable[[dict[str, Any]], Any]


class Server:
    """An aiohttp application on a port of its own that can be stopped and started again on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self._runner: web.AppRunner | None = None

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    async def start(self) -> None:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class FakeRasa(Server):
    """Answers each turn with its own text, and a turn it knows already with the same replies. As the real door does.

    `understands` makes what is told of a typed text; a door of an earlier version tells nothing.
    """

    seconds: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(dict))
    order: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    overlaps: int = 0
    answer: Answer | None = None
    understands: Answer | None = None
    model: str | None = None
    #: What it says when it is given a model, by name; others it cannot find.
    takes: dict[str, int] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._running: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/webhooks/talad/turn", self._turn),
            web.get("/webhooks/talad/", self._loaded),
            web.put("/webhooks/talad/model", self._take),
        ]

    async def _loaded(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "model": self.model}, status=200 if self.model else 503)

    async def _take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {RASA_TOKEN}":
            return web.json_response({"error": "wrong token"}, status=401)
        name = (await request.json())["model"]
        self.given.append(name)
        status = self.takes.get(name, 404)
        if status == 200:
            self.model = name
        return web.json_response({"model": name} if status == 200 else {"error": "no good"}, status=status)

    async def _turn(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {RASA_TOKEN}":
            return web.json_response({"error": "wrong token"}, status=401)
        turn = await request.json()
        self.asked.append(turn)
        conversation = turn["conversation"]
        if turn["id"] in self.done[conversation]:
            return web.json_response({"replies": self.done[conversation][turn["id"]], "understood": None})
        self.overlaps += conversation in self._running
        self._running.add(conversation)
        try:
            if self.seconds:
                await asyncio.sleep(self.seconds)
            answer = self.answer(turn) if self.answer else None
            answer = await answer if asyncio.iscoroutine(answer) else answer
            if isinstance(answer, web.Response):
                return answer
            replies = (
                answer if answer is not None else [{"text": f"re: {turn.get('text') or turn.get('intent')}"}]
            )
            self.done[conversation][turn["id"]] = replies
            self.order[conversation].append(turn.get("text") or turn.get("intent"))
            told = self.understands(turn) if self.understands and "text" in turn else None
            return web.json_response({"replies": replies, "understood": told})
        finally:
            self._running.discard(conversation)


@dataclass
class FakeGraph(Server):
    """Takes messages, and serves attachments from `files`."""

    seconds: float = 0.0
    sent: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)
    profiles: int = 0
    files: dict[str, Callable[[web.Request], Any]] = field(default_factory=dict)
    refuse: Callable[[dict[str, Any]], web.StreamResponse | None] | None = None
    after_accepting: Callable[[dict[str, Any]], Any] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v26.0/{page}/messages", self._message),
            web.get("/v26.0/{psid}", self._profile),
            web.get("/files/{name}", self._file),
        ]

    @property
    def api(self) -> str:
        return f"{self.url}/v26.0"

    def texts(self, psid: str) -> list[str]:
        return [sent["message"].get("text", "") for sent in self.sent if sent["recipient"]["id"] == psid]

    async def _message(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        body["token"] = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if "sender_action" in body:
            self.actions.append(body)
            return web.json_response({"recipient_id": body["recipient"]["id"]})
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.refuse is not None and (refusal := self.refuse(body)) is not None:
            return refusal
        self.sent.append(body)
        if self.after_accepting is not None:
            await self.after_accepting(body)
        return web.json_response(
            {"recipient_id": body["recipient"]["id"], "message_id": f"m_{len(self.sent)}"}
        )

    async def _profile(self, request: web.Request) -> web.Response:
        self.profiles += 1
        return web.json_response({"first_name": "Nok", "last_name": "Dee", "id": request.match_info["psid"]})

    async def _file(self, request: web.Request) -> Any:
        made = self.files[request.match_info["name"]](request)
        return await made if asyncio.iscoroutine(made) else made


def error(code: int, subcode: int | None = None, status: int = 400, **headers: str) -> web.Response:
    """A refusal as the Graph API writes it."""
    body = {"error": {"message": "refused", "code": code, **({"error_subcode": subcode} if subcode else {})}}
    return web.json_response(body, status=status, headers=headers)
