"""The simulated Messenger in a process of its own, as its users start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

_START_SECONDS = 20


@contextmanager
def running_simulator() -> Iterator[str]:
    """Start it on a free port; the value is its address (`http://127.0.0.1:<port>`), which answers."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIMULATOR_")}
    command = [sys.executable, "-m", "simulator", "--bind", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found, "the simulator does not say its address"
    try:
        _wait(found[0])
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


def _wait(address: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            direct.open(f"{address}/health/live", timeout=5).close()
            return
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the simulator does not answer"
        time.sleep(0.05)
