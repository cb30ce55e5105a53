"""A tiny shop's model, trained once, and a real agent, action server and door around it for each test."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["SANIC_ACCESS_LOG"] = "false"
os.environ["TALAD_RASA_TOKEN"] = "a-token-for-tests"  # one store reads what another has sealed

import pytest
from aiohttp import ClientSession, web
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic
from sanic.touchup import TouchUp

from bot import speed
from bot.channel import GatewayInput
from bot.tracker_store import BoundedTrackerStore

# Sanic 21.12 rewrites its own methods when an app starts, to save some calls, and cannot do so twice in a process.
_rewrite = TouchUp.run
_rewritten: list[Sanic] = []


def _rewrite_once(app: Sanic) -> None:
    if not _rewritten:
        _rewrite(app)
        _rewritten.append(app)


TouchUp.run = _rewrite_once


configure_structlog(logging.INFO)

TINY = Path(__file__).parent / "tiny"
TOKEN = "a-token-for-tests"

_numbers = count(1)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the tiny shop's trained model."""
    from rasa.model_training import train

    speed.apply()
    result = train(
        str(TINY / "domain.yml"),
        str(TINY / "config.yml"),
        [str(TINY / "rules.yml"), str(TINY / "nlu.yml")],
        output=str(tmp_path_factory.mktemp("models")),
    )
    assert result.model
    return Path(result.model)


Handler = Callable[[dict[str, Any]], Any]


@dataclass
class Actions:
    """An action server in this process. `answers` holds by action's name a result, or a function that makes one."""

    url: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.calls.append(call)
        answer = self.answers.get(call["next_action"], {"events": [], "responses": []})
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, Awaitable):
            answer = await answer
        if isinstance(answer, int):
            body = {"error": "no", "action_name": call["next_action"]}
            return web.json_response(body, status=answer)
        return web.Response(text=json.dumps(answer), content_type="application/json")

    def names(self) -> list[str]:
        """The names of the actions that ran, in order."""
        return [call["next_action"] for call in self.calls]


def says(*texts: str, **slots: Any) -> dict[str, Any]:
    """An action's result: these texts are said, these slots set."""
    events = [
        {"event": "slot", "name": name, "value": value, "timestamp": None} for name, value in slots.items()
    ]
    return {"events": events, "responses": [{"text": text} for text in texts]}


@pytest.fixture
async def actions() -> AsyncIterator[Actions]:
    server = Actions()
    app = web.Application()
    app.router.add_post("/webhook", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}/webhook"
    yield server
    await runner.cleanup()


@pytest.fixture
def new_agent(model: Path, actions: Actions, tmp_path: Path) -> Callable[[], Agent]:
    """Makes an agent as Rasa does at its start; a second one finds the first one's conversations."""
    GatewayInput.from_credentials({"token": TOKEN})

    def start() -> Agent:
        return Agent.load(
            model,
            tracker_store=BoundedTrackerStore(host=f"sqlite:///{tmp_path}/rasa.db"),
            action_endpoint=EndpointConfig(actions.url, enable_selective_domain=True),
        )

    return start


@pytest.fixture
def agent(new_agent: Callable[[], Agent]) -> Agent:
    return new_agent()


class Door:
    """A client of the door. Each turn gets the next id unless it says otherwise. `context` is the server's own."""

    def __init__(self, session: ClientSession, address: str, context: Any) -> None:
        self.session = session
        self.address = address
        self.context = context

    async def post(self, body: Any, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"}
        async with self.session.post(self.address + "/turn", data=data, headers=headers) as response:
            return response.status, await response.json()

    async def turn(self, **parts: Any) -> list[dict[str, Any]]:
        """The replies to a turn that must succeed."""
        body = {"conversation": "1:nok", "id": str(next(_numbers)), "language": "th", **parts}
        status, answer = await self.post(body)
        assert status == 200, answer
        return answer["replies"]

    async def texts(self, **parts: Any) -> list[str]:
        return [reply["text"] for reply in await self.turn(**parts)]


@pytest.fixture
async def new_door() -> AsyncIterator[Callable[[Agent], Awaitable[Door]]]:
    """Opens a door to an agent: a real HTTP server on a free port."""
    servers = []

    async def start(agent: Agent) -> Door:
        app = Sanic(f"door{next(_numbers)}", configure_logging=False)
        app.ctx.agent = agent
        register([GatewayInput.from_credentials({"token": TOKEN})], app, "/webhooks/")
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        session = ClientSession()
        servers.append((server, session))
        return Door(session, f"http://127.0.0.1:{port}/webhooks/talad", app.ctx)

    yield start
    for server, session in servers:
        await session.close()
        server.close()


@pytest.fixture
async def door(agent: Agent, new_door: Callable[[Agent], Awaitable[Door]]) -> Door:
    return await new_door(agent)
