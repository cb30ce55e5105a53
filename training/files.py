"""The examples in the files of data/nlu: which stand where, and putting taught ones in, each at the end of the list of
its intent. Files are texts to which lines are added; nothing in them is written anew, so comments and order stay.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.likeness import Known
from training import annotated

TRAINED, HELD_OUT = "data/nlu", "tests/nlu"
#: A mark as Rasa reads it (rasa.shared.nlu.training_data.entities_parser): `[ดำ](colour)`, `[ดำ](colour:black)`,
#: `[ดำ]{"entity": "colour"}`, `[ดำ][{…}, {…}]`.
_MARK = re.compile(r"\[([^\]]+?)\](?:\(([^:)]+?)(?::[^)]+)?\)|\{([^}]+?)\}|\[(.*?)\])")
_KIND = re.compile(r'"entity"\s*:\s*"([^"]*)"')
#: What ends a line, and what no file of YAML may hold (YAML 1.2, section 5.1).
_NOT_IN_A_LINE = re.compile("[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_YAML_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])|[^\n\r\x85\u2028\u2029]+")
_FILE_LINE = re.compile(r"[^\n]*\n|[^\n]+")

Mark = tuple[str, int, int]


@dataclass(frozen=True)
class Example:
    """A message and what it means. `marks` are kind, start and end of what is named in it."""

    text: str
    intent: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Standing:
    """An example that stands in a file, in this line (from 1; 0 is not there yet)."""

    example: Example
    path: str
    line: int


class Why(StrEnum):
    """Why an example cannot be put into the files."""

    OTHER_INTENT = "other_intent"  # it stands there and means something else
    OTHER_MARKS = "other_marks"  # it stands there and other things are marked
    HELD_OUT = "held_out"  # the bot is examined with it, or with nearly the same
    NO_LIST = "no_list"  # no file has a list of its intent
    NOT_WRITABLE = "not_writable"  # nothing is left of it, or Rasa would read something else


@dataclass(frozen=True)
class Conflict:
    """An example, as it was given, that cannot be put in; `standing` is what is in its way."""

    example: Example
    why: Why
    standing: Standing | None = None


@dataclass(frozen=True)
class Planned:
    """What the files would be: `before` and `after` hold the texts, by path, of those that change.

    `lists` are those that take new examples: path, intent and these. `standing` counts the examples that stand there as
    they were taught.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    lists: Sequence[tuple[str, str, Sequence[Example]]]
    standing: int
    conflicts: Sequence[Conflict]

    @property
    def added(self) -> Sequence[Example]:
        """The new examples, as they will read in the files."""
        return [example for _, _, examples in self.lists for example in examples]

    def message(self) -> str:
        """What a commit of it says."""
        counts = "".join(f"{intent}: {len(examples)}\n" for _, intent, examples in self.lists)
        number = len(self.added)
        return f"Teach the bot {number} message{'s' if number > 1 else ''} from the training desk\n\n{counts}"

    def diff(self) -> str:
        """One unified diff of all files, as `git apply` takes it."""
        return "".join(_diff(path, self.before[path], self.after[path]) for path in sorted(self.after))


class BadFile(ValueError):
    """A file of examples that cannot be read: `path`, `line` (from 1; 0 is unknown), and what the reader said."""

    def __init__(self, path: str, line: int, said: str) -> None:
        super().__init__(f"{path}, line {line}: {said}")
        self.path, self.line, self.said = path, line, said


@dataclass(frozen=True)
class _List:
    """The list of an intent: new lines go in at `end` of the file's text, and begin with `start`."""

    path: str
    intent: str
    start: str
    newline: str
    end: int
    length: int


def texts(root: Path, folder: str = TRAINED) -> dict[str, str]:
    """The files of the folder below `root`, by path from there. Raises BadFile."""
    found = {}
    for file in sorted((root / folder).rglob("*.yml")):
        path = file.relative_to(root).as_posix()
        try:
            found[path] = file.read_bytes().decode()  # as bytes: line ends stay what they are
        except UnicodeDecodeError as error:
            raise BadFile(path, 0, str(error)) from error
    return found


def standing(files: Mapping[str, str]) -> list[Standing]:
    """All examples of the files. Raises BadFile."""
    return [one for path, text in files.items() for one in _read(path, text)[0]]


def put_in(files: Mapping[str, str], held_out: Sequence[Standing], taught: Iterable[Example]) -> Planned:
    """The files with those of `taught` that do not stand there yet. Raises BadFile."""
    stands = {_key(one.example.text): one for one in standing(files)}
    exam = {one.example.text: one for one in held_out}
    lists = _lists(files)
    new: dict[_List, list[Example]] = {}
    conflicts: list[Conflict] = []
    already = 0
    for given in taught:
        example = tidied(given)
        there, place = stands.get(_key(example.text)), lists.get(example.intent)
        if there and there.example.intent != example.intent:
            conflicts.append(Conflict(given, Why.OTHER_INTENT, there))
        elif there and there.example.marks != example.marks:
            conflicts.append(Conflict(given, Why.OTHER_MARKS, there))
        elif there:
            already += 1
        elif like := _like(tuple(exam), example.text):
            conflicts.append(Conflict(given, Why.HELD_OUT, exam[like]))
        elif place is None:
            conflicts.append(Conflict(given, Why.NO_LIST))
        elif not example.text or _is_misread(files[place.path], example.text):
            conflicts.append(Conflict(given, Why.NOT_WRITABLE))
        else:
            new.setdefault(place, []).append(example)
            stands[_key(example.text)] = Standing(example, place.path, 0)
    before = {place.path: files[place.path] for place in new}
    after = {path: _with(text, path, new) for path, text in before.items()}
    taking = [(place.path, place.intent, examples) for place, examples in new.items()]
    return Planned(before, after, sorted(taking, key=lambda one: one[:2]), already, conflicts)


def tidied(example: Example) -> Example:
    """The example as it reads in a file: on one line, without spaces around, its own square brackets made round."""
    line = _NOT_IN_A_LINE.sub(" ", example.text)
    gone = len(line) - len(line.lstrip())
    marks = [
        {"entity": kind, "start": max(0, start - gone), "end": end - gone}
        for kind, start, end in example.marks
    ]
    return read(annotated.written(line.strip(), marks), example.intent)


def read(line: str, intent: str) -> Example:
    """The example that an annotated line is, as Rasa reads it."""
    text, end = "", 0
    marks: list[Mark] = []
    for found in _MARK.finditer(line):
        value, kind, details, several = found.groups()
        text += line[end : found.start()]
        kinds = [kind] if kind else _KIND.findall(details or several or "")
        marks += [(one, len(text), len(text) + len(value)) for one in kinds]
        text += value
        end = found.end()
    return Example(text + line[end:], intent, tuple(marks))


def entities(example: Example) -> list[dict[str, str | int]]:
    """The marks as the database and `training.annotated` have them."""
    return [{"entity": kind, "start": start, "end": end} for kind, start, end in example.marks]


def _line(example: Example) -> str:
    return annotated.written(example.text, entities(example))


def _key(text: str) -> str:
    """Two texts of one key are one message, which must not stand under two intents."""
    return " ".join(text.casefold().split())


def _is_misread(file: str, text: str) -> bool:
    r"""Whether Rasa would take a typed `\u` for a sign's number, as it does in a file of nothing but ASCII."""
    return (file + text).isascii() and re.search(r"\\[uU]", text) is not None


@lru_cache(maxsize=1)
def _known(held_out: tuple[str, ...]) -> Known:
    return Known(held_out)


@lru_cache(
    maxsize=10_000
)  # comparing one with all of them takes some milliseconds, and a page asks about every one
def _like(held_out: tuple[str, ...], text: str) -> str | None:
    return _known(held_out).like(text)


def _lists(files: Mapping[str, str]) -> dict[str, _List]:
    """Where examples of each intent are put: into the longest of its lists."""
    every = [one for path, text in files.items() for one in _read(path, text)[1]]
    return {one.intent: one for one in sorted(every, key=lambda one: one.length)}


def _with(text: str, path: str, new: Mapping[_List, Sequence[Example]]) -> str:
    """The text of the file at `path` with its new lines, put in from its end on so that places stay true."""
    for place in sorted((one for one in new if one.path == path), key=lambda one: -one.end):
        lines = [place.start + _line(example) for example in new[place]]
        if text[: place.end].endswith("\n"):
            added = "".join(line + place.newline for line in lines)
        else:  # the last line of a file that does not end with a line's end
            added = "".join(place.newline + line for line in lines)
        text = text[: place.end] + added + text[place.end :]
    return text


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        _FILE_LINE.findall(before), _FILE_LINE.findall(after), f"a/{path}", f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


@lru_cache(maxsize=64)
def _read(path: str, text: str) -> tuple[Sequence[Standing], Sequence[_List]]:
    """The examples of a file, and the lists that lines can be added to."""
    examples: list[Standing] = []
    lists: list[_List] = []
    for intent, node in _intents(path, text):
        if isinstance(node, ScalarNode) and node.style == "|" and node.anchor is None:
            of_list, place = _of_list(path, text, intent, node)
            examples += of_list
            lists += [place] if place else []
        else:
            line = node.start_mark.line + 1
            examples += [Standing(read(one, intent), path, line) for one in _values(node)]
    return examples, lists


def _intents(path: str, text: str) -> Iterator[tuple[str, Node]]:
    """The intents of a file with the nodes of their examples."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        raise BadFile(path, mark.line + 1 if mark else 0, str(getattr(error, "problem", error))) from error
    for block in _items(_fields(root).get("nlu")):
        fields = _fields(block)
        if "examples" in fields and isinstance(fields.get("intent"), ScalarNode):
            yield fields["intent"].value, fields["examples"]


def _of_list(path: str, text: str, intent: str, node: ScalarNode) -> tuple[list[Standing], _List | None]:
    """The examples of a list with a line for each, and where it goes on."""
    first = text.find("\n", node.start_mark.index) + 1
    lines = [found[0] for found in _YAML_LINE.finditer(text, first, node.end_mark.index)]
    ends = accumulate((len(line) for line in lines), initial=first)
    next(ends)
    examples, place = [], None
    number = text.count("\n", 0, first)
    for line, end, value in zip(lines, ends, node.value.splitlines(), strict=False):
        number += 1
        if not value.startswith("-"):
            continue
        examples.append(Standing(read(value[1:].strip("\r\n "), intent), path, number))
        typed = line.rstrip("\r\n\x85\u2028\u2029")
        start = typed.removesuffix(value) + value[: len(value) - len(value[1:].lstrip(" "))]
        newline = "\r\n" if line.endswith("\r\n") or (line == typed and "\r\n" in text) else "\n"
        place = _List(path, intent, start, newline, end, len(examples))
    return examples, place


def _values(node: Node) -> list[str]:
    """Annotated lines of examples that are written in another way than as a list with a line for each."""
    if isinstance(node, ScalarNode):
        return [line[1:].strip("\r\n ") for line in node.value.splitlines() if line.startswith("-")]
    fields = (_fields(item).get("text") for item in _items(node))
    return [
        one.value.strip("\r\n ").removeprefix("-").strip() for one in fields if isinstance(one, ScalarNode)
    ]


def _fields(node: Node | None) -> dict[str, Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, MappingNode) else {}


def _items(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []
