"""The action server over HTTP: answers, failures that make Rasa try again, its clean stop."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.registry import ACTIONS
from shop.db import Database
from tests.factories import make_shop, make_variant
from training.model import ROOT


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a running server; it must end well."""
    db = Database(sqlite_url)
    with db.transaction() as session:
        make_shop(session)
        make_variant(session)
    db.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "TALAD_VAR": str(tmp_path),
        "TALAD_DATABASE_URL": sqlite_url,
        "TALAD_ACTIONS_URL": address,
    }
    command = [sys.executable, "-c", "from talad.cli import main; main()", "run", "actions"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(address + "/health", process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    words = (tmp_path / "log").read_text()
    assert "might not be compatible" not in words


def test_an_action_is_answered_without_any_domain(server: str) -> None:
    status, answer = _call(server, "action_products")
    assert status == 200
    assert answer["responses"][0]["custom"]["kind"] == "cards"


def test_what_fails_unexpectedly_is_a_500(server: str) -> None:
    assert _call(server, "action_view_cart")[0] == 500  # a customer's action in a turn of nobody


def test_an_unknown_action_and_a_broken_body_are_refused(server: str) -> None:
    assert _call(server, "action_unheard_of")[0] == 404
    assert _post(server, b"{")[0] == 400


def test_the_domain_names_exactly_the_actions_there_are() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(domain["actions"]) == sorted(ACTIONS)


def test_no_heavy_library_is_loaded() -> None:
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, actions.server; print([m for m in sys.modules if m in ('grpc', 'opentelemetry')])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\[\]\s*", found.stdout)


def _call(server: str, name: str) -> tuple[int, Any]:
    message = {
        "intent": {"name": "products", "confidence": 1.0},
        "entities": [],
        "text": None,
        "metadata": {},
    }
    tracker = {"sender_id": "1:2", "slots": {"language": "th"}, "latest_message": message, "events": []}
    return _post(server, json.dumps({"next_action": name, "version": "3.6.21", "tracker": tracker}).encode())


def _post(server: str, body: bytes) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"{server}/webhook", data=body, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server did not start")
