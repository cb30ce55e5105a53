"""What trainers have taught at the desk, as Rasa's training data beside the files of data/nlu.

What stands there already is left out, and what the bot is examined with. Where a file says something else of the same
message, the trainer's word counts: the training reads a copy of that file without the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shop.models import Utterance
from training import additions, annotated, files, model, runs
from training.additions import Conflict, Planned, Why
from training.files import Example, Standing

_HEAD = 'version: "3.1"\n\n# จากหน้าสอนบอท: made at the training desk; what is changed here is lost.\nnlu:\n'
_OVERRULED = (Why.OTHER_INTENT, Why.OTHER_MARKS)


@dataclass(frozen=True)
class Lesson:
    """What a model is taught besides the files: `text` is Rasa's training data, "" for nothing, with `count` messages.

    `instead` holds, by path, the texts of those files of which lines are overruled.
    """

    text: str
    count: int
    instead: Mapping[str, str]


def lesson(taught: Iterable[Example], root: Path | None = None) -> Lesson:
    """What of `taught`, the oldest first, has to be taught; of two that contradict each other the newer counts.

    Raises training.files.BadFile.
    """
    root = root or model.ROOT
    trained = files.texts(root)
    planned = _put_in(trained, taught, root)
    overruled = [one for one in planned.conflicts if one.why in _OVERRULED and _stands_alone(one, trained)]
    examples = [*planned.added, *(one.example for one in overruled)]
    if not examples:
        return Lesson("", 0, {})
    return Lesson(_written(examples), len(examples), _without(trained, overruled))


def put_into_files(taught: Sequence[Utterance], root: Path | None = None) -> Planned:
    """What the project's files would be with it; of two that contradict each other the newer counts, as in a lesson.

    Raises training.files.BadFile.
    """
    root = root or model.ROOT
    return _put_in(files.texts(root), examples_of(taught), root)


def _put_in(trained: Mapping[str, str], taught: Iterable[Example], root: Path) -> Planned:
    held_out = files.standing(files.texts(root, files.HELD_OUT))
    return additions.put_in(trained, held_out, list(taught)[::-1])  # the first of two counts: the newer one


def examples_of(taught: Iterable[Utterance]) -> list[Example]:
    """What these utterances were taught to mean."""
    return [
        Example(
            one.taught_text,
            one.taught_intent,
            tuple((mark["entity"], mark["start"], mark["end"]) for mark in one.taught_entities),
        )
        for one in taught
    ]


def examples_in(text: str) -> list[Example]:
    """The examples of a lesson's `text`, in an order in which they make the same lesson."""
    return [one.example for one in files.standing({"taught.yml": text})] if text else []


def write(what: Lesson, name: str, var: Path) -> list[Path]:
    """Write it down in the var folder for the model of this name, and say from where its training shall read.

    Each model has a folder of its own: another training may begin meanwhile.
    """
    all_lessons = runs.folder(var, "lessons")
    model.forget_left_over(all_lessons)
    own = all_lessons / name
    own.mkdir(exist_ok=True)
    extra = {f"instead-{number}.yml": text for number, text in enumerate(what.instead.values())}
    if what.text:
        extra["taught.yml"] = what.text
    for name, text in extra.items():
        (own / name).write_text(text, encoding="utf-8")
    names = model.names_file(var).absolute()
    return [*_of_project(what), *(own / name for name in extra), *([names] if names.exists() else [])]


def _of_project(what: Lesson) -> list[Path]:
    data = model.ROOT / "data"
    if not what.instead:
        return [data]
    overruled = {model.ROOT / path for path in what.instead}
    return [file for file in sorted(data.rglob("*.yml")) if file not in overruled]


def _written(examples: Sequence[Example]) -> str:
    """By intent, in an order that does not depend on when something was taught: the same lesson is the same text."""
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        marks = [{"entity": kind, "start": start, "end": end} for kind, start, end in example.marks]
        by_intent.setdefault(example.intent, []).append(annotated.written(example.text, marks))
    blocks = []
    for intent, lines in sorted(by_intent.items()):
        listed = "".join(f"    - {line}\n" for line in sorted(lines))
        blocks.append(f"- intent: {intent}\n  examples: |\n{listed}")
    return _HEAD + "".join(blocks)


def _stands_alone(conflict: Conflict, trained: Mapping[str, str]) -> bool:
    """Whether what it contradicts is a line of its own in a file, which can be left out."""
    there = conflict.standing
    return there is not None and there.line > 0 and _line(trained, there).lstrip().startswith("- ")


def _line(trained: Mapping[str, str], there: Standing) -> str:
    return trained[there.path].split("\n")[there.line - 1]


def _without(trained: Mapping[str, str], overruled: Iterable[Conflict]) -> dict[str, str]:
    gone: dict[str, set[int]] = {}
    for conflict in overruled:
        if conflict.standing is not None:
            gone.setdefault(conflict.standing.path, set()).add(conflict.standing.line)
    return {
        path: "\n".join(
            line for number, line in enumerate(trained[path].split("\n"), 1) if number not in lines
        )
        for path, lines in gone.items()
    }
