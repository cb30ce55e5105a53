"""The trained Rasa model: where it lies, and whether it still fits what it was made of.

A model's file name carries the hash of all that it was made of, so an unchanged model is found and not trained again.
Those of the files lie in models/; those that were taught at the training desk, and all where the checkout cannot be
written to, in the var folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "models"
RASA_PYTHON = ROOT / ".venv-bot/bin/python"
#: Files and folders that the model is made from.
SOURCES = (
    "config.yml",
    "domain.yml",
    "domain",
    "data",
    "bot/entities.py",
    "bot/importer.py",
    "bot/intents.py",
    "bot/lookups.py",
    "bot/shop_words.txt",
    "bot/sound.py",
    "bot/spelling.py",
    "bot/thai.py",
    "bot/tokenizer.py",
    "requirements/bot.txt",
)
#: Of these the ones that a model need not be made of to run with the rest: examples of what people say.
EXAMPLES = "data/nlu"
_KEPT_MODELS = 3
_NEW_SECONDS = 3600
_LEFT_SECONDS = 24 * 3600
_SUFFIX = ".tar.gz"


def names_file(var: Path) -> Path:
    """Where the names of the shop's goods are kept as training data (see `training.vocabulary`), in the var folder."""
    return var / "nlu/catalogue.yml"


def folders(var: Path) -> tuple[Path, Path]:
    """Where models may lie: those of the files, and those of this installation."""
    return FOLDER, var.absolute() / "models"


def folder_to_write(var: Path) -> Path:
    """Where `talad train` puts a model."""
    of_files, own = folders(var)
    place = of_files if os.access(of_files if of_files.exists() else ROOT, os.W_OK) else own
    place.mkdir(parents=True, exist_ok=True)
    return place


def path(names: Path | None = None) -> Path:
    """Where the model of the present sources, with nothing that was taught, is or will be once it is trained.

    `names` is the file with the names of the shop's goods; it need not be there.
    """
    return FOLDER / f"{name(names)}{_SUFFIX}"


def name(names: Path | None = None, taught: str = "") -> str:
    """What the model of the present sources, these names and what was taught is called."""
    digest = hashlib.sha256()
    for part in (fingerprint(), names.read_text("utf-8") if names and names.exists() else "", taught):
        digest.update(f"{len(part)}\0{part}\0".encode())
    return f"talad-{digest.hexdigest()[:16]}"


def find(called: str, var: Path) -> Path | None:
    """The file of the model of this name, None if it does not lie on this machine."""
    files = (folder / f"{called}{_SUFFIX}" for folder in folders(var))
    return next((file for file in files if file.is_file()), None)


def of_files(var: Path) -> Path | None:
    """The model of the present sources: with the names of the goods, else, as it may come with Talad, without."""
    return find(name(names_file(var)), var) or find(name(), var)


def fingerprint(*, with_examples: bool = True) -> str:
    """A short hash over the names and contents of all sources.

    Without examples it says what a model has to fit: dialogue, responses, and the code of its parts.
    """
    digest = hashlib.sha256()
    for file in _source_files():
        place = file.relative_to(ROOT).as_posix()
        if with_examples or not place.startswith(f"{EXAMPLES}/"):
            content = file.read_bytes()
            digest.update(f"{place}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        place = ROOT / source
        files = place.rglob("*.yml") if place.is_dir() else [place]
        yield from sorted(file for file in files if file.is_file())


def forget_old(folder: Path, kept: Collection[str] | None = None) -> None:
    """Delete models in `folder`: all but the newest few, or all older ones but those with these names."""
    by_age = sorted(folder.glob(f"talad-*{_SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True)
    for place, model in enumerate(by_age):
        is_new = time.time() - model.stat().st_mtime < _NEW_SECONDS  # perhaps nobody knows its name yet
        is_kept = is_new or (kept is not None and model.name.removesuffix(_SUFFIX) in kept)
        if not (place < _KEPT_MODELS if kept is None else is_kept):
            model.unlink(missing_ok=True)
    forget_left_over(folder, f"unfinished-*{_SUFFIX}")


def forget_left_over(folder: Path, pattern: str = "*") -> None:
    """Delete what a process that was killed has left there."""
    for place in folder.glob(pattern):
        if time.time() - place.stat().st_mtime < _LEFT_SECONDS:
            continue
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the folder of models against other trainings on this machine until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
