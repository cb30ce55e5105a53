"""Putting taught examples into the files of data/nlu, each at the end of the list of its intent. Lines are added to the
texts; nothing in them is written anew, so comments and order stay.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.likeness import Known
from training import annotated
from training.files import Example, List, Standing, entities, read_file, standing, tidied

_FILE_LINE = re.compile(r"[^\n]*\n|[^\n]+")


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


def put_in(files: Mapping[str, str], held_out: Sequence[Standing], taught: Iterable[Example]) -> Planned:
    """The files with those of `taught` that do not stand there yet. Raises BadFile."""
    stands = {_key(one.example.text): one for one in standing(files)}
    exam = {one.example.text: one for one in held_out}
    lists = _lists(files)
    new: dict[List, list[Example]] = {}
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


# Comparing one with all of them takes some milliseconds, and a page asks about every one that was taught.
@lru_cache(maxsize=10_000)
def _like(held_out: tuple[str, ...], text: str) -> str | None:
    return _known(held_out).like(text)


def _lists(files: Mapping[str, str]) -> dict[str, List]:
    """Where examples of each intent are put: into the longest of its lists."""
    every = [one for path, text in files.items() for one in read_file(path, text)[1]]
    return {one.intent: one for one in sorted(every, key=lambda one: one.length)}


def _with(text: str, path: str, new: Mapping[List, Sequence[Example]]) -> str:
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
