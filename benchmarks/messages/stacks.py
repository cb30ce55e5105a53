"""The two stacks on free ports: Talad as `make run` starts it, and stock Rasa with its own facebook channel.

Both have the same trained model, demo shop and kinds of action server and simulator. They never run together.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.messages.driver import Message
from gateway.payloads import sign
from talad import model

#: "Thank you": the model knows it, one action with no customer in it answers with one text of the domain.
TEXT, PAYLOAD = "ขอบคุณค่ะ", "/thank"

_START_SECONDS = 300
_STOP_SECONDS = 25
#: The demo shop has one channel.
_CHANNEL = 1
#: What Rasa's documentation tells to subscribe to.
_STOCK_FIELDS = "messages,messaging_postbacks"
_PAGE_TOKEN, _APP_SECRET, _VERIFY_TOKEN = "demo-page-token", "demo-app-secret", "demo-verify-token"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Stack:
    """A running stack: the simulator's address, process ids by name, and the message as this stack takes it."""

    simulator: str
    processes: Mapping[str, int]
    message: Message


class Folder:
    """A shop of its own in an empty folder: database, demo products, secrets, logs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = model.train_if_changed(path / "training.log", say=print)
        self.secret_key = secrets.token_hex(32)
        names = ("simulator", "gateway", "console", "rasa", "actions")
        self.ports = dict(zip(names, _free_ports(len(names)), strict=True))
        self.environment = self._environment()
        for command in ("migrate", "demo"):
            self.talad(command)

    def url(self, name: str) -> str:
        """Where the process listens."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def talad(self, *arguments: str) -> None:
        """Run a command of `talad` to its end. Raises CalledProcessError."""
        subprocess.run(
            [_tool("talad"), *arguments],
            cwd=self.path,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self, name: str, command: list[str], health: str, **more: str) -> Iterator[int]:
        """Run a process until the block ends; its id, once `health` answers 200. Raises RuntimeError if it does not."""
        log = self.path / f"{name}.log"
        with log.open("ab") as output:
            # Settings come from the environment alone: Talad reads .env where it is started.
            process = subprocess.Popen(
                command,
                cwd=more.pop("cwd", str(self.path)),
                env=self.environment | more,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(process, name, self.url(name) + health, log)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("TALAD_", "MESSENGER_"))
        }
        return inherited | {
            "TALAD_VAR": str(self.path),
            "TALAD_SECRET_KEY": self.secret_key,
            "TALAD_PUBLIC_URL": self.url("gateway"),
            "TALAD_GRAPH_URL": f"{self.url('simulator')}/v26.0",
            "TALAD_MEDIA_HOSTS": "127.0.0.1",
            "TALAD_GATEWAY_BIND": f"127.0.0.1:{self.ports['gateway']}",
            "TALAD_CONSOLE_BIND": f"127.0.0.1:{self.ports['console']}",
            "TALAD_SIMULATOR_BIND": f"127.0.0.1:{self.ports['simulator']}",
            "TALAD_RASA_URL": self.url("rasa"),
            "TALAD_ACTIONS_URL": self.url("actions"),
            "RASA_TELEMETRY_ENABLED": "false",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


@contextmanager
def talad(folder: Folder) -> Iterator[Stack]:
    """Talad's whole stack, its Page set up, until the block ends. The console is not part of a customer's message."""
    health = {
        "rasa": "/webhooks/talad/",
        "actions": "/health",
        "simulator": "/health/live",
        "gateway": "/health/ready",
    }
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(folder.running(name, [_tool("talad"), "run", name], path))
            for name, path in health.items()
        }
        folder.talad("channel", "setup")
        signed = sign(folder.secret_key, _CHANNEL, PAYLOAD)
        yield Stack(folder.url("simulator"), processes, Message(TEXT, signed))


@contextmanager
def stock(folder: Folder) -> Iterator[Stack]:
    """Stock Rasa with its facebook channel and in-memory stores, and Talad's action server, until the block ends."""
    credentials, endpoints = _stock_files(folder)
    rasa = [
        str(model.RASA_PYTHON),
        "-m",
        "benchmarks.messages.stock_rasa",
        "run",
        "--model",
        str(folder.model),
    ]
    rasa += ["--credentials", str(credentials), "--endpoints", str(endpoints)]
    rasa += ["--interface", "127.0.0.1", "--port", str(folder.ports["rasa"])]
    simulator = [sys.executable, "-m", "simulator", "--bind", f"127.0.0.1:{folder.ports['simulator']}"]
    simulator += ["--webhook", f"{folder.url('rasa')}/webhooks/facebook/webhook", "--fields", _STOCK_FIELDS]
    with (
        folder.running(
            # The model names parts of bot/, which Python finds from the project's root.
            "rasa",
            rasa,
            "/webhooks/facebook/",
            cwd=str(model.ROOT),
            BENCHMARK_GRAPH=folder.url("simulator"),
        ) as rasa_id,
        folder.running("actions", [_tool("talad"), "run", "actions"], "/health") as actions_id,
        folder.running("simulator", simulator, "/health/live") as simulator_id,
    ):
        processes = {"rasa": rasa_id, "actions": actions_id, "simulator": simulator_id}
        yield Stack(folder.url("simulator"), processes, Message(TEXT, PAYLOAD))


def _stock_files(folder: Folder) -> tuple[Path, Path]:
    """credentials.yml and endpoints.yml as Rasa's documentation has them, without a tracker store: in memory."""
    credentials, endpoints = folder.path / "credentials.yml", folder.path / "endpoints.yml"
    credentials.write_text(
        f"facebook:\n  verify: {_VERIFY_TOKEN}\n  secret: {_APP_SECRET}\n  page-access-token: {_PAGE_TOKEN}\n"
    )
    # Talad's action server reads no domain; without this stock Rasa would send it with every call and be slower.
    endpoints.write_text(
        f"action_endpoint:\n  url: {folder.url('actions')}/webhook\n  selective_domain: true\n"
    )
    return credentials, endpoints


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _wait(process: subprocess.Popen[bytes], name: str, address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with _direct.open(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    ending = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
    raise RuntimeError(f"{name} does not start:\n{ending}")


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on: all held at once, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
