"""A gateway in a process of its own, for tests that kill it. Its leases are short, so that a death soon shows."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from gateway import app, queue
from talad.settings import load
from tests.gateway.waiting import until
from tests.gateway.world import body, signed

LEASE_SECONDS = 2.0
ROOT = Path(__file__).resolve().parents[2]


class Child:
    """Starts, dies and starts again on the same port."""

    def __init__(self, environment: dict[str, str], compiled: Path) -> None:
        """`compiled` keeps compiled modules between starts, also where Python is told to write none."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        own = {"TALAD_GATEWAY_BIND": f"127.0.0.1:{self.port}", "TALAD_ENV_FILE": os.devnull}
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._environment = {**inherited, **environment, **own, "PYTHONPYCACHEPREFIX": str(compiled)}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.gateway.child",
            cwd=ROOT,
            env=self._environment,
        )
        async with aiohttp.ClientSession() as http:

            async def is_ready() -> bool:
                try:
                    async with http.get(f"http://127.0.0.1:{self.port}/health/ready") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await until(is_ready, seconds=60)

    async def freeze(self, is_unlocked: Callable[[], bool]) -> None:
        """Stop it where it stands, but not inside a transaction, which would hold up every other process."""

        def is_frozen() -> bool:
            self.send(signal.SIGSTOP)
            if is_unlocked():
                return True
            self.send(signal.SIGCONT)
            return False

        await until(is_frozen)

    def send(self, what: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(what)

    async def kill(self) -> None:
        """kill -9, and nothing before it."""
        self.send(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> None:
        if self._process is not None:
            await asyncio.wait_for(self._process.wait(), 30)
            self._process = None

    async def deliver(self, http: aiohttp.ClientSession, *events: dict[str, Any]) -> None:
        """As the platform does: again and again until it hears 200."""
        raw = json.dumps(body(*events)).encode()

        async def is_taken() -> bool:
            try:
                async with http.post(
                    f"http://127.0.0.1:{self.port}/webhooks/messenger",
                    data=raw,
                    headers={"X-Hub-Signature-256": signed(raw)},
                    timeout=aiohttp.ClientTimeout(total=5),
                ) as answer:
                    return answer.status == 200
            except (aiohttp.ClientError, TimeoutError):
                return False

        await until(is_taken, seconds=60)


def main() -> None:
    defaults: dict[str, Any] = queue.Queue.__init__.__kwdefaults__  # type: ignore[assignment]
    defaults["lease_seconds"] = LEASE_SECONDS
    app.run(load())


if __name__ == "__main__":
    main()
