"""A real PostgreSQL server for the tests: own data folder, reached through a Unix socket only, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from tests.support.machine import postgres_programs

_START_SECONDS = 30
#: No test outlives a power cut, so nothing needs to reach the disk.
_DURABLE = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")
_FAST = (*_DURABLE, "synchronous_commit=off", "max_wal_size=256MB")
#: Every test has a database of its own, of some 400 files. A disk takes half a second to make that, once it has to keep
#: up with hundreds; memory takes 30 ms.
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3


class Postgres:
    """A server, once started. `url(name)` is the SQLAlchemy URL of one of its databases."""

    def __init__(
        self, folder: Path, data: Path, programs: Path, who: str | None, options: tuple[str, ...]
    ) -> None:
        self._folder, self._who = folder, who
        settings = [part for option in options for part in ("-c", option)]
        self._command = [programs / "postgres", "-D", data, "-k", folder, *settings]
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again after `crash`; it answers when this returns."""
        with (self._folder / "log").open("a") as log:
            self._server = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, user=self._who, cwd=self._folder
            )
        _wait(self._server, self._folder)

    def stop(self) -> None:
        """Stop without waiting for clients ("fast shutdown"); harmless when nothing runs."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait()
            self._server = None

    def crash(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: nothing is finished, the next start has to recover."""
        assert self._server is not None
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()
        self._server = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://talad@/{database}?host={self._folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """A new database, a copy of `template` (which nobody may be connected to). The result is its URL."""
        self._execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(database), Identifier(template))
        )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))

    def _execute(self, statement: object) -> None:
        with psycopg.connect(
            host=str(self._folder), user="talad", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server of this machine's PostgreSQL; stop it and remove its data in the end.

    `durable`: what was committed outlives a `crash`, which costs time.
    """
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("no PostgreSQL server here; scripts/tools_for_tests.py fetches one")
    folder = Path(tempfile.mkdtemp(prefix="talad-postgres-"))  # short: a socket's path has at most 107 bytes
    who = _not_root()
    if who:
        shutil.chown(folder, who, -1)
        programs = _readable(programs, folder, who)
    place = folder if durable else _fastest(folder)
    if who:
        shutil.chown(place, who, -1)
    data = place / "data"
    make = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "talad",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "-N",
    ]
    subprocess.run(make, check=True, capture_output=True, user=who, cwd=folder)
    server = Postgres(folder, data, programs, who, _DURABLE if durable else _FAST)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        for one in {folder, place}:
            shutil.rmtree(one)


def _fastest(otherwise: Path) -> Path:
    """A folder in memory, where this machine has room there."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        return Path(tempfile.mkdtemp(prefix="talad-postgres-", dir=_MEMORY))
    return otherwise


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="talad", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()) from None
        time.sleep(0.05)


def _not_root() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as this user instead."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def _readable(programs: Path, folder: Path, who: str) -> Path:
    """The programs' folder, copied into `folder` when `who` may not go where it is (such as below /root)."""
    probe = [programs / "postgres", "--version"]
    try:
        if subprocess.run(probe, capture_output=True, user=who, cwd=folder).returncode == 0:
            return programs
    except PermissionError:
        pass
    # With the folder above it: a wheel keeps foreign libraries beside its package, found by relative paths.
    install, package = programs.parent, programs.parents[1]
    copied = folder / "installed" / package.name / install.name
    shutil.copytree(install, copied, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / "installed" / libraries.name, symlinks=True)
    return copied / programs.name
