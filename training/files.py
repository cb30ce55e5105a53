"""The examples in the files of data/nlu and tests/nlu: which stand where, as Rasa reads them, and where lists end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from training import annotated

TRAINED, HELD_OUT = "data/nlu", "tests/nlu"
#: A mark as Rasa reads it (rasa.shared.nlu.training_data.entities_parser): `[ดำ](colour)`, `[ดำ](colour:black)`,
#: `[ดำ]{"entity": "colour"}`, `[ดำ][{…}, {…}]`.
_MARK = re.compile(r"\[([^\]]+?)\](?:\(([^:)]+?)(?::[^)]+)?\)|\{([^}]+?)\}|\[(.*?)\])")
_KIND = re.compile(r'"entity"\s*:\s*"([^"]*)"')
#: What ends a line, and what no file of YAML may hold (YAML 1.2, section 5.1).
_NOT_IN_A_LINE = re.compile("[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_YAML_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])|[^\n\r\x85\u2028\u2029]+")

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


class BadFile(ValueError):
    """A file of examples that cannot be read: `path`, `line` (from 1; 0 is unknown), and what the reader said."""

    def __init__(self, path: str, line: int, said: str) -> None:
        super().__init__(f"{path}, line {line}: {said}")
        self.path, self.line, self.said = path, line, said


@dataclass(frozen=True)
class List:
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


def write(root: Path, texts: Mapping[str, str]) -> None:
    """Write the texts to their paths below `root`."""
    for path, text in texts.items():
        (root / path).write_bytes(text.encode())


def standing(files: Mapping[str, str]) -> list[Standing]:
    """All examples of the files. Raises BadFile."""
    return [one for path, text in files.items() for one in read_file(path, text)[0]]


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


@lru_cache(maxsize=64)
def read_file(path: str, text: str) -> tuple[Sequence[Standing], Sequence[List]]:
    """The examples of a file, and the lists that lines can be added to."""
    examples: list[Standing] = []
    lists: list[List] = []
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


def _of_list(path: str, text: str, intent: str, node: ScalarNode) -> tuple[list[Standing], List | None]:
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
        place = List(path, intent, start, newline, end, len(examples))
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
