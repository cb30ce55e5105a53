"""The systemd units and the compose file run what the Procfile runs, and stop it gently."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from talad.processes import read_procfile
from talad.supervisor import STOP_SECONDS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PROCESSES = read_procfile()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def unit(path: Path) -> RawConfigParser:
    """A unit file. Its repeatable keys are not repeated in ours, so a strict parser can read it."""
    parser = RawConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(path.read_text())
    return parser


def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


@pytest.mark.parametrize(("name", "command"), PROCESSES.items())
def test_each_process_has_a_unit_with_the_same_command(name: str, command: str) -> None:
    service = unit(DEPLOY / f"systemd/talad-{name}.service")["Service"]
    assert service["ExecStart"] == f"/opt/talad/.venv/bin/{command}"
    assert service["Restart"] == "on-failure"
    assert int(service["TimeoutStopSec"]) > STOP_SECONDS


@pytest.mark.parametrize(("name", "command"), PROCESSES.items())
def test_each_process_has_a_compose_service_with_the_same_command(name: str, command: str) -> None:
    service = compose()[name]
    assert service["command"] == command
    assert int(service["stop_grace_period"].removesuffix("s")) > STOP_SECONDS
    assert service["network_mode"] == "service:machine"


def test_no_unit_or_service_is_left_over_from_a_process_that_is_gone() -> None:
    units = {path.stem.removeprefix("talad-") for path in UNITS}
    assert units == {*PROCESSES, "migrate"}
    assert set(compose()) == {*PROCESSES, "migrate", "machine", "postgres"}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_no_unit_runs_as_root_or_writes_outside_its_state(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "talad"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"


def test_the_target_starts_everything_but_the_simulator() -> None:
    wanted = unit(DEPLOY / "systemd/talad.target")["Unit"]["Wants"].split()
    assert set(wanted) == {f"talad-{name}.service" for name in PROCESSES if name != "simulator"}


def test_what_must_not_be_reachable_from_outside_is_not_published() -> None:
    published = [port for service in compose().values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8000:8000", "127.0.0.1:8001:8001", "127.0.0.1:8002:8002"]
    for name in ("rasa", "actions"):
        assert unit(DEPLOY / f"systemd/talad-{name}.service")["Service"]["IPAddressAllow"] == "localhost"
