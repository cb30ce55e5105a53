"""A model's scores (bot.marks) in words that need no statistics: of so many messages, how many; before and now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seller_console.texts import text
from shop.models import BotModel
from training import words

ALL = "all"
#: The groups of messages that models are examined with, by the names of their files, in the order of a page.
GROUPS = {
    "all": "All messages",
    "thai": "Thai",
    "english": "English",
    "mixed": "Thai and English in one",
    "romanised": "Thai in Latin letters",
}
#: How bot.gate says that a figure fell: "intents thai: 0.900, before 0.950".
_FELL = re.compile(r"(?P<what>.+): (?P<now>[0-9.]+), \w+ (?P<before>[0-9.]+)")
_SAME = 0.05


@dataclass(frozen=True)
class Figure:
    """A share in hundredths (95.3), `before` None where nothing is known; `of` how many messages it is about."""

    now: float
    before: float | None
    of: int = 0

    @property
    def change(self) -> float:
        """By how much it is more than before, rounded as it is shown."""
        return 0.0 if self.before is None else round(self.now, 1) - round(self.before, 1)

    @property
    def moved(self) -> str:
        """better, worse, same, or "" where nothing is known from before. More is better."""
        if self.before is None:
            return ""
        return "same" if abs(self.change) < _SAME else "better" if self.change > 0 else "worse"


@dataclass(frozen=True)
class Group:
    """What a model makes of a group of messages; see bot.marks for what the figures are."""

    name: str
    understood: Figure
    intents: Figure
    entities: Figure
    foreign: Figure
    taken: Figure


@dataclass(frozen=True)
class Row:
    """An intent or an entity: `right`, how many of it are found; `f1` also counts what was wrongly taken for it."""

    name: str
    right: Figure
    f1: Figure


def understood(model: BotModel) -> Figure | None:
    """Of a hundred messages that it had not seen, how many the model understands; None: it was not examined."""
    return _figure(model, "intent_accuracy", ALL) if model.after else None


def groups(model: BotModel) -> Sequence[Group]:
    """All messages together, then each language."""
    there = model.after.get("intent_accuracy", {})
    return [
        Group(
            name,
            _figure(model, "intent_accuracy", name),
            _figure(model, "intent_macro_f1", name),
            _figure(model, "entity_f1", name),
            _figure(model, "out_of_scope", name, "recall"),
            _figure(model, "out_of_scope", name, "false_rejects", less_is_better=True),
        )
        for name in [
            *(name for name in GROUPS if name in there),
            *(name for name in there if name not in GROUPS),
        ]
    ]


def intents(model: BotModel) -> Sequence[Row]:
    """Each intent, those that got worse most first; what changed less and what got better comes after them."""
    rows = [_row(model, "intents", name) for name in model.after.get("intents", {})]
    return sorted(rows, key=lambda row: (min(0.0, row.right.change, row.f1.change), -row.f1.change, row.name))


def entities(model: BotModel) -> Sequence[Row]:
    """Each kind of thing that is marked in messages."""
    return [_row(model, "entities", name) for name in model.after.get("entities", {})]


def _row(model: BotModel, kind: str, name: str) -> Row:
    of = int(model.after[kind][name]["support"])
    return Row(name, _figure(model, kind, name, "recall", of=of), _figure(model, kind, name, "f1", of=of))


def _figure(model: BotModel, *path: str, less_is_better: bool = False, of: int = 0) -> Figure:
    now, before = (_share(scores, path) for scores in (model.after, model.before))
    found = [
        None if share is None else 100 * (1 - share if less_is_better else share) for share in (now, before)
    ]
    return Figure(found[0] or 0.0, found[1], of)


def _share(scores: Mapping[str, Any], path: Sequence[str]) -> float | None:
    at: Any = scores
    for name in path:
        at = at.get(name) if isinstance(at, Mapping) else None
    return float(at) if isinstance(at, int | float) else None


def group_word(name: str, language: str) -> str:
    """What a group of messages is called."""
    return text(language, GROUPS[name]) if name in GROUPS else name


def worse_words(sentence: str, language: str) -> str:
    """What got worse, as bot.gate says it, in words; the sentence itself where it is another one."""
    fell = _FELL.fullmatch(sentence)
    if fell is None:
        return sentence
    before, now = (f"{100 * float(fell[name]):.1f}" for name in ("before", "now"))
    return text(
        language, "%(what)s: %(before)s of 100 before, now %(now)s",
        what=_what(fell["what"], language), before=before, now=now,
    )  # fmt: skip


def _what(figure: str, language: str) -> str:
    kind, _, name = figure.partition(" ")
    if kind == "intents":
        return text(language, "What messages mean (%(group)s)", group=group_word(name, language))
    if kind == "intent":
        return text(language, "Messages that mean “%(meaning)s”", meaning=words.intent(name).name(language))
    if kind == "entity":
        return text(language, "Finding what is named: %(kind)s", kind=words.entity(name).name(language))
    found = {
        "entities": text(language, "Finding what is named, all kinds"),
        "out of scope": text(language, "Noticing what has nothing to do with the shop"),
        "understood": text(language, "Not passing by what customers want"),
    }
    return found.get(figure, figure)
