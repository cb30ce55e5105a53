"""Fixtures for all tests: databases of both kinds, a browser, and no way out of this machine."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from playwright import async_api, sync_api

from shop import db
from tests.support.machine import browser
from tests.support.network import only_loopback
from tests.support.postgres import Postgres, running_postgres

#: For Chromium without a screen, in a container, and without the calls home that it makes on its own.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


#: How long in milliseconds a page is waited for that should show something. Only a failure takes so long.
_PATIENCE = 30_000
async_api.expect.set_options(timeout=_PATIENCE)
sync_api.expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def network_guard() -> Iterator[None]:
    """Only loopback opens, in every test."""
    with only_loopback():
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Nearly every test has applications of its own, and to compile their templates takes longer than to show them."""
    compile_anew, known = Environment.compile, dict[Any, Any]()

    def compile_once(environment: Environment, source: Any, *named: Any) -> Any:
        # a language's filters may stand in the code already worked out
        key = environment.globals.get("language"), source, named
        if key not in known:
            known[key] = compile_anew(environment, source, *named)
        return known[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Environment, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started at the first test that asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a database that has the schema and nothing else."""
    db.migrate(postgres.create("talad_template"))
    return "talad_template"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database with the schema, this test's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres.create(name, postgres_template)
    postgres.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[db.Database]:
    """An empty database with the schema, of each kind."""
    opened = db.Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has the schema and nothing else."""
    made = tmp_path_factory.mktemp("template") / "made.db"
    db.migrate(f"sqlite:///{made}")
    whole = made.with_name("whole.db")
    connection = sqlite3.connect(made)
    connection.execute("VACUUM INTO ?", (str(whole),))  # takes in what may still stand in the write-ahead log
    connection.close()
    return whole


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty SQLite database with the schema, this test's own."""
    file = tmp_path / "talad.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database with the schema; the test runs once with each kind of server."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser: `playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)`."""
    found = browser()
    assert found, "no Chromium here; scripts/tools_for_tests.py fetches one"
    return str(found)
