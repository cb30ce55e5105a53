"""Trains every pipeline on data/nlu, by cross-validation and for the messages of tests/nlu that none was trained on:

    .venv-bot/bin/python -m benchmarks.nlu [--only chosen] [--folds 3] [--out artefacts/nlu-pipelines.json]

Prints a table in Markdown, and what each threshold of the fallback costs. Times are seconds of computing, so that other
work on the machine changes them little; memory is the largest of a process that loads the model and reads messages.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.nlu.measure import folds, measure, training_data
from benchmarks.nlu.pipelines import ROOT, all_pipelines
from bot import exam, marks
from bot.marks import OUT_OF_SCOPE, Answer

_COLUMNS = (
    "pipeline",
    "CV",
    "Thai",
    "English",
    "mixed",
    "romanised",
    "entities",
    "OOS",
    "rejects",
    "train s",
    "parse ms",
    "MB",
)
_THRESHOLDS = (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_AMBIGUITIES = (0.0, 0.03, 0.05, 0.1)


def main() -> None:
    """Measure and print; the figures are also written to --out as they come."""
    options = _options()
    data, held_out = training_data(), exam.examples(ROOT / "tests/nlu")
    print("| " + " | ".join(_COLUMNS) + " |\n|" + " --- |" * len(_COLUMNS), flush=True)
    figures: dict[str, Any] = {}
    for name, pipeline in all_pipelines().items():
        if options.only and name not in options.only:
            continue
        last = measure(pipeline, data, held_out)
        validated = [
            answer
            for part, rest in folds(data, options.folds)[: options.folds if options.folds > 1 else 0]
            for answer in measure(pipeline, part, rest)["answers"]
        ]
        figures[name] = _figures(last, validated)
        print(_line(name, figures[name]), flush=True)
        if name == "chosen" and validated:
            print("\n" + _thresholds(validated, last["answers"]) + "\n", flush=True)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


def _figures(last: dict[str, Any], validated: Sequence[Answer]) -> dict[str, Any]:
    costs = {name: value for name, value in last.items() if name != "answers"}
    return {
        **costs,
        "held_out": marks.scores(last["answers"]),
        "cross_validation": marks.scores(validated) if validated else None,
    }


def _line(name: str, found: dict[str, Any]) -> str:
    held, validated = found["held_out"], found["cross_validation"]
    scope = held["out_of_scope"]["all"]
    shares = [validated["intent_macro_f1"]["all"] if validated else float("nan")]
    shares += [held["intent_macro_f1"][group] for group in ("thai", "english", "mixed", "romanised")]
    # Nothing found at all: the pipeline has no part for entities.
    shares += [held["entity_f1"]["all"] or float("nan"), scope["recall"], scope["false_rejects"]]
    cells = [name, *("–" if math.isnan(share) else f"{share:.3f}" for share in shares)]
    cells += [f"{found['train_s']:.0f}", f"{found['parse_ms']:.1f}", f"{found['memory_mb']:.0f}"]
    return "| " + " | ".join(cells) + " |"


def _thresholds(validated: Sequence[Answer], held_out: Sequence[Answer]) -> str:
    """What is caught and refused by each pair of thresholds, by cross-validation and on the held-out messages."""
    lines = [
        "| threshold | ambiguity | CV OOS | CV rejects | CV F1 | OOS | rejects | F1 |\n|" + " --- |" * 8,
    ]
    for threshold in _THRESHOLDS:
        for ambiguity in _AMBIGUITIES:
            cells = [f"{threshold:.2f}", f"{ambiguity:.2f}"]
            for answers in (validated, held_out):
                found = marks.scores([_given_back(one, threshold, ambiguity) for one in answers])
                scope = found["out_of_scope"]["all"]
                shares = (scope["recall"], scope["false_rejects"], found["intent_macro_f1"]["all"])
                cells += [f"{share:.3f}" for share in shares]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _given_back(one: Answer, threshold: float, ambiguity: float) -> Answer:
    """The answer as Rasa's FallbackClassifier leaves it."""
    first, second = [*(share for _, share in one.ranking), 0.0, 0.0][:2]
    sure = first >= threshold and first - second >= ambiguity
    found = one.found if sure else OUT_OF_SCOPE
    return Answer(one.text, one.group, one.intent, one.spans, found, one.confidence, one.found_spans)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nlu", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--only", action="append", help="a pipeline's name; may be given several times")
    parser.add_argument("--folds", type=int, default=3, help="of the cross-validation; 1 leaves it out")
    parser.add_argument("--out", type=Path, default=ROOT / "artefacts/nlu-pipelines.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
