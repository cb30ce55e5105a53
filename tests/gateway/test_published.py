"""Rasa runs what was published last, whoever restarts or breaks in between; each gateway looks after its own Rasa."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gateway import doctor
from gateway.published import Published
from gateway.service import Service
from shop import bot_models
from shop.db import Database, utc_now
from shop.media import MediaStore
from shop.models import BotModel
from talad.settings import Settings
from tests.factories import make_shop
from tests.gateway.fakes import FakeRasa
from tests.gateway.waiting import until
from tests.gateway.world import running
from training import model


@pytest.fixture(autouse=True)
def of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model of the files, in a folder of this test's own."""
    monkeypatch.setattr(model, "FOLDER", tmp_path / "of_files")
    file = model.path()
    file.parent.mkdir()
    file.write_bytes(b"of the files")
    return file


@pytest.fixture
def publish(database: Database, settings: Settings) -> Any:
    """Publish a model; its archive lies in the media store only. Gives its id."""

    def publish(name: str, files: str | None = None) -> int:
        key = f"private/models/{name}.tar.gz"
        MediaStore(settings.media_url).put(key, name.encode())
        with database.transaction() as session:
            return bot_models.of_the_files(
                session,
                name=name,
                files=files or model.fingerprint(with_examples=False),
                taught="",
                taught_count=0,
                archive=key,
                now=utc_now(),
            ).id

    return publish


def row(database: Database, model_id: int) -> BotModel:
    with database.reading() as session:
        return bot_models.get(session, model_id)


async def test_what_is_published_is_fetched_and_taken_and_so_is_an_earlier_one(
    service: Service, rasa: FakeRasa, settings: Settings, database: Database, publish: Any
) -> None:
    rasa.model, rasa.takes = "talad-old", {"talad-a": 200, "talad-b": 200}
    first = publish("talad-a")
    await until(lambda: rasa.model == "talad-a")
    assert (settings.var / "models/talad-a.tar.gz").read_bytes() == b"talad-a"
    publish("talad-b")
    await until(lambda: rasa.model == "talad-b")
    with database.transaction() as session:
        bot_models.publish(session, first, by="fern@example.com", now=utc_now())
    await until(lambda: rasa.model == "talad-a")
    rasa.model = "talad-old"  # it has started anew
    await until(lambda: rasa.model == "talad-a")


async def test_one_that_rasa_cannot_run_is_marked_and_the_one_before_goes_on(
    service: Service, rasa: FakeRasa, settings: Settings, database: Database, publish: Any
) -> None:
    rasa.model, rasa.takes = "talad-a", {"talad-a": 200, "talad-b": 422}
    publish("talad-a")
    here = settings.var / "models/talad-b.tar.gz"
    here.parent.mkdir(exist_ok=True)
    here.write_bytes(b"half of it")
    broken = publish("talad-b")
    await until(lambda: row(database, broken).refused)
    assert row(database, broken).refused == "no good"
    assert rasa.model == "talad-a" and rasa.given == ["talad-b", "talad-b"]
    assert here.read_bytes() == b"talad-b"  # it was fetched before all machines gave it up


async def test_what_was_made_of_other_files_is_not_for_this_machine(
    settings: Settings, channel: int, rasa: FakeRasa, database: Database, publish: Any
) -> None:
    rasa.model, rasa.takes = "talad-a", {"talad-other": 200}
    publish("talad-a")
    publish("talad-other", files="another version")
    async with running(settings) as service:
        await service.published.look()
    assert rasa.given == []


async def test_the_model_of_the_files_is_known_once_rasa_runs_it(
    settings: Settings, channel: int, rasa: FakeRasa, database: Database, of_files: Path
) -> None:
    rasa.model = model.name()
    async with running(settings):
        used = await until(lambda: _in_use(database))
    assert (used.name, used.asked_by) == (model.name(), "")
    assert MediaStore(settings.media_url).get(used.archive) == b"of the files"


async def test_what_cannot_be_had_now_is_taken_later(
    settings: Settings, channel: int, rasa: FakeRasa, database: Database, publish: Any, hasty_looks: None
) -> None:
    rasa.model, rasa.takes = "talad-old", {"talad-a": 503}
    wanted = publish("talad-a")
    store = MediaStore(settings.media_url)
    archive = store.get("private/models/talad-a.tar.gz")
    store.delete("private/models/talad-a.tar.gz")
    async with running(settings):
        assert rasa.given == []
        store.put("private/models/talad-a.tar.gz", archive)
        await until(lambda: rasa.given)
        assert row(database, wanted).refused == ""
        rasa.takes = {"talad-a": 200}
        await until(lambda: rasa.model == "talad-a")


async def test_the_doctor_says_when_rasa_runs_something_else(
    settings: Settings, channel: int, rasa: FakeRasa, database: Database, publish: Any
) -> None:
    rasa.model = "talad-old"
    publish("talad-a")
    with database.transaction() as session:
        make_shop(session)

    async def said() -> tuple[bool, str]:
        lines = await doctor.examine(settings, database)
        [line] = [line for line in lines if line.about["en"] == "the bot's model"]
        return line.ok, str(line.says["en"])

    ok, says = await said()
    assert not ok and "talad-old" in says and "talad-a" in says
    rasa.model = "talad-a"
    assert await said() == (True, "")
    broken = publish("talad-b")
    with database.transaction() as session:
        bot_models.refuse(session, broken, "KeyError: 'weights'")
    ok, says = await said()
    assert not ok and "talad-b" in says and "KeyError" in says


def _in_use(database: Database) -> BotModel | None:
    with database.reading() as session:
        return bot_models.in_use(session)


@pytest.fixture
def hasty_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.published._AGAIN_SECONDS", 0.05)


async def test_old_models_of_this_machine_go(service: Service, settings: Settings, publish: Any) -> None:
    published: Published = service.published
    publish("talad-a")
    own = settings.var / "models"
    own.mkdir(exist_ok=True)
    for name in ("talad-a", "talad-gone"):
        (own / f"{name}.tar.gz").write_bytes(b"")
        os.utime(own / f"{name}.tar.gz", (1_000_000, 1_000_000))
    await published.prune()
    assert [file.name for file in own.glob("*.tar.gz")] == ["talad-a.tar.gz"]
