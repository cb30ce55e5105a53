"""The two stacks on free ports: Talad as `make run` starts it, and stock Rasa with its own facebook channel.

Both have the same trained model, demo shop, action server and simulator. They never run together.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.messages.driver import Message
from gateway.payloads import sign
from talad.processes import answers
from tests.support.stack import Stack
from training import model

#: "Thank you", which the model knows: one action, which needs no customer, answers with one text of the domain.
TEXT, PAYLOAD = "ขอบคุณค่ะ", "/thank"

#: The demo shop's only channel, and what the simulator's Page has (see simulator/config.py).
_CHANNEL = 1
_PAGE, _PAGE_TOKEN, _APP_SECRET = "100000000000001", "demo-page-token", "demo-app-secret"
#: What Rasa's documentation of its channel tells to subscribe to.
_STOCK_FIELDS = ["messages", "messaging_postbacks"]
_START_SECONDS = 300
_STOP_SECONDS = 25


@dataclass(frozen=True)
class Running:
    """A running stack: the simulator's address, process ids by name, and the message as this stack takes it."""

    simulator: str
    processes: Mapping[str, int]
    message: Message


@contextmanager
def talad(folder: Path) -> Iterator[Running]:
    """Talad's whole way of a message, its Page set up; the console has no part in it. `folder` must be empty."""
    names = ("rasa", "actions", "simulator", "gateway")
    with Stack(folder, processes=names) as stack:
        tap = sign(stack.settings.secret_key, _CHANNEL, PAYLOAD)
        processes = {name: stack.pid(name) for name in names}
        yield Running(stack.addresses["simulator"], processes, Message(TEXT, tap))


@contextmanager
def stock(folder: Path) -> Iterator[Running]:
    """Stock Rasa with its facebook channel and in-memory stores, and Talad's action server. `folder` must be empty."""
    names = ("actions", "simulator")
    with Stack(folder, processes=names) as stack:
        stack.run("train")
        simulator = stack.addresses["simulator"]
        with _stock_rasa(folder, stack.addresses) as process:
            _subscribe(simulator, f"{stack.addresses['rasa']}/webhooks/facebook/webhook")
            processes = {"rasa": process, **{name: stack.pid(name) for name in names}}
            yield Running(simulator, processes, Message(TEXT, PAYLOAD))


@contextmanager
def _stock_rasa(folder: Path, addresses: Mapping[str, str]) -> Iterator[int]:
    """`rasa run` at its one of the `addresses` until the block ends; its process id."""
    credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
    credentials.write_text(
        f"facebook:\n  verify: any\n  secret: {_APP_SECRET}\n  page-access-token: {_PAGE_TOKEN}\n"
    )
    # Talad's actions read no domain; without this stock Rasa would send it with every call and be slower.
    endpoints.write_text(
        f"action_endpoint:\n  url: {addresses['actions']}/webhook\n  enable_selective_domain: true\n"
    )
    options: dict[str, str | Path] = {
        "--model": model.path(),
        "--credentials": credentials,
        "--endpoints": endpoints,
        "--interface": "127.0.0.1",
        "--port": addresses["rasa"].rpartition(":")[2],
    }
    command: list[str | Path] = [model.RASA_PYTHON, "-m", "benchmarks.messages.stock_rasa", "run"]
    command += [part for option in options.items() for part in option]
    log = folder / "stock-rasa.log"
    environment = {
        "BENCHMARK_GRAPH": addresses["simulator"],
        "RASA_TELEMETRY_ENABLED": "false",
        "NO_PROXY": "127.0.0.1",
    }
    with log.open("wb") as output:
        # The model names parts of bot/, which Python finds from the project's root.
        process = subprocess.Popen(
            command,
            cwd=model.ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, f"{addresses['rasa']}/webhooks/facebook/", log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _subscribe(simulator: str, webhook: str) -> None:
    """Send the Page's events to stock Rasa, and only the kinds that it is meant to get."""
    request = urllib.request.Request(
        f"{simulator}/control/pages/{_PAGE}",
        data=json.dumps({"webhook": webhook, "fields": _STOCK_FIELDS}).encode(),
        method="POST",
    )
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            ending = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise RuntimeError(f"stock Rasa does not start:\n{ending}")
        time.sleep(0.2)
