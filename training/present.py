"""The model that Rasa shall run now: the one published last for the present files, or the model of the files.

`talad train` makes the latter, with what the one published last was taught, so that an upgrade forgets nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from shop import bot_models, media
from shop.bot_models import ToRun
from shop.db import Database, utc_now
from shop.media import MediaStore
from talad.settings import Settings
from training import making, model, runs, taught, vocabulary
from training.taught import Lesson


class TrainingFailed(ValueError):
    """Rasa could not train the model; the text ends with what it said last."""


class CannotKeep(ValueError):
    """The media store does not take the model; the text says why."""


def train(settings: Settings, say: Callable[[str], None], *, only_if_missing: bool = False) -> Path:
    """Make the model of the present files unless it is there, and let Rasa run it from now on.

    It knows the names of the shop's goods, and what the model published last was taught. `only_if_missing`: any that
    fits the files will do. Raises TrainingFailed.
    """
    vocabulary.write(settings)
    with database_of(settings) as database:
        if database is None and not _is_new(settings):
            say(
                "the database cannot be read: what trainers taught is not in this model; `talad train` again later"
            )
        used, lesson = _carried(database)
        name = model.name(model.names_file(settings.var), lesson.text)
        will_do = used if used is not None and (used.name == name or only_if_missing) else None
        if will_do is not None and (file := available(settings, will_do)) is not None:
            remember(settings.var, model.fingerprint(with_examples=False), will_do.name)
            return file
        there = model.of_files(settings.var) if only_if_missing and not lesson.text else None
        file = there or _made(settings, lesson, say)
        if database is not None:
            register(settings, database, file, lesson)
    return file


def train_alone(settings: Settings, say: Callable[[str], None]) -> Path:
    """Make the model of the files alone, without anything of the shop. Raises TrainingFailed."""
    return _made(settings, None, say)


def _made(settings: Settings, lesson: Lesson | None, say: Callable[[str], None]) -> Path:
    """The model's file, trained first when there is none. Several callers at once wait for one training."""
    var, folder = settings.var, model.folder_to_write(settings.var)
    with model.alone(folder):
        names = model.names_file(var) if lesson is not None else None
        name = model.name(names, lesson.text if lesson else "")
        if (found := model.find(name, var)) is not None:
            return found
        say("training the model …")
        data = taught.write(lesson, name, var) if lesson is not None else [model.ROOT / "data"]
        log = var / "log/training.log"
        try:
            file, seconds = asyncio.run(
                making.train(data, folder / f"{name}.tar.gz", var=var, log=log, niceness=0)
            )
        except runs.RunFailed as error:
            raise TrainingFailed(f"the model could not be trained, see {log}:\n{error.tail}") from None
        except runs.TookTooLong as error:
            raise TrainingFailed(f"the model could not be trained: it took {error}") from None
        say(f"trained the model in {seconds:.0f} s")
        if folder == model.FOLDER:  # of those in the var folder the gateway knows which are wanted
            model.forget_old(folder)
    return file


def _carried(database: Database | None) -> tuple[ToRun | None, Lesson]:
    """What is in use of the present files, and what the model published last was taught."""
    nothing = Lesson("", 0, {})
    if database is None:
        return None, nothing
    with database.reading() as session:
        used = bot_models.to_run(session, model.fingerprint(with_examples=False))
        last = bot_models.taught_last(session)
        text = last.taught if last is not None else ""
    return used, taught.lesson(taught.examples_in(text)) if text else nothing


def register(settings: Settings, database: Database, file: Path, lesson: Lesson) -> None:
    """Let the model of the files be known, and kept where every machine finds it; from now on it is in use.

    Raises CannotKeep, and what the database raises.
    """
    key, now = media.new_key(media.PRIVATE, "models", "tar.gz"), utc_now()
    name, files = file.name.removesuffix(".tar.gz"), model.fingerprint(with_examples=False)
    try:
        MediaStore(settings.media_url).put(key, file.read_bytes())
    except Exception as error:  # an object store raises its own kinds
        raise CannotKeep(f"{name} cannot be kept in TALAD_MEDIA_URL: {type(error).__name__}") from error
    with database.transaction() as session:
        bot_models.of_the_files(
            session,
            name=name,
            files=files,
            taught=lesson.text,
            taught_count=lesson.count,
            archive=key,
            now=now,
        )
    remember(settings.var, files, name)


def to_start_with(settings: Settings) -> Path | None:
    """The file that Rasa starts with; None when there is none for the present files."""
    files = model.fingerprint(with_examples=False)
    with database_of(settings) as database:
        if database is None:  # perhaps it is only away
            name = _remembered(settings.var, files)
            return (model.find(name, settings.var) if name else None) or model.of_files(settings.var)
        with database.reading() as session:
            used = bot_models.to_run(session, files)
    file = available(settings, used) if used is not None else None
    if used is not None and file is not None:
        remember(settings.var, files, used.name)
    return file or model.of_files(settings.var)


def remember(var: Path, files: str, name: str) -> None:
    """Note what is in use with the files of this fingerprint, for a start while the database is away."""
    place, said = _note(var), f"{files} {name}"
    if not place.exists() or place.read_text() != said:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(said)


def _remembered(var: Path, files: str) -> str | None:
    known, _, name = _note(var).read_text().partition(" ") if _note(var).exists() else ("", "", "")
    return name if known == files else None


def _note(var: Path) -> Path:
    return model.folders(var)[1] / "in-use"


def available(settings: Settings, row: ToRun) -> Path | None:
    """The model's file on this machine, fetched from the media store if it is not there; None if it cannot be had."""
    return model.find(row.name, settings.var) or fetched(settings, row)


def fetched(settings: Settings, row: ToRun) -> Path | None:
    """The model's file as the media store has it, whatever lies here under its name; None if it cannot be had."""
    try:
        data = MediaStore(settings.media_url).get(row.archive)
    except Exception:  # an object store raises its own kinds
        return None
    return keep(data, row.name, settings.var)


def keep(data: bytes, name: str, var: Path) -> Path:
    """Put an archive among this installation's models; it appears whole or not at all."""
    folder = model.folders(var)[1]
    folder.mkdir(parents=True, exist_ok=True)
    # Rasa as it starts, a gateway, a training: several may fetch it at once. What a killed one leaves, model.forget_old
    # finds by this name.
    unfinished, place = folder / f"unfinished-{secrets.token_hex(4)}.tar.gz", folder / f"{name}.tar.gz"
    try:
        unfinished.write_bytes(data)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    return place


@contextmanager
def database_of(settings: Settings) -> Iterator[Database | None]:
    """The shop's database, None where there is none yet or it cannot be read."""
    if _is_new(settings):
        yield None  # opening it would make an empty one
        return
    database = Database(settings.database_url)
    try:
        yield database if _can_be_read(database) else None
    finally:
        database.close()


def _is_new(settings: Settings) -> bool:
    """Whether there is no database yet, as at the very beginning."""
    url = make_url(settings.database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()


def _can_be_read(database: Database) -> bool:
    try:
        with database.reading() as session:
            bot_models.published(session)
    except SQLAlchemyError:
        return False
    return True
