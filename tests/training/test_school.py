"""A training as a trainer asks for it, with a program that pretends to be Rasa."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shop.bot_making import Made
from shop.bot_models import Failure, Step
from shop.db import Database, migrate
from shop.media import MediaStore
from talad.settings import Settings
from tests.gateway.waiting import until
from tests.training.conftest import teach
from training import model, present
from training.runs import Stopped
from training.school import Failed, School


@pytest.fixture
def school(settings: Settings, checkout: Path) -> School:
    migrate(settings.database_url)
    present.train_alone(settings, lambda _: None)
    database = Database(settings.database_url)
    teach(database, "เอาแบบนั้นแหละ")
    return School(settings, database)


async def train(school: School) -> tuple[Made, list[tuple[Step, float]]]:
    seen: list[tuple[Step, float]] = []

    async def report(step: Step, share: float) -> bool:
        seen.append((step, share))
        return True

    return await school.train(report), seen


async def test_what_was_taught_is_trained_examined_compared_and_kept(
    school: School, settings: Settings, checkout: Path
) -> None:
    made, seen = await train(school)
    file = settings.var / f"models/{made.name}.tar.gz"
    assert "เอาแบบนั้นแหละ" in file.read_text() and "เอาแบบนั้นแหละ" in made.taught
    assert (made.taught_count, made.compared_with) == (1, model.name())
    assert (made.before["of"], made.after["of"]) == ("model", file.read_text())
    assert made.changed == [{"was": "model"}] and len(made.worse) == 1
    store = MediaStore(settings.media_url)
    assert store.get(made.archive) == file.read_bytes() and store.get(made.picture).startswith(b"PNG")
    assert made.archive.startswith("private/models/") and made.archive.endswith(".tar.gz")
    assert [step for step, _ in seen] == list(Step)
    shares = [share for _, share in seen]
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1


async def test_what_was_made_or_examined_before_is_not_done_again(school: School, checkout: Path) -> None:
    made, _ = await train(school)
    again, _ = await train(school)
    assert again.name == made.name
    assert (checkout / "trainings").read_text().count("one") == 2  # the model of the files, and this one
    first = f"{model.name()}.tar.gz\n"
    assert (checkout / "exams").read_text() == first + 2 * f"{made.name}.tar.gz\n"
    (checkout / "tests/nlu/more.yml").write_text("other messages")
    await train(school)
    assert (checkout / "exams").read_text().count(first) == 2


@pytest.mark.parametrize(
    ("word", "why", "said"),
    [
        ("broken", Failure.TRAINING, "no such component"),
        ("silent", Failure.TRAINING, ""),
        ("full", Failure.NO_SPACE, "No space left"),
        ("unexamined", Failure.EXAM, "cannot load this model"),
    ],
)
async def test_a_failure_has_a_reason_and_the_end_of_what_was_said(
    school: School, checkout: Path, settings: Settings, word: str, why: Failure, said: str
) -> None:
    (checkout / "config.yml").write_text(word)
    with pytest.raises(Failed) as failed:
        await train(school)
    assert failed.value.why == why and said in str(failed.value)
    assert not list((settings.var / "models").glob("unfinished*"))


async def test_a_broken_file_of_examples_is_named_as_what_cannot_be_learnt_from(
    school: School, checkout: Path
) -> None:
    (checkout / "data/nlu/smalltalk.yml").write_text("nlu: [")
    with pytest.raises(Failed) as failed:
        await train(school)
    assert failed.value.why == Failure.TRAINING and "data/nlu/smalltalk.yml" in str(failed.value)


async def test_one_that_takes_too_long_is_ended(
    school: School, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.making._TRAIN_SECONDS", 0.1)
    monkeypatch.setattr("training.runs._ASK_SECONDS", 0.1)
    (checkout / "config.yml").write_text("slow")
    with pytest.raises(Failed) as failed:
        await train(school)
    assert failed.value.why == Failure.TOO_LONG


async def test_one_that_nobody_wants_any_more_is_ended(
    school: School, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.runs._ASK_SECONDS", 0.1)
    (checkout / "config.yml").write_text("slow")

    async def report(_: Step, __: float) -> bool:
        return not _written(checkout / "started")

    with pytest.raises(Stopped):
        await school.train(report)
    await _until_gone(int((checkout / "started").read_text()))


async def test_a_gateway_that_stops_takes_its_children_along(school: School, checkout: Path) -> None:
    (checkout / "config.yml").write_text("slow")
    task = asyncio.create_task(train(school))
    await until(lambda: _written(checkout / "started"))
    child = int((checkout / "started").read_text())
    assert os.getpriority(os.PRIO_PROCESS, child) == 19
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _until_gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_gateway_that_is_killed_takes_its_children_along(tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    child = f"[sys.executable, '-m', 'training.child', str(os.getpid()), '1', sys.executable, '-c', {slow!r}]"
    code = f"import os, subprocess, sys, time; subprocess.Popen({child}); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code])
    while not _written(tmp_path / "started"):
        assert parent.poll() is None
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    asyncio.run(_until_gone(int((tmp_path / "started").read_text())))


def _written(file: Path) -> bool:
    return file.exists() and bool(file.read_text())


async def _until_gone(process: int) -> None:
    await until(lambda: not _runs(process))


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and nobody has asked for its exit code yet
