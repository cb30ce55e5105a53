"""Trains one pipeline and examines it, in a process of its own, so that its memory and time are its own."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader, RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from benchmarks.nlu.pipelines import ROOT, Pipeline
from bot import exam, spelling
from bot.exam import Example
from bot.marks import Answer
from bot.understanding import loaded


def training_data() -> TrainingData:
    """All of data/nlu."""
    files = sorted((ROOT / "data/nlu").glob("*.yml"))
    return TrainingData().merge(*(RasaYAMLReader().read(str(file)) for file in files))


def folds(data: TrainingData, count: int) -> list[tuple[TrainingData, list[Example]]]:
    """Splits for cross-validation: what to train with, and the rest to examine. Messages that differ only in
    spelling and politeness stay together."""
    parts: list[list[Message]] = [[] for _ in range(count)]
    known: dict[str, int] = {}
    for message in data.intent_examples:
        same = spelling.bare(spelling.plain(message.get("text"))).replace(" ", "")
        parts[known.setdefault(same, len(known) % count)].append(message)
    return [
        (_with_examples(data, [m for other in parts if other is not part for m in other]), _examples(part))
        for part in parts
    ]


def _with_examples(data: TrainingData, examples: list[Message]) -> TrainingData:
    return TrainingData(examples, data.entity_synonyms, data.regex_features, data.lookup_tables)


def _examples(messages: Sequence[Message]) -> list[Example]:
    return [
        Example(m.get("text"), _script(m.get("text")), m.get("intent"), exam.spans(m.get("entities")))
        for m in messages
    ]


def _script(text: str) -> str:
    thai = any("ก" <= letter <= "๛" for letter in text)
    latin = any("a" <= letter <= "z" for letter in text.casefold())
    return "mixed" if thai and latin else "thai" if thai else "latin"


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` returns, run in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work, arguments)


def trained(pipeline: Pipeline, data: TrainingData, folder: Path) -> tuple[Path, float]:
    """The model, and how many seconds of computing it took."""
    config = folder / "config.yml"
    config.write_text(
        yaml.safe_dump({"recipe": "default.v1", "language": "th", "pipeline": pipeline}, allow_unicode=True)
    )
    examples = folder / "nlu.yml"
    examples.write_text(RasaYAMLWriter().dumps(data), encoding="utf-8")
    start = time.process_time()
    model = train_nlu(str(config), str(examples), str(folder), fixed_model_name="model")
    if model is None:
        raise RuntimeError(f"not trained: {pipeline}")
    return Path(model), time.process_time() - start


def examined(model: Path, messages: Sequence[Example]) -> tuple[list[Answer], float, float]:
    """The answers, milliseconds of computing for each, and the process's largest memory in MB."""
    with loaded(model) as understanding:
        understanding.of("สวัสดี hello")
        start = time.process_time()
        answers, _ = exam.examine(understanding.of, messages)
        spent = (time.process_time() - start) / len(messages) * 1000
    return answers, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(pipeline: Pipeline, data: TrainingData, messages: Sequence[Example]) -> dict[str, Any]:
    """Answers and costs of a pipeline that is trained with `data` and examined with `messages`."""
    with tempfile.TemporaryDirectory() as name:
        model, seconds = alone(trained, pipeline, data, Path(name))
        size = model.stat().st_size / 1e6
        answers, spent, memory = alone(examined, model, messages)
    return {"answers": answers, "train_s": seconds, "parse_ms": spent, "memory_mb": memory, "model_mb": size}
