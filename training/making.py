"""One model and what is known of it: trained, examined, compared, drawn. Each a child process (`training.runs`)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from training.runs import GENTLE, GoOn, RunFailed, run, tail_of

#: Far more than any of them takes on a machine that does something else as well.
_TRAIN_SECONDS = 1800.0
_EXAM_SECONDS = 900.0
EXAM = "tests/nlu"


async def train(
    data: Sequence[Path],
    file: Path,
    *,
    var: Path,
    log: Path,
    niceness: int = GENTLE,
    go_on: GoOn | None = None,
) -> tuple[Path, float]:
    """Train on `data` and put the model at `file`; and the seconds it took. Raises what `training.runs.run` raises."""
    start = time.monotonic()
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"unfinished-{secrets.token_hex(4)}.tar.gz")
    name = unfinished.name.removesuffix(".tar.gz")
    arguments = ["-m", "rasa", "train", "--fixed-model-name", name, "--out", str(file.parent)]
    arguments += ["--data", *map(str, data)]
    try:
        await run(arguments, var=var, log=log, seconds=_TRAIN_SECONDS, niceness=niceness, go_on=go_on)
        if not unfinished.exists():  # Rasa does not always say so by its exit code
            raise RunFailed(tail_of(log))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file, time.monotonic() - start


async def examine(
    file: Path, result: Path, *, var: Path, log: Path, before: Path | None = None, go_on: GoOn | None = None
) -> None:
    """Write the result of `bot.exam` on the frozen messages; where there is one `before`, compared with that."""
    arguments = ["-m", "bot.exam", "--model", str(file), "--messages", EXAM, "--out", str(result)]
    if before is not None:
        arguments += ["--before", str(before)]
    await run(arguments, var=var, log=log, seconds=_EXAM_SECONDS, go_on=go_on)


async def draw(result: Path, picture: Path, *, var: Path, log: Path, go_on: GoOn | None = None) -> None:
    """Write a PNG of which intents are taken for which, from an examination's result."""
    arguments = ["-m", "bot.report", "--result", str(result), "--out", str(picture.with_suffix(".html"))]
    arguments += ["--picture", str(picture)]
    await run(arguments, var=var, log=log, seconds=_EXAM_SECONDS, go_on=go_on)
