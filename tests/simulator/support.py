"""What the simulator's tests talk with: a small shop that takes webhooks, and a client of the emulator."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "demo-page-token"
PAGE = "100000000000001"
APP = "200000000000001"
NOK = "7000000000000001"


@dataclass
class Taken:
    """One webhook request as it came."""

    raw: bytes
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def events(self) -> list[dict[str, Any]]:
        entries = self.body["entry"]
        return [event for entry in entries for event in entry.get("messaging", []) + entry.get("standby", [])]


@dataclass
class Shop:
    """Takes webhooks; ``answer`` decides the status of each, ``taken`` keeps what came."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    answer: Callable[[Taken], int] = lambda taken: 200
    pause: float = 0.0

    async def handle(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            right = request.query["hub.verify_token"] == "demo-verify-token"
            return web.Response(text=request.query["hub.challenge"]) if right else web.Response(status=403)
        taken = Taken(await request.read(), {name.lower(): value for name, value in request.headers.items()})
        self.taken.append(taken)
        if self.pause:
            await asyncio.sleep(self.pause)
        return web.Response(status=self.answer(taken))

    def events(self, kind: str = "message", *, echo: bool = False) -> list[dict[str, Any]]:
        found = [event for taken in self.taken for event in taken.events if kind in event]
        return [event for event in found if bool(event[kind].get("is_echo")) == echo]


class Simulator:
    """The emulator's HTTP interfaces: ``control`` and ``graph``."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def control(self, path: str, body: Any = None, *, method: str = "") -> Any:
        async with self.session.request(
            method or ("GET" if body is None else "POST"), f"{self.url}/control{path}", json=body
        ) as answer:
            found = await answer.json()
            assert answer.status < 300, f"{path}: {answer.status} {found}"
            return found

    async def graph(self, method: str, path: str, body: Any = None, *, token: str = TOKEN) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{self.url}/v26.0/{path}"
        async with self.session.request(method, address, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def send(self, message: Any, **more: Any) -> tuple[int, Any]:
        """A message to Nok."""
        return await self.graph("POST", "me/messages", {"recipient": {"id": NOK}, "message": message, **more})

    async def say(self, text: str, psid: str = NOK) -> Any:
        return await self.control(f"/customers/{psid}/text", {"text": text})

    async def scenario(self, **switches: Any) -> None:
        await self.control("/scenario", switches)

    async def idle(self) -> None:
        await self.control("/idle")


def refusal(answer: tuple[int, Any]) -> tuple[int, int | None]:
    """Code and subcode of an error answer."""
    assert answer[0] != 200, answer
    error = answer[1]["error"]
    assert error["type"] == "OAuthException" and error["message"] and error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


async def until(ready: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something the shop is about to receive."""
    async with asyncio.timeout(seconds):
        while not ready():  # noqa: ASYNC110 - the shop and the test share no event
            await asyncio.sleep(0.01)
