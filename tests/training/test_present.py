"""`talad train`: the model of the files is made when something has changed, knows what was taught, and is in use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from shop import bot_making, bot_models
from shop.bot_making import Made
from shop.db import Database, migrate, utc_now
from shop.media import MediaStore
from shop.models import BotModel
from talad.settings import Settings
from tests.factories import make_shop, make_variant
from training import model, present, taught
from training.files import Example

LESSON = "    - เอาแบบนั้นแหละ\n"


@pytest.fixture
def opened(settings: Settings, checkout: Path) -> Database:
    """The database of a shop, of which `talad train` knows."""
    migrate(settings.database_url)
    return Database(settings.database_url)


def train(settings: Settings) -> tuple[Path, list[str]]:
    said: list[str] = []
    return present.train(settings, said.append), said


def rows(database: Database) -> list[BotModel]:
    with database.reading() as session:
        return list(session.scalars(select(BotModel).order_by(BotModel.id)))


def in_use(database: Database) -> str | None:
    with database.reading() as session:
        used = bot_models.in_use(session, model.fingerprint(with_examples=False))
        return used.name if used else None


def taught_at_the_desk(settings: Settings, database: Database) -> str:
    """The name of a model that a trainer has published. Its file lies in the media store only."""
    lesson = taught.lesson([Example("เอาแบบนั้นแหละ", "buy_now")])
    name = model.name(model.names_file(settings.var), lesson.text)
    MediaStore(settings.media_url).put("private/models/desk.tar.gz", b"desk")
    with database.transaction() as session:
        now = utc_now()
        row = bot_models.ask(session, by="fern@example.com", now=now)
        claim = bot_making.claim(session, now)
        used = bot_models.in_use(session)
        assert claim is not None
        made = Made(
            name=name,
            files=model.fingerprint(with_examples=False),
            taught=lesson.text,
            taught_count=lesson.count,
            compared_with=used.name if used else "",
            before={},
            after={},
            worse=[],
            changed=[],
            archive="private/models/desk.tar.gz",
            picture="",
        )
        bot_making.finish(session, claim, made, now)
        bot_models.publish(session, row.id, by="fern@example.com", now=now)
    return name


def test_it_is_made_once_kept_where_every_machine_finds_it_and_in_use(
    settings: Settings, opened: Database
) -> None:
    file, said = train(settings)
    assert file == model.path() and said[0].startswith("training")
    [row] = rows(opened)
    assert (row.name, row.asked_by, row.state) == (model.name(), "", "ready")
    assert in_use(opened) == row.name
    assert MediaStore(settings.media_url).get(row.archive) == file.read_bytes()
    assert train(settings) == (file, [])
    assert len(rows(opened)) == 1


@pytest.mark.usefixtures("checkout")
def test_without_a_database_it_is_made_too_and_known_once_there_is_one(settings: Settings) -> None:
    file, said = train(settings)
    assert file == model.path() and said
    assert not Path(settings.var / "talad.db").exists()
    migrate(settings.database_url)
    assert train(settings) == (file, [])
    assert in_use(Database(settings.database_url)) == model.name()


def test_a_new_product_is_known_to_the_next_model(settings: Settings, opened: Database) -> None:
    train(settings)
    with opened.transaction() as session:
        make_shop(session)
        make_variant(session)
    file, said = train(settings)
    assert said and "lookup" in file.read_text()
    assert in_use(opened) == file.name.removesuffix(".tar.gz")


def test_what_a_trainer_published_stays_in_use_while_nothing_changes(
    settings: Settings, opened: Database
) -> None:
    train(settings)
    name = taught_at_the_desk(settings, opened)
    file, said = train(settings)
    assert said == [] and in_use(opened) == name
    assert file.read_bytes() == b"desk"  # fetched
    assert present.to_start_with(settings) == file


@pytest.mark.parametrize("changed", ["config.yml", "data/nlu/smalltalk.yml"])
def test_an_upgrade_forgets_nothing_that_was_taught(
    settings: Settings, opened: Database, checkout: Path, changed: str
) -> None:
    train(settings)
    name = taught_at_the_desk(settings, opened)
    before = (checkout / changed).read_text()
    (checkout / changed).write_text(before + "# of the next version\n")
    file, said = train(settings)
    assert said and LESSON in file.read_text()
    [row] = [row for row in rows(opened) if row.name == in_use(opened)]
    assert (row.asked_by, row.taught_count, row.name == name) == ("", 1, False)
    assert train(settings) == (file, [])


def test_what_an_upgrade_brings_itself_is_not_taught_again(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    train(settings)
    taught_at_the_desk(settings, opened)
    with (checkout / "data/nlu/smalltalk.yml").open("a") as examples:
        examples.write(LESSON)
    file, _ = train(settings)
    assert in_use(opened) == model.name() and file == model.path()


def test_rasa_starts_with_what_is_in_use_or_with_the_model_of_the_files(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    assert present.to_start_with(settings) is None
    file, _ = train(settings)
    name = taught_at_the_desk(settings, opened)
    store = MediaStore(settings.media_url)
    store.put("private/models/elsewhere", store.get("private/models/desk.tar.gz"))
    store.delete("private/models/desk.tar.gz")
    assert present.to_start_with(settings) == file  # the archive cannot be had
    store.put("private/models/desk.tar.gz", b"desk")
    started = present.to_start_with(settings)
    assert started is not None and started.name == f"{name}.tar.gz"
    with opened.transaction() as session:
        row = bot_models.in_use(session)
        assert row is not None
        bot_models.refuse(session, row.id, "it is broken")
    assert present.to_start_with(settings) == file
    (checkout / "config.yml").write_text("other")
    assert present.to_start_with(settings) is None


def test_a_checkout_that_cannot_be_written_to_is_left_alone(
    settings: Settings, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    file, _ = train(settings)
    assert file.parent == (settings.var / "models").absolute()
    assert train(settings) == (file, [])


def test_a_failed_training_shows_what_rasa_said_and_leaves_no_model(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    (checkout / "config.yml").write_text("broken")
    with pytest.raises(present.TrainingFailed, match="pipeline: no such component"):
        train(settings)
    assert not list((checkout / "models").glob("*.tar.gz")) and rows(opened) == []


def test_of_the_files_alone_it_knows_nothing_of_the_shop(settings: Settings, opened: Database) -> None:
    with opened.transaction() as session:
        make_shop(session)
        make_variant(session)
    assert present.train_alone(settings, lambda _: None) == model.path()
    assert rows(opened) == []


def test_where_any_model_that_fits_will_do_new_goods_alone_train_none(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    def train_if_missing() -> list[str]:
        said: list[str] = []
        present.train(settings, said.append, only_if_missing=True)
        return said

    present.train_alone(settings, lambda _: None)  # it came with the container
    with opened.transaction() as session:
        make_shop(session)
        make_variant(session)
    assert train_if_missing() == [] and in_use(opened) == model.name()
    name = taught_at_the_desk(settings, opened)
    assert train_if_missing() == [] and in_use(opened) == name
    (checkout / "config.yml").write_text("the next version")
    present.train_alone(settings, lambda _: None)
    assert train_if_missing() and in_use(opened) != model.name()  # with what was taught
    assert train_if_missing() == []


def test_while_the_database_is_away_rasa_starts_with_what_was_in_use(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    plain, _ = train(settings)
    taught_at_the_desk(settings, opened)
    used = present.to_start_with(settings)
    assert used is not None and used != plain
    away = settings.model_copy(update={"given_database_url": f"sqlite:///{settings.var}/away.db"})
    assert present.to_start_with(away) == used
    (checkout / "config.yml").write_text("the next version")
    present.train_alone(settings, lambda _: None)
    assert present.to_start_with(away) == model.path()


def test_what_the_media_store_has_lost_is_made_again(
    settings: Settings, opened: Database, checkout: Path
) -> None:
    train(settings)
    name = taught_at_the_desk(settings, opened)
    store = MediaStore(settings.media_url)
    store.delete("private/models/desk.tar.gz")
    file, said = train(settings)
    assert said and LESSON in file.read_text() and in_use(opened) == name
    [row] = [row for row in rows(opened) if row.name == name]
    assert store.get(row.archive) == file.read_bytes()


@pytest.mark.usefixtures("checkout")
def test_a_database_or_a_media_store_that_is_away_is_named(settings: Settings) -> None:
    away = settings.model_copy(update={"given_database_url": "postgresql://nobody@127.0.0.1:9/none"})
    _, said = train(away)
    assert "cannot be read" in said[0]
    migrate(settings.database_url)
    (settings.var / "full").write_text("no folder")
    with pytest.raises(present.CannotKeep, match="TALAD_MEDIA_URL"):
        train(settings.model_copy(update={"given_media_url": str(settings.var / "full")}))


def test_several_who_fetch_a_model_at_once_all_have_it_whole(settings: Settings) -> None:
    data, together = bytes(20_000_000), Barrier(3)

    def fetch() -> int:
        together.wait()
        return present.keep(data, "talad-a", settings.var).stat().st_size

    with ThreadPoolExecutor(3) as several:
        sizes = [one.result() for one in [several.submit(fetch) for _ in range(3)]]
    assert sizes == 3 * [len(data)]
    assert [file.name for file in (settings.var / "models").iterdir()] == ["talad-a.tar.gz"]
