"""Runs a program of the bot's environment (`rasa train`, `bot.exam`, …) as a child: for a limited time, giving way to
others, with all its files in the var folder, and never longer than this process lives.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from training import model

#: Beside a running shop everything else goes first.
GENTLE = 19
#: How often whoever waits is asked whether to go on.
_ASK_SECONDS = 2.0
_TAIL_LINES = 15
_SPACE = ("No space left on device", "[Errno 28]")

#: Called with the seconds since the start; False ends the program.
GoOn = Callable[[float], Awaitable[bool]]


class RunFailed(Exception):
    """The program could not do it; `tail` is what it said last."""

    def __init__(self, tail: str) -> None:
        super().__init__(tail.rpartition("\n")[2])
        self.tail = tail

    @property
    def is_out_of_space(self) -> bool:
        """Whether the disk was full."""
        return any(said in self.tail for said in _SPACE)


class TookTooLong(Exception):
    """The program was ended after its time."""


class Stopped(Exception):
    """Whoever asked for it does not want it any more."""


async def run(
    arguments: Sequence[str],
    *,
    var: Path,
    log: Path,
    seconds: float,
    niceness: int = GENTLE,
    go_on: GoOn | None = None,
) -> None:
    """Run `python` of the bot's environment with these arguments in the project's folder.

    What it says goes to `log`. It may take `seconds`. Raises RunFailed, TookTooLong and Stopped; when this is
    cancelled, or fails, the program and all that it has started are ended.
    """
    program = [sys.executable, "-m", "training.child", str(os.getpid()), str(niceness)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        child = await asyncio.create_subprocess_exec(
            *program,
            str(model.RASA_PYTHON),
            *arguments,
            cwd=model.ROOT,
            env={**os.environ, **_environment(var)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = await _until_over(child, seconds, go_on)
    finally:
        if child.returncode is None:
            _kill(child.pid)
            await child.wait()
    if code:
        raise RunFailed(tail_of(log))


async def _until_over(child: asyncio.subprocess.Process, seconds: float, go_on: GoOn | None) -> int:
    clock = asyncio.get_running_loop().time
    start = clock()
    over = asyncio.ensure_future(child.wait())
    try:
        while not (await asyncio.wait([over], timeout=_ASK_SECONDS))[0]:
            if clock() - start > seconds:
                raise TookTooLong(f"longer than {seconds:.0f} s")
            if go_on is not None and not await go_on(clock() - start):
                raise Stopped
        return over.result()
    finally:
        over.cancel()


def tail_of(log: Path) -> str:
    """The last lines."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _environment(var: Path) -> dict[str, str]:
    """What keeps libraries quiet, and their files in the var folder: the checkout and the home may be read-only."""
    places = {name: folder(var, name) for name in ("cache", "tmp", "matplotlib")}
    return {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "RASA_CACHE_DIRECTORY": str(places["cache"]),
        "RASA_MAX_CACHE_SIZE": "200",  # MB
        "TMPDIR": str(places["tmp"]),
        "MPLCONFIGDIR": str(places["matplotlib"]),
    }


def folder(var: Path, name: str) -> Path:
    """A folder for what trainings need for a while, made where it is missing."""
    place = var.absolute() / "nlu" / name
    place.mkdir(parents=True, exist_ok=True)
    return place
