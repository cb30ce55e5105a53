"""Runs programs under supervisord (the `supervisor` library), which starts one again when it dies, and turns what
supervisord says into events. Which programs those are, and what people are told, is `talad.processes`' part.
"""

from __future__ import annotations

import os
import queue
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path

#: A process may take this long to finish what it has in hand before it is killed.
STOP_SECONDS = 25
#: Tries in a row, each a second later than the one before, when a process dies at once every time.
_START_RETRIES = 100

_SPAWNED = re.compile(r"spawned: '(?P<name>[\w-]+)' with pid (?P<pid>\d+)")
_ENDED = re.compile(r"exited: (?P<name>[\w-]+) \((?P<how>[^;]*);")


@dataclass(frozen=True)
class Started:
    """A process runs now, maybe not for the first time."""

    name: str
    pid: int


@dataclass(frozen=True)
class Ended:
    """A process has died and will be started again; `how` is supervisord's phrase, such as "exit status 1"."""

    name: str
    how: str


class Supervisor:
    """Programs by name, in the order of their start; they stop in the opposite order.

    `folder` takes the generated configuration (`run/`) and each program's output (`log/<name>.log`).
    """

    def __init__(
        self, programs: Mapping[str, str], *, folder: Path, directory: Path, environment: Mapping[str, str]
    ) -> None:
        self.folder = folder
        self.events: queue.SimpleQueue[Started | Ended] = queue.SimpleQueue()
        self._configuration = folder / "run/supervisord.conf"
        self._programs, self._directory, self._environment = programs, directory, environment
        self._daemon: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start supervisord, and with it every program."""
        for name in ("run", "log"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        with self._configuration.open("w") as file:
            self._configure().write(file)
        daemon = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(self._configuration)],
            env=dict(self._environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C reaches `talad up` alone, which then stops the others in order
        )
        self._daemon = daemon
        self._reader = threading.Thread(target=self._read, args=(daemon,), daemon=True)
        self._reader.start()

    def log_of(self, name: str) -> Path:
        """The file that has the program's output."""
        return self.folder / f"log/{name}.log"

    def alive(self) -> bool:
        """Whether supervisord itself runs."""
        return self._daemon is not None and self._daemon.poll() is None

    def stop(self) -> None:
        """Stop every program, the last started first, and wait for the end."""
        if self._daemon is None:
            return
        if self.alive():
            self._daemon.send_signal(signal.SIGTERM)
        self._daemon.wait()
        self._reader.join()

    def _read(self, daemon: subprocess.Popen[str]) -> None:
        assert daemon.stdout is not None
        with daemon.stdout:
            for line in daemon.stdout:
                if spawned := _SPAWNED.search(line):
                    self.events.put(Started(spawned["name"], int(spawned["pid"])))
                elif ended := _ENDED.search(line):
                    self.events.put(Ended(ended["name"], ended["how"]))

    def _configure(self) -> RawConfigParser:
        """supervisord's configuration. It has no HTTP server: nobody but us talks to it."""
        run, log = self.folder.absolute() / "run", self.folder.absolute() / "log"
        configuration = RawConfigParser()
        configuration["supervisord"] = {
            "nodaemon": "true",
            "logfile": _plain(log / "supervisord.log"),
            "logfile_maxbytes": "1MB",
            "logfile_backups": "1",
            "pidfile": _plain(run / "supervisord.pid"),
            "childlogdir": _plain(log),
        }
        if os.geteuid() == 0:
            configuration["supervisord"]["user"] = (
                "root"  # said on purpose, or supervisord warns at every start
            )
        for place, (name, command) in enumerate(self._programs.items(), start=1):
            configuration[f"program:{name}"] = {
                "command": _plain(shlex.join(shlex.split(command))),
                "directory": _plain(self._directory),
                "priority": str(place),
                "autorestart": "true",
                "startretries": str(_START_RETRIES),
                "stopsignal": "TERM",
                "stopwaitsecs": str(STOP_SECONDS),
                "stopasgroup": "true",
                "killasgroup": "true",
                "redirect_stderr": "true",
                "stdout_logfile": _plain(log / f"{name}.log"),
                "stdout_logfile_maxbytes": "10MB",
                "stdout_logfile_backups": "3",
            }
        return configuration


def _plain(value: object) -> str:
    """A value in which supervisord finds no %(placeholder)s."""
    return str(value).replace("%", "%%")
