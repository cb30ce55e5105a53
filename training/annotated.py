"""A message with its marks in one line, as trainers write it in data/nlu: `เอา[ดำ](colour)`; and back.

The syntax is Rasa's, which knows no way to write a square bracket that belongs to the message: those that customers
type become round ones, of the same length. A mark is a mapping with `entity`, `start` and `end` (in characters).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from shop.errors import BadInput

_MARKED = re.compile(r"\[([^\[\]]+)\]\(([^()\[\]]*)\)")
_ROUND = str.maketrans("[]", "()")


def parts(text: str, entities: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The text in pieces, each with the kind of its mark, "" without one; of marks that overlap the first counts."""
    pieces, done = [], 0
    for mark in sorted(entities, key=lambda one: (int(one["start"]), -int(one["end"]))):
        start, end = int(mark["start"]), min(int(mark["end"]), len(text))
        if done <= start < end:
            pieces += [(text[done:start], ""), (text[start:end], str(mark["entity"]))]
            done = end
    return [piece for piece in [*pieces, (text[done:], "")] if piece[0]]


def written(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The line of the text with its marks."""
    plain = text.translate(_ROUND)
    return "".join(f"[{piece}]({kind})" if kind else piece for piece, kind in parts(plain, entities))


def read(line: str, kinds: Collection[str]) -> tuple[str, list[dict[str, Any]]]:
    """The text and the marks of a line; all white space is one space, and none stands at the edge of a mark.

    `kinds` are the entities that there are. Raises BadInput of field `text`: reason `brackets` for one that belongs to
    no mark, `kind` for a mark of something else.
    """
    line = " ".join(_MARKED.sub(_spaces_outside, line).split())
    text, entities, done = "", [], 0
    for found in _MARKED.finditer(line):
        value, kind = found.groups()
        if kind not in kinds:
            raise BadInput("text", "kind")
        text += line[done : found.start()]
        entities.append({"entity": kind, "start": len(text), "end": len(text) + len(value)})
        text += value
        done = found.end()
    text += line[done:]
    if "[" in text or "]" in text:
        raise BadInput("text", "brackets")
    return text, entities


def _spaces_outside(found: re.Match[str]) -> str:
    value, kind = found[1], found[2].strip()
    ahead, behind = " " * value[:1].isspace(), " " * value[-1:].isspace()
    return f"{ahead}[{value.strip()}]({kind}){behind}"
