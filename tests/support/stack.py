"""The whole of Talad, or some of its processes, on free ports with a var folder of its own.

    with Stack(tmp_path) as stack:
        webhook = stack.addresses["gateway"] + "/webhooks/messenger"
        stack.kill("gateway")                  # kill -9; the supervisor starts it again
        stack.wait_until_up("gateway")

It is `talad up` as an operator runs it, on the trained model of this checkout (trained first when its sources
changed, which takes a while once), with the demo shop and the simulator in Messenger's place.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from talad.processes import answers
from talad.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TALAD = Path(sys.executable).with_name("talad")
PROCESSES = ("rasa", "actions", "simulator", "gateway", "console")
#: Longer than `talad up` itself waits, whose own words are better.
_START_SECONDS = 330
#: supervisord gives each process 25 s; they stop one after the other.
_STOP_SECONDS = 130


class Stack:
    """Starts on `with`, stops cleanly at its end.

    `folder`: an existing empty folder for database, secrets, media and logs.
    `database_url`: SQLAlchemy 2 URL of a database, empty or with the schema; default a SQLite file in `folder`.
    `processes`: which to start (of rasa, actions, simulator, gateway, console); default all.
    `environment`: further or other TALAD_* variables; such variables of the test run itself are not seen.
    `demo_shop`: whether the demo shop is loaded.

    Afterwards: `addresses` ("http://127.0.0.1:<port>" by process name), `settings` (what the processes run with),
    `seller` and `password` (the demo shop's sign-in), `pid(name)`, `log(name)`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str | None = None,
        processes: Collection[str] = PROCESSES,
        environment: Mapping[str, str] | None = None,
        demo_shop: bool = True,
    ) -> None:
        self.folder, self.processes, self._demo_shop = folder, tuple(processes), demo_shop
        self.addresses = {name: f"http://127.0.0.1:{port}" for name, port in free_ports(PROCESSES).items()}
        self.environment = self._variables(database_url, environment or {})
        self.seller = self.password = ""
        self._up: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.stop)
            self.start()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Prepare and start everything; raises RuntimeError with the output when it does not come up."""
        if "rasa" in self.processes:
            self.run("train")
        self.run("migrate")
        if self._demo_shop:
            said = self.run("demo", "--if-empty")
            if found := re.search(r"sign-in: (\S+)\s+password: (\S+)", said):
                self.seller, self.password = found[1], found[2]
        self._output = self.folder / "up.log"
        with self._output.open("ab") as output:
            self._up = subprocess.Popen(
                [TALAD, "up", *self.processes], cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )
        self._until(lambda: (self.folder / "run/ready").exists(), "everything to be up", _START_SECONDS)

    def stop(self) -> None:
        """Stop everything as Ctrl-C does. Harmless when nothing runs."""
        if self._up is None:
            return
        self._up.terminate()
        self._up.wait(_STOP_SECONDS)
        self._up = None

    def run(self, *arguments: str) -> str:
        """Run a `talad` command with this stack's settings and give back what it says. Raises RuntimeError."""
        done = subprocess.run(
            [TALAD, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"talad {' '.join(arguments)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    @property
    def settings(self) -> Settings:
        """What the processes run with, for reading the same database or signing the same things."""
        kept = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environment)
        try:
            settings = Settings()
        finally:
            os.environ.clear()
            os.environ.update(kept)
        return settings.for_demo() if settings.is_demo else settings

    def pid(self, name: str) -> int:
        """The id of a process as it runs now."""
        pids: dict[str, int] = json.loads((self.folder / "run/processes.json").read_text())
        return pids[name]

    def log(self, name: str) -> str:
        """What a process has said, "up" for the supervisor."""
        file = self._output if name == "up" else self.folder / f"log/{name}.log"
        return file.read_text(errors="replace")

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL, timeout: float = 60) -> None:
        """Kill a process and return as soon as the supervisor has started it again (not yet: until it answers)."""
        killed = self.pid(name)
        os.kill(killed, how)
        self._until(lambda: self.pid(name) != killed, f"{name} to be started again", timeout)

    def wait_until_up(self, name: str, timeout: float = _START_SECONDS) -> None:
        """Return when the process answers at its health address."""
        address = self.settings.health_addresses[name]
        self._until(lambda: answers(address), f"{name} to answer", timeout)

    def _until(self, fulfilled: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not fulfilled():
            ended = self._up is None or self._up.poll() is not None
            if ended or time.monotonic() > deadline:
                reason = "talad up has ended" if ended else f"not within {seconds:.0f} s"
                raise RuntimeError(f"waited for {what}: {reason}\n{self.log('up')[-6000:]}")
            time.sleep(0.1)

    def _variables(self, database_url: str | None, more: Mapping[str, str]) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("TALAD_", "MESSENGER_"))
        }
        places = {name: address.removeprefix("http://") for name, address in self.addresses.items()}
        own = {
            "TALAD_ENV_FILE": os.devnull,
            "TALAD_VAR": str(self.folder),
            "TALAD_DATABASE_URL": database_url or f"sqlite:///{self.folder}/talad.db",
            "TALAD_PUBLIC_URL": self.addresses["gateway"],
            "TALAD_GATEWAY_BIND": places["gateway"],
            "TALAD_CONSOLE_BIND": places["console"],
            "TALAD_SIMULATOR_BIND": places["simulator"],
            "TALAD_RASA_URL": self.addresses["rasa"],
            "TALAD_ACTIONS_URL": self.addresses["actions"],
        }
        return {**inherited, **own, **more}


def free_ports(names: Collection[str]) -> dict[str, int]:
    """A free port for each name. All are held until all are found, so that none is given twice."""
    with ExitStack() as held:
        ports = {}
        for name in names:
            opened = held.enter_context(socket.socket())
            opened.bind(("127.0.0.1", 0))
            ports[name] = opened.getsockname()[1]
    return ports
