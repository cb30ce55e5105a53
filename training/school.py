"""A training as a trainer asks for it: what was taught is written down, a model made of it, and this one and the one in
use examined on the frozen messages. How far it is, is said all the time; what comes of it is for `shop.bot_models`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shop import bot_models, media, utterances
from shop.bot_making import Made
from shop.bot_models import Failure, Step
from shop.db import Database
from shop.media import MediaStore
from talad.settings import Settings
from training import making, model, present, runs, taught, vocabulary
from training.files import BadFile, Example
from training.runs import RunFailed, Stopped, TookTooLong
from training.taught import Lesson

logger = logging.getLogger(__name__)

#: What each step takes at first; later what it took the last time, on this machine.
_USUAL = {
    Step.PREPARE: 2.0,
    Step.TRAIN: 60.0,
    Step.EXAMINE_BEFORE: 20.0,
    Step.EXAMINE: 20.0,
    Step.DRAW: 5.0,
    Step.KEEP: 1.0,
}
_STEPS = list(_USUAL)
#: A step that takes longer than usual comes no further than here.
_MOST_OF_A_STEP = 0.95
#: Messages that are understood otherwise; worse ones stand first.
_MOST_CHANGES = 500
_KEPT_EXAMS = 6

#: Called with what is being done and the share of the usual time that has gone; False ends the training.
Report = Callable[[Step, float], Awaitable[bool]]


class Failed(Exception):
    """It came to nothing: `why` for whoever asked, `tail` for the log."""

    def __init__(self, why: Failure, tail: str) -> None:
        super().__init__(tail)
        self.why = why


@dataclass
class _Course:
    """Where a training is: turns steps and seconds into shares of the usual time."""

    report: Report
    usual: dict[Step, float]
    step: Step = Step.PREPARE
    took: dict[Step, float] = field(default_factory=dict)
    began: float = 0.0

    async def begin(self, step: Step) -> None:
        """What was done before is over. Raises Stopped."""
        self.end()
        self.step, self.began = step, time.monotonic()
        if not await self.go_on(0.0):
            raise Stopped

    def end(self) -> None:
        if self.began:
            self.took[self.step] = time.monotonic() - self.began

    async def go_on(self, seconds: float) -> bool:
        """Say how far it is; whether to go on."""
        before = sum(self.usual[step] for step in _STEPS[: _STEPS.index(self.step)])
        now = min(seconds, _MOST_OF_A_STEP * self.usual[self.step])
        return await self.report(self.step, round((before + now) / sum(self.usual.values()), 3))


@dataclass(frozen=True)
class School:
    """Trains with what stands in `database`, in the var folder of the settings."""

    settings: Settings
    database: Database

    async def train(self, report: Report) -> Made:
        """A model of the present files and what has been taught, kept in the media store. Raises Failed and Stopped."""
        course = _Course(report, _usual(self._var))
        try:
            return await self._train(course)
        except RunFailed as error:
            why = Failure.TRAINING if course.step == Step.TRAIN else Failure.EXAM
            raise Failed(Failure.NO_SPACE if error.is_out_of_space else why, error.tail) from error
        except BadFile as error:
            raise Failed(Failure.TRAINING, str(error)) from error
        except TookTooLong as error:
            raise Failed(Failure.TOO_LONG, f"{course.step}: {error}") from error
        except OSError as error:
            raise Failed(Failure.NO_SPACE if error.errno == 28 else Failure.UNKNOWN, str(error)) from error

    async def _train(self, course: _Course) -> Made:
        await course.begin(Step.PREPARE)
        before_file = await asyncio.to_thread(self._in_use)
        lesson, data, name = await asyncio.to_thread(self._prepared)
        files = model.fingerprint(with_examples=False)

        await course.begin(Step.TRAIN)
        if (file := model.find(name, self._var)) is None:
            place = model.folders(self._var)[1] / f"{name}.tar.gz"
            file, _ = await making.train(data, place, var=self._var, log=self._log, go_on=course.go_on)

        await course.begin(Step.EXAMINE_BEFORE)
        before = await self._examined(course, before_file) if before_file else None
        await course.begin(Step.EXAMINE)
        after = self._exam(file)
        await making.examine(file, after, before=before, var=self._var, log=self._log, go_on=course.go_on)
        await course.begin(Step.DRAW)
        drawing = runs.folder(self._var, "tmp") / "confusion.png"
        await making.draw(after, drawing, var=self._var, log=self._log, go_on=course.go_on)

        await course.begin(Step.KEEP)
        archive, picture = await asyncio.to_thread(self._keep, file, drawing)
        known, found = await asyncio.to_thread(lambda: (_read(before) if before else {}, _read(after)))
        course.end()
        self._tidy(course)
        return Made(
            name=name,
            files=files,
            taught=lesson.text,
            taught_count=lesson.count,
            compared_with=_name(before_file) if before_file else "",
            before=known.get("scores", {}),
            after=found["scores"],
            worse=found.get("worse", []),
            changed=found.get("changed", [])[:_MOST_CHANGES],
            archive=archive,
            picture=picture,
        )

    @property
    def _var(self) -> Path:
        return self.settings.var

    @property
    def _log(self) -> Path:
        return self._var / "log/training.log"

    def _in_use(self) -> Path | None:
        """The file of the model that this one is compared with."""
        with self.database.reading() as session:
            used = bot_models.to_run(session, model.fingerprint(with_examples=False))
        file = present.available(self.settings, used) if used is not None else None
        return file or model.of_files(self._var)

    def _prepared(self) -> tuple[Lesson, list[Path], str]:
        model.forget_left_over(runs.folder(self._var, "tmp"))
        vocabulary.write(self.settings)
        with self.database.reading() as session:
            lesson = taught.lesson(_taught(session))
        name = model.name(model.names_file(self._var), lesson.text)
        return lesson, taught.write(lesson, name, self._var), name

    async def _examined(self, course: _Course, file: Path) -> Path:
        """The result of the examination of a model, which was perhaps examined when it was made."""
        result = self._exam(file)
        if not result.exists():
            await making.examine(file, result, var=self._var, log=self._log, go_on=course.go_on)
        return result

    def _exam(self, file: Path) -> Path:
        """Where the result of its examination is kept, as long as the messages stay the same."""
        digest = hashlib.sha256()
        for messages in sorted((model.ROOT / making.EXAM).glob("*.yml")):
            digest.update(messages.read_bytes())
        return runs.folder(self._var, "exams") / f"{_name(file)}-{digest.hexdigest()[:8]}.json"

    def _keep(self, *files: Path) -> list[str]:
        """Put the files into the media store and say their keys."""
        store = MediaStore(self.settings.media_url)
        keys = []
        for file in files:
            keys.append(media.new_key(media.PRIVATE, "models", file.name.partition(".")[2]))
            store.put(keys[-1], file.read_bytes())
        return keys

    def _tidy(self, course: _Course) -> None:
        """Remember what each step took, and drop what only older trainings needed."""
        with suppress(OSError):
            _seconds_file(self._var).write_text(json.dumps({**course.usual, **course.took}))
        exams = sorted(runs.folder(self._var, "exams").glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in exams[:-_KEPT_EXAMS]:
            old.unlink(missing_ok=True)


def _taught(session: Session) -> list[Example]:
    return taught.examples_of(utterances.taught(session))


def _name(file: Path) -> str:
    return file.name.removesuffix(".tar.gz")


def _read(result: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def _usual(var: Path) -> dict[Step, float]:
    """Seconds by step."""
    try:
        known = json.loads(_seconds_file(var).read_text())
        return {step: max(0.1, float(known.get(step, usual))) for step, usual in _USUAL.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return dict(_USUAL)


def _seconds_file(var: Path) -> Path:
    return runs.folder(var, "exams").parent / "seconds.json"
