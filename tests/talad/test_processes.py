"""`talad up` with small programs in place of the real ones: start, death, restart, clean stop, clear refusals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from talad import processes
from talad.supervisor import Ended, Started, Supervisor
from tests.support.stack import free_ports

#: Serves 200 until SIGTERM, then says so and takes its time.
SERVER = """
import signal, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
def stop(*_):
    time.sleep(0.3); print("finished what was in hand", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("serving", flush=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
#: `talad up` on another Procfile.
UP = """
import sys
from pathlib import Path
from talad import cli, processes
commands = processes.read_procfile(Path(sys.argv[1]))
processes.read_procfile = lambda: commands
sys.argv[1:] = ["up"]
cli.main()
"""


class Up:
    """A running `talad up` on a Procfile of this test."""

    def __init__(self, folder: Path, ports: dict[str, int], process: subprocess.Popen[str]) -> None:
        self.folder, self.ports, self.process = folder, ports, process

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def pids(self) -> dict[str, int]:
        pids: dict[str, int] = json.loads((self.folder / "run/processes.json").read_text())
        return pids

    def until(self, fulfilled: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not fulfilled():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.05)


@contextmanager
def up(folder: Path, actions: str, console: str) -> Iterator[Up]:
    ports = free_ports(["rasa", "actions", "simulator", "gateway", "console"])
    (folder / "server.py").write_text(SERVER)
    (folder / "Procfile").write_text(
        f"# two are enough\nactions: {actions}\nconsole: {console}\n".format(
            python=sys.executable, server=folder / "server.py", **ports
        )
    )
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("TALAD_", "MESSENGER_"))
        },
        "TALAD_ENV_FILE": os.devnull,
        "TALAD_VAR": str(folder),
        "TALAD_GRAPH_URL": "https://graph.example/v26.0",
        "TALAD_ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}",
        "TALAD_CONSOLE_BIND": f"127.0.0.1:{ports['console']}",
    }
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-c", UP, folder / "Procfile"],
            env=environment,
            stdout=said,
            stderr=said,
            text=True,
        )
    try:
        yield Up(folder, ports, process)
    finally:
        process.terminate()
        process.wait(60)


ACTIONS = "{python} {server} {actions}"
CONSOLE = "{python} {server} {console}"


def test_a_killed_process_is_started_again_and_people_are_told(tmp_path: Path) -> None:
    with up(tmp_path, ACTIONS, CONSOLE) as running:
        running.until((tmp_path / "run/ready").exists)
        assert f"http://localhost:{running.ports['console']}" in running.said()
        first = running.pids()
        os.kill(first["actions"], signal.SIGKILL)
        running.until(lambda: "actions runs again" in running.said())
        assert "actions died (terminated by SIGKILL) and is started again" in running.said()
        assert "actions | serving" in running.said()
        assert running.pids()["actions"] != first["actions"]
        assert running.pids()["console"] == first["console"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopping_lets_every_process_finish(tmp_path: Path, how: signal.Signals) -> None:
    with up(tmp_path, ACTIONS, CONSOLE) as running:
        running.until((tmp_path / "run/ready").exists)
        running.process.send_signal(how)
        assert running.process.wait(60) == 0
    for name, pid in running.pids().items():
        assert "finished what was in hand" in (tmp_path / f"log/{name}.log").read_text()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not (tmp_path / "run/ready").exists()


def test_a_process_that_does_not_start_ends_everything_with_its_last_words(tmp_path: Path) -> None:
    broken = """{python} -c 'import sys; sys.exit("cannot find 100% of the shop")'"""
    with up(tmp_path, ACTIONS, broken) as running:
        assert running.process.wait(60) == 1
        assert "console does not start" in running.said()
        assert "console | cannot find 100% of the shop" in running.said()
        with pytest.raises(ProcessLookupError):
            os.kill(running.pids()["actions"], 0)


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(processes.CannotStart, match=f"127.0.0.1:{port}, where console should"):
            processes.refuse_taken_ports({"console": f"http://127.0.0.1:{port}/health/ready"})


def test_the_procfile_is_read_in_order_without_comments(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# why\nrasa: talad run rasa\n\ngateway: talad run gateway --x a:b\n")
    assert processes.read_procfile(tmp_path / "Procfile") == {
        "rasa": "talad run rasa",
        "gateway": "talad run gateway --x a:b",
    }
    assert list(processes.read_procfile()) == ["rasa", "actions", "simulator", "gateway", "console"]


def test_the_supervisor_reports_starts_and_ends(tmp_path: Path) -> None:
    supervisor = Supervisor(
        {"short": f"{sys.executable} -c 'import time; time.sleep(0.2); print(\"done\")'"},
        folder=tmp_path,
        directory=tmp_path,
        environment=os.environ,
    )
    supervisor.start()
    try:
        started, ended = supervisor.events.get(timeout=30), supervisor.events.get(timeout=30)
    finally:
        supervisor.stop()
    assert isinstance(started, Started)
    assert ended == Ended("short", "exit status 0")
    assert "done" in supervisor.log_of("short").read_text()
    assert not supervisor.alive()
