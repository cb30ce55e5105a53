"""Examines a model on messages it was not trained on:

    .venv-bot/bin/python -m bot.exam --model models/talad-….tar.gz --messages tests/nlu --out result.json

`--messages` is a folder of Rasa's NLU files; each file is one group (a language), named like the file. The result is
JSON: `scores` (see `bot.marks`), `seconds` a message, and `answers`, one for each message, in the order of the files.
With `--at-least tests/nlu/scores.json` it fails when a figure is lower than recorded there; `--record` writes it.
With `--before other-result.json` the result also holds what is different from that one: `worse` (`bot.gate`) and
`changed` (`bot.comparison`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the server runs; see bot.run

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot import comparison, gate, marks
from bot.marks import Answer, Span, decided


class Example(NamedTuple):
    """A message, its group, and what it means."""

    text: str
    group: str
    intent: str
    spans: frozenset[Span]


def examples(folder: Path) -> list[Example]:
    """The annotated messages of a folder, or of one file. Raises FileNotFoundError when there are none."""
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else [folder]
    found = [example for file in files for example in _of_file(file)]
    if not found:
        raise FileNotFoundError(f"{folder} holds no annotated messages")
    return found


def _of_file(file: Path) -> Iterator[Example]:
    for message in RasaYAMLReader().read(str(file)).intent_examples:
        yield Example(message.get("text"), file.stem, message.get("intent"), spans(message.get("entities")))


def spans(entities: Sequence[dict[str, Any]] | None) -> frozenset[Span]:
    """Kind, start and end of each entity."""
    return frozenset((found["entity"], found["start"], found["end"]) for found in entities or ())


def answer(example: Example, understood: dict[str, Any]) -> Answer:
    """What the model made of an example, beside what it means."""
    return Answer(
        example.text,
        example.group,
        example.intent,
        example.spans,
        decided(understood["intent"]["name"]),
        float(understood["intent"]["confidence"] or 0.0),
        spans(understood["entities"]),
        tuple((one["name"], float(one["confidence"])) for one in understood["intent_ranking"]),
    )


def examine(
    understand: Callable[[str], dict[str, Any]], messages: Sequence[Example]
) -> tuple[list[Answer], list[float]]:
    """The answers to all messages, and how many seconds each took."""
    answers, seconds = [], []
    for message in messages:
        start = time.perf_counter()
        understood = understand(message.text)
        seconds.append(time.perf_counter() - start)
        answers.append(answer(message, understood))
    return answers, seconds


def result(answers: Sequence[Answer], seconds: Sequence[float]) -> dict[str, Any]:
    """The examination as JSON holds it."""
    return {
        "scores": marks.scores(answers),
        "seconds": {
            "median": statistics.median(seconds),
            "p95": statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0],
            "longest": max(seconds),
        },
        "answers": [_as_json(one) for one in answers],
    }


def _as_json(one: Answer) -> dict[str, Any]:
    return {
        "text": one.text,
        "group": one.group,
        "intent": one.intent,
        "entities": _entities(one.text, one.spans),
        "found": {
            "intent": one.found,
            "confidence": round(one.confidence, 4),
            "entities": _entities(one.text, one.found_spans),
            "ranking": [[name, round(confidence, 4)] for name, confidence in one.ranking],
        },
        "right": one.is_right,
    }


def _entities(text: str, places: frozenset[Span]) -> list[dict[str, Any]]:
    return [
        {"entity": kind, "start": start, "end": end, "text": text[start:end]}
        for kind, start, end in sorted(places, key=lambda place: place[1:])
    ]


def main() -> None:
    """Examine a model and write the result. What is wrong with the arguments is said in one sentence."""
    options = _options()
    from bot.understanding import loaded

    try:
        messages = examples(options.messages)
    except FileNotFoundError as error:
        sys.exit(str(error))
    with loaded(options.model) as understanding:
        understanding.of("warm up")
        answers, seconds = examine(understanding.of, messages)
    found = result(answers, seconds)
    if options.before:
        before = json.loads(options.before.read_text(encoding="utf-8"))
        found["worse"] = gate.worse(found["scores"], before["scores"])
        found["changed"] = comparison.changed(before, found)
    _write(options.out, found)
    for line in lines(found):
        print(line)
    if options.record:
        _write(options.record, gate.record(found["scores"]))
    if options.at_least:
        recorded = json.loads(options.at_least.read_text(encoding="utf-8"))
        if worse := gate.fallen(found["scores"], recorded):
            sys.exit("understands less than recorded:\n" + "\n".join(worse))


def _write(file: Path, value: Any) -> None:
    """Whole or not at all: what a full disk cut short would be taken for a result later."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.part")
    try:
        unfinished.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def lines(found: dict[str, Any]) -> list[str]:
    """The most important figures of a result, for a terminal."""
    scores, scope = found["scores"], found["scores"]["out_of_scope"]["all"]
    shares = "  ".join(f"{name} {value:.3f}" for name, value in scores["intent_macro_f1"].items())
    kinds = "  ".join(f"{name} {share['f1']:.3f}" for name, share in scores["entities"].items())
    return [
        f"{scores['messages']} messages, {found['seconds']['median'] * 1000:.1f} ms each",
        f"intents (macro-F1)  {shares}",
        f"entities (F1)       all {scores['entity_f1']['all']:.3f}  {kinds}",
        f"out of scope        recall {scope['recall']:.3f}  false rejects {scope['false_rejects']:.3f}",
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.exam", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", type=Path, required=True, help="a trained model, *.tar.gz")
    parser.add_argument(
        "--messages", type=Path, default=Path("tests/nlu"), help="folder of annotated messages"
    )
    parser.add_argument("--out", type=Path, default=Path("artefacts/nlu-exam.json"))
    parser.add_argument("--at-least", type=Path, help="scores that may not fall")
    parser.add_argument("--before", type=Path, help="another model's result, to compare with")
    parser.add_argument("--record", type=Path, help="where to record the scores")
    return parser.parse_args()


if __name__ == "__main__":
    main()
