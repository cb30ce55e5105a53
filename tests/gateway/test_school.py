"""The gateway makes the models that trainers ask for, with a program that pretends to be Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.groupcommit import GroupCommit
from gateway.school import Trainings
from shop import bot_models
from shop.bot_models import Failure, State, Step
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import BotModel
from talad.settings import Settings
from tests.gateway.waiting import until
from tests.gateway.world import running
from tests.training.conftest import checkout as checkout
from tests.training.conftest import teach
from training import model

TRAINER = {"by": "fern@example.com"}


@pytest.fixture
def project(checkout: Path) -> Path:
    """A small project with the model of its files."""
    model.FOLDER.mkdir()
    model.path().write_text("of the files")
    return checkout


@pytest.fixture
def asked(database: Database, project: Path) -> int:
    """The id of a model that a trainer has asked for, after teaching something."""
    teach(database, "เอาแบบนั้นแหละ")
    with database.transaction() as session:
        return bot_models.ask(session, **TRAINER, now=utc_now()).id


def row(database: Database, model_id: int) -> BotModel:
    with database.reading() as session:
        return bot_models.get(session, model_id)


async def test_what_is_asked_for_is_made_published_and_run(
    project: Path, settings: Settings, channel: int, rasa: Any, database: Database, asked: int
) -> None:
    rasa.model = model.name()
    async with running(settings):
        await until(lambda: row(database, asked).done_at)
        made = row(database, asked)
        assert (made.state, made.compared_with, made.error) == (State.READY, model.name(), "")
        assert made.taught_count == 1 and made.name != model.name()
        assert made.worse == ["intents thai: 0.800, before 0.900"]
        with database.transaction() as session:  # as if it had come out well
            bot_models.get(session, asked).worse = []
        await until(lambda: _in_use(database))  # the model of the files is known
        rasa.takes = {made.name: 200}
        with database.transaction() as session:
            bot_models.publish(session, asked, **TRAINER, now=utc_now())
        await until(lambda: rasa.model == made.name)
    assert MediaStore(settings.media_url).get(made.archive)


async def test_two_gateways_share_the_work(
    project: Path, settings: Settings, channel: int, database: Database, asked: int
) -> None:
    async with running(settings), running(settings):
        await until(lambda: row(database, asked).done_at)
    assert row(database, asked).fence == 1
    assert (project / "exams").read_text().count("\n") == 2


async def test_a_failure_is_said_to_whoever_asked_and_the_log_has_the_rest(
    project: Path,
    settings: Settings,
    database: Database,
    asked: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (project / "config.yml").write_text("broken")
    async with trainings(settings, database) as working:
        assert await working.do_one()
        assert not await working.do_one()
    failed = row(database, asked)
    assert (failed.state, failed.error) == (State.FAILED, Failure.TRAINING)
    assert "pipeline: no such component" in caplog.text


async def test_one_that_stops_gives_its_training_back_and_another_goes_on(
    project: Path, settings: Settings, channel: int, database: Database, asked: int
) -> None:
    (project / "config.yml").write_text("slow")
    async with running(settings):
        await until(lambda: row(database, asked).step == Step.TRAIN)
        await until(lambda: (project / "started").exists())
    assert row(database, asked).state == State.WAITING
    (project / "config.yml").write_text("first")
    async with running(settings):
        await until(lambda: row(database, asked).state == State.READY)
    assert row(database, asked).fence == 2


async def test_one_that_was_overtaken_leaves_it_to_the_other(
    project: Path, settings: Settings, database: Database, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.runs._ASK_SECONDS", 0.1)
    (project / "config.yml").write_text("slow")

    def overtake() -> bool:
        if not (project / "started").exists():
            return False
        with database.transaction() as session:
            bot_models.get(session, asked).fence += 1
        return True

    async with trainings(settings, database) as working:
        task = asyncio.create_task(working.do_one())
        await until(overtake)
        assert await task
    assert row(database, asked).state == State.TRAINING


@asynccontextmanager
async def trainings(settings: Settings, database: Database) -> AsyncIterator[Trainings]:
    writer = GroupCommit(database)
    yield Trainings(settings, database, writer)
    await writer.close()


def _in_use(database: Database) -> BotModel | None:
    with database.reading() as session:
        return bot_models.in_use(session)
