"""The trained Rasa model: where it is, whether it still fits its sources, and training it anew.

A model's file name carries the hash of its sources, so an unchanged model is found and not trained again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
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
    "bot/spelling.py",
    "bot/thai.py",
    "bot/tokenizer.py",
    "requirements/bot.txt",
)
_KEPT_MODELS = 3
_TAIL_LINES = 15


class TrainingFailed(ValueError):
    """Rasa could not train the model; the text ends with what it said last."""


def names_file(var: Path) -> Path:
    """Where `talad train` keeps the names of the shop's goods (see `training.vocabulary`), in the var folder."""
    return var / "nlu/catalogue.yml"


def path(names: Path | None = None) -> Path:
    """Where the model of the present sources is, or will be once it is trained.

    `names` is the file with the names of the shop's goods; it need not be there.
    """
    return FOLDER / f"talad-{fingerprint(names)}.tar.gz"


def fingerprint(names: Path | None = None) -> str:
    """A short hash over the names and contents of all sources."""
    digest = hashlib.sha256()
    for file in _source_files():
        content = file.read_bytes()
        digest.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    if names is not None and names.exists():
        digest.update(names.read_bytes())
    return digest.hexdigest()[:16]


def train_if_changed(log: Path, say: Callable[[str], None], names: Path | None = None) -> Path:
    """The model of the present sources, trained first when there is none.

    `names` as in `path`. `log` is the file for Rasa's own words. Several callers at once wait for one training.
    Raises TrainingFailed.
    """
    with _alone():
        model = path(names)
        if not model.exists():
            say("training the model …")
            start = time.monotonic()
            _train(model, log, names)
            say(f"trained the model in {time.monotonic() - start:.0f} s")
            _forget_old_models()
    return model


def _train(model: Path, log: Path, names: Path | None) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    unfinished = f"unfinished-{os.getpid()}"
    command = [
        str(RASA_PYTHON),
        "-m",
        "rasa",
        "train",
        "--fixed-model-name",
        unfinished,
        "--out",
        str(FOLDER),
    ]
    if names is not None and names.exists():
        command += ["--data", "data", str(names.absolute())]
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    with log.open("w") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **quiet},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    trained = FOLDER / f"{unfinished}.tar.gz"
    if done.returncode or not trained.exists():
        last = log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        raise TrainingFailed("\n".join([f"the model could not be trained, see {log}:", *last]))
    trained.rename(model)


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        place = ROOT / source
        files = place.rglob("*.yml") if place.is_dir() else [place]
        yield from sorted(file for file in files if file.is_file())


def _forget_old_models() -> None:
    by_age = sorted(FOLDER.glob("talad-*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for model in by_age[_KEPT_MODELS:]:
        model.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    """Holds the folder of models against other trainings until the block ends."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
