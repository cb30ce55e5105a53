"""`talad up`: every process of the Procfile under a supervisor, with plain words about what happens to them.

How a process is run and started again is in `talad.supervisor`; what a single one does is `talad run <name>`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Collection, Mapping
from pathlib import Path
from queue import Empty
from urllib.parse import urlsplit

from talad.settings import ENV_FILE, Settings, env_file
from talad.supervisor import Ended, Started, Supervisor
from training.model import ROOT

#: A process that died so often before everything was up is given up.
_DEATHS_AT_START = 3
_START_SECONDS = 300
_TAIL_LINES = 15
_POLL_SECONDS = 0.2
#: The machine's own proxy settings are not for addresses on this machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CannotStart(ValueError):
    """A process does not come up; the text says which, and what it said last."""


def read_procfile(path: Path = ROOT / "Procfile") -> dict[str, str]:
    """The commands by process name, in the order of the file."""
    lines = (
        line.partition(":") for line in path.read_text().splitlines() if line and not line.startswith("#")
    )
    return {name.strip(): command.strip() for name, _, command in lines}


def up(settings: Settings, only: Collection[str] = ()) -> int:
    """Run the processes (all, or those in `only`) until SIGTERM or Ctrl-C. The result is the exit code.

    The simulator runs where the settings point at it.
    Files in the var folder: run/processes.json with each process id, run/ready once everything answers, log/*.log.
    Raises CannotStart, after stopping everything.
    """
    commands = {name: command for name, command in read_procfile().items() if not only or name in only}
    if not settings.uses_simulator and "simulator" not in only:
        commands.pop("simulator", None)
    if unknown := set(only) - set(commands):
        raise CannotStart(f"no such process: {', '.join(sorted(unknown))}")
    addresses = {name: settings.health_addresses[name] for name in commands}
    refuse_taken_ports(addresses)

    supervisor = Supervisor(commands, folder=settings.var, directory=ROOT, environment=_environment(settings))
    return _Run(supervisor, settings, addresses).until_stopped()


class _Run:
    """One `talad up`, from the start of the first process to the end of the last."""

    def __init__(self, supervisor: Supervisor, settings: Settings, addresses: Mapping[str, str]) -> None:
        self._supervisor, self._settings, self._addresses = supervisor, settings, addresses
        self._pids: dict[str, int] = {}
        self._deaths: dict[str, int] = {}
        self._menu_is_due = settings.uses_simulator and {"simulator", "gateway"} <= set(addresses)
        self._stop = threading.Event()
        self._started = time.monotonic()
        self._ready = settings.var / "run/ready"

    def until_stopped(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        self._ready.unlink(missing_ok=True)
        try:
            self._supervisor.start()
            if self._wait_until_ready():
                self._announce()
                self._watch()
        finally:
            _say("stopping …")
            self._ready.unlink(missing_ok=True)
            self._supervisor.stop()
            _say("stopped")
        return 0 if self._stop.is_set() else 1

    def _wait_until_ready(self) -> bool:
        """Whether every address answered before somebody stopped us."""
        waiting = dict(self._addresses)
        progress = _Progress()
        while waiting and not self._stop.wait(_POLL_SECONDS):
            waiting = {name: address for name, address in waiting.items() if not answers(address)}
            seconds = time.monotonic() - self._started
            if waiting:
                progress.show(f"waiting for {', '.join(waiting)} … {seconds:.0f} s", seconds)
            self._hear()
            for name, deaths in self._deaths.items():
                if deaths >= _DEATHS_AT_START:
                    raise CannotStart(f"{name} does not start. {self._last_words(name)}")
            if seconds > _START_SECONDS:
                names = ", ".join(waiting)
                raise CannotStart(
                    f"{names} did not answer in {_START_SECONDS} s; see {self._settings.var}/log"
                )
        progress.clear()
        return not waiting

    def _watch(self) -> None:
        while not self._stop.wait(_POLL_SECONDS) and self._supervisor.alive():
            self._hear()
            if self._menu_is_due and answers(self._addresses["simulator"]):
                self._set_up_channel()

    def _hear(self) -> None:
        """Take in what the supervisor reported."""
        while True:
            try:
                event = self._supervisor.events.get_nowait()
            except Empty:
                return
            if isinstance(event, Ended):
                self._deaths[event.name] = self._deaths.get(event.name, 0) + 1
                _say(f"{event.name} died ({event.how}) and is started again. {self._last_words(event.name)}")
            else:
                self._note(event)

    def _note(self, event: Started) -> None:
        again = event.name in self._pids
        self._pids[event.name] = event.pid
        _write_whole(self._settings.var / "run/processes.json", json.dumps(self._pids))
        if again:
            _say(f"{event.name} runs again")
            # The simulator keeps a Page's menu in memory only.
            self._menu_is_due |= event.name == "simulator"

    def _last_words(self, name: str) -> str:
        log = self._supervisor.log_of(name)
        lines = log.read_text(errors="replace").splitlines()[-_TAIL_LINES:] if log.exists() else []
        return "\n".join([f"The end of {log}:", *(f"  {name} | {line}" for line in lines)])

    def _set_up_channel(self) -> None:
        """Give the simulated Page its Get Started button, greeting and menu."""
        self._menu_is_due = False
        done = subprocess.run(
            [Path(sys.executable).with_name("talad"), "channel", "setup"],
            cwd=ROOT,
            env=_environment(self._settings),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stdout + done.stderr).strip().splitlines()[-1:]
            _say(f"the simulated Page could not be set up (talad channel setup): {' '.join(last)}")

    def _announce(self) -> None:
        if self._menu_is_due:
            self._set_up_channel()
        settings, seconds = self._settings, time.monotonic() - self._started
        shown = [
            ("console", "seller's console", _for_browser(settings.console_bind.local_url)),
            (
                "simulator",
                "customer's chat (simulated Messenger)",
                _for_browser(settings.simulator_bind.local_url),
            ),
            ("gateway", "webhook for Messenger", f"{settings.public_url}/webhooks/messenger"),
        ]
        _say(f"everything is up after {seconds:.0f} s (Ctrl-C stops all)")
        for name, what, address in shown:
            if name in self._addresses:
                print(f"  {what:<38} {address}", flush=True)
        _write_whole(self._ready, "")


class _Progress:
    """A line that is written over on a terminal, and repeated now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._next = 5.0

    def show(self, text: str, seconds: float) -> None:
        if self._terminal:
            print(f"\r\033[Ktalad: {text}", end="", flush=True)
        elif seconds >= self._next:
            self._next = seconds + 5
            _say(text)

    def clear(self) -> None:
        if self._terminal:
            print("\r\033[K", end="", flush=True)


def _environment(settings: Settings) -> dict[str, str]:
    """What the children see: our own environment, our commands first, the demo's addresses if it is one."""
    tools = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "TALAD_VAR": str(settings.var.absolute()),
        ENV_FILE: str(env_file().absolute()),
        "TALAD_GRAPH_URL": settings.graph_url,
        "TALAD_MEDIA_HOSTS": str(settings.media_hosts),
    }


def refuse_taken_ports(addresses: Mapping[str, str]) -> None:
    """Say it before the start when another program already listens where one of ours will."""
    for name, address in addresses.items():
        place = urlsplit(address)
        with socket.socket(socket.AF_INET6 if ":" in str(place.hostname) else socket.AF_INET) as probe:
            if probe.connect_ex((str(place.hostname), place.port or 80)) == 0:
                raise CannotStart(
                    f"another program listens at {place.netloc}, where {name} should; stop it, "
                    "or give this one another port (see .env.example)"
                )


def answers(address: str) -> bool:
    """Whether a health address says that its process is ready."""
    try:
        with _direct.open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _for_browser(address: str) -> str:
    return address.replace("//127.0.0.1:", "//localhost:")


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text)
    unfinished.replace(path)


def _say(text: str) -> None:
    print(f"talad: {text}", flush=True)
