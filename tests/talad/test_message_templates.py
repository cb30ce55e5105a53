"""`talad channel setup` and `talad doctor` with the simulated Messenger: the notices' templates."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from channels.messenger import utility
from shop import accounts, message_templates
from shop.db import Database
from shop.vault import Vault
from talad import cli
from talad.demo import SIMULATOR_PAGE
from tests.factories import make_shop
from tests.support.simulator import running_simulator

KEY = "k" * 40
ALL = len(list(utility.templates()))
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    with running_simulator() as address:
        yield address


@pytest.fixture
def control(simulator: str) -> Callable[[str, Any], None]:
    def post(path: str, body: Any) -> None:
        request = urllib.request.Request(
            f"{simulator}/control/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        _direct.open(request, timeout=5).close()

    post("reset", {})
    return post


@pytest.fixture
def talad(
    database: Database, database_url: str, simulator: str, control: Any, tmp_path: Path, monkeypatch: Any
) -> Command:
    """The command, with the simulator's Page connected."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "TALAD_DATABASE_URL": database_url,
        "TALAD_SECRET_KEY": KEY,
        "TALAD_GRAPH_URL": f"{simulator}/v26.0",
    }.items():
        monkeypatch.setenv(name, value)
    with database.transaction() as session:
        make_shop(session)
        accounts.connect(session, Vault(KEY), name="Baan Fai", **SIMULATOR_PAGE)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, arguments)

    return run


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.status for one in message_templates.of_channel(session, 1)]


def until_reviewed(talad: Command, word: str) -> Result:
    """Set up again until Meta has looked at all of them; the last result."""
    deadline = time.monotonic() + 15
    while True:
        result = talad("channel", "setup")
        if result.output.count(f": {word}") == ALL:
            return result
        assert time.monotonic() < deadline, result.output
        time.sleep(0.2)


def lines(result: Result) -> list[str]:
    return [line for line in result.output.splitlines() if "message template " in line]


def test_setup_hands_them_in_says_so_and_may_be_repeated(talad: Command, database: Database) -> None:
    first = talad("channel", "setup")
    assert first.exit_code == 0, first.output
    assert len(lines(first)) == ALL
    assert "message template talad_order_paid_1 (th): pending; Meta looks at it" in first.output
    assert states(database) == ["PENDING"] * ALL
    again = until_reviewed(talad, "approved")
    assert again.exit_code == 0 and len(lines(again)) == ALL
    assert states(database) == ["APPROVED"] * ALL


def test_what_meta_rejects_is_said_with_its_reason_and_what_to_do(
    talad: Command, database: Database, control: Any
) -> None:
    control("scenario", {"template_review": "reject", "template_review_seconds": 0.05})
    talad("channel", "setup")
    result = until_reviewed(talad, "rejected")
    assert result.exit_code == 1
    assert "rejected" in result.output and "Meta Business Suite" in result.output
    assert states(database) == ["REJECTED"] * ALL
    findings = talad("doctor").output.splitlines()
    [found] = [line for line in findings if "message templates" in line and "Page Baan Fai" in line]
    assert found.startswith("FIX") and "talad_order_paid_1 (th) rejected" in found


def test_the_doctor_names_what_is_missing(talad: Command) -> None:
    def found() -> str:
        [line] = [line for line in talad("doctor").output.splitlines() if "message templates" in line]
        return line

    assert found() == (
        f"FIX  Page Baan Fai: message templates: {ALL} of {ALL} are missing. "
        "Press “Set up the Page” under Channels (or run: talad channel setup)"
    )
    talad("channel", "setup")
    assert found() == "ok   Page Baan Fai: message templates"


def test_without_the_permission_the_rest_is_set_up_all_the_same(talad: Command, control: Any) -> None:
    control("scenario", {"graph_errors": [{"error": "permission", "edge": "message_templates"}]})
    result = talad("channel", "setup")
    assert result.exit_code == 1
    assert "ok   Baan Fai: Get started, the greeting and the menu are set." in result.output
    assert "FIX  Baan Fai: message templates: " in result.output
