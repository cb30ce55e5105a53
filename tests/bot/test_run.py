"""The process that serves Rasa: what it refuses to start with, and what can be seen of it from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession
from conftest import TOKEN, Actions

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180  # Rasa needs 10 to 30 on an idle machine


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def start(*options: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.run", *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )


def command_line(process: subprocess.Popen[str]) -> str:
    return Path(f"/proc/{process.pid}/cmdline").read_text()


def refusal(*options: str, token: str = TOKEN) -> str:
    with start(*options, TALAD_RASA_TOKEN=token) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    return said


def test_it_does_not_start_without_a_token(model: Path) -> None:
    assert "TALAD_RASA_TOKEN" in refusal("--model", str(model), token="")


def test_it_does_not_listen_outside(model: Path) -> None:
    assert "must not be reachable" in refusal("--model", str(model), "--host", "0.0.0.0")


def test_it_says_that_there_is_no_model(tmp_path: Path) -> None:
    assert "rasa train" in refusal("--model", str(tmp_path))


@pytest.fixture
async def server(
    model: Path, actions: Actions, tmp_path: Path
) -> AsyncIterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    process = start(
        *("--model", str(model), "--port", str(port)),
        TALAD_RASA_TOKEN=TOKEN,
        TALAD_ACTIONS_URL=actions.url.removesuffix("/webhook"),
        TALAD_RASA_DATABASE_URL=f"sqlite:///{tmp_path}/rasa.db",
    )
    yield process, f"http://127.0.0.1:{port}"
    process.kill()
    process.communicate()


async def ready(process: subprocess.Popen[str], session: ClientSession, address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read()
        try:
            async with session.get(f"{address}/webhooks/talad/") as response:
                if response.status == 200:
                    return
        except ClientError:
            pass
        await asyncio.sleep(0.2)
    raise AssertionError("Rasa did not get ready")


async def test_it_serves_turns_behind_the_token_and_stops_when_told(
    server: tuple[subprocess.Popen[str], str], actions: Actions
) -> None:
    process, address = server
    async with ClientSession() as session:
        await ready(process, session, address)
        turn = {"conversation": "1:nok", "id": "1", "language": "en", "intent": "greet"}
        allowed = {"Authorization": f"Bearer {TOKEN}"}
        async with session.post(f"{address}/webhooks/talad/turn", json=turn, headers=allowed) as response:
            assert (await response.json())["replies"] == [{"text": "Hello"}]
        pick = {**turn, "id": "2", "intent": "pick"}
        async with session.post(f"{address}/webhooks/talad/turn", json=pick, headers=allowed) as response:
            assert (response.status, actions.names()) == (200, ["action_pick"])
        async with session.post(f"{address}/webhooks/talad/turn", json=turn) as response:
            assert response.status == 401
        async with session.get(f"{address}/status", params={"token": TOKEN}) as response:
            assert response.status == 200
        for path in ("/status", "/domain", "/conversations/1:nok/tracker"):
            async with session.get(address + path) as response:
                assert response.status == 401
        # The channels that come with Rasa know no token.
        async with session.post(f"{address}/webhooks/rest/webhook", json={"message": "/restart"}) as response:
            assert response.status == 404

    assert TOKEN not in command_line(process)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert TOKEN not in said
