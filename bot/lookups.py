"""Known names in a message: the lookup tables and regular expressions of the training data, matched word by word.

Thai writes no spaces, so "ชา" (tea) must not be found inside "ราชา": an entry counts only where it begins and ends with
a word. Among entries that overlap, the longest counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.training_data import TrainingData

_LONGEST = 8  # words; longer names are found by their beginning


class Lookups:
    """Names by kind ("product": {"เสื้อยืด", "tote bag"}) and patterns by kind ("order_number": a regular expression)."""

    def __init__(self, names: Mapping[str, Iterable[str]], patterns: Mapping[str, str]) -> None:
        self.names = {kind: frozenset(_plain(name) for name in some) for kind, some in names.items()}
        self.patterns = dict(patterns)
        self._compiled = {kind: re.compile(pattern) for kind, pattern in self.patterns.items()}

    @classmethod
    def of(cls, training_data: TrainingData) -> Lookups:
        """Those of the training data; several tables of one kind are one."""
        names: dict[str, list[str]] = {}
        for table in training_data.lookup_tables:
            if isinstance(table["elements"], list):
                names.setdefault(table["name"], []).extend(table["elements"])
        return cls(names, {regex["name"]: regex["pattern"] for regex in training_data.regex_features})

    def marks(self, text: str, tokens: Sequence[Token]) -> list[set[str]]:
        """For each token the kinds of what it is in: `product` where a name begins, `product+` where it goes on."""
        found: list[set[str]] = [set() for _ in tokens]
        for kind, names in self.names.items():
            start = 0
            while start < len(tokens):
                end = _end(text, tokens, start, names)
                for place in range(start, end):
                    found[place].add(kind if place == start else f"{kind}+")
                start = max(end, start + 1)
        for kind, pattern in self._compiled.items():
            for match in pattern.finditer(text):
                for place, token in enumerate(tokens):
                    if token.start < match.end() and token.end > match.start():
                        found[place].add(f"~{kind}")
        return found

    def patterns_in(self, text: str) -> list[str]:
        """The kinds of patterns that the text has."""
        return [kind for kind, pattern in self._compiled.items() if pattern.search(text)]

    def as_json(self) -> dict[str, Any]:
        """What `Lookups(**…)` makes this of again."""
        return {
            "names": {kind: sorted(names) for kind, names in self.names.items()},
            "patterns": self.patterns,
        }


def _end(text: str, tokens: Sequence[Token], start: int, names: frozenset[str]) -> int:
    """The place after the longest name that begins at `start`; `start` if none does."""
    for end in range(min(len(tokens), start + _LONGEST), start, -1):
        typed = text[tokens[start].start : tokens[end - 1].end]
        if _plain(typed) in names or _plain("".join(t.lemma for t in tokens[start:end])) in names:
            return end
    return start


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
