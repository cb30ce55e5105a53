"""How well a model did: from its answers to annotated messages to figures. Shares are 0 to 1; nothing is read or run.

A message that the model gives back (`nlu_fallback`) counts as `out_of_scope`: either way the bot says that it did not
understand and shows the ways on. An entity is right when its kind, its start and its end are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
_GIVEN_BACK = (None, "nlu_fallback", OUT_OF_SCOPE)

Span = tuple[str, int, int]


@dataclass(frozen=True)
class Answer:
    """One message: what it means (`intent`, `spans`) and what the model made of it."""

    text: str
    group: str
    intent: str
    spans: frozenset[Span]
    found: str
    confidence: float
    found_spans: frozenset[Span]
    ranking: tuple[tuple[str, float], ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether intent and entities are what they should be."""
        return self.found == self.intent and self.found_spans == self.spans


@dataclass(frozen=True)
class Share:
    """Precision, recall and F1 of one class, and how many messages or entities are of it."""

    precision: float
    recall: float
    f1: float
    support: int


def decided(intent: str | None) -> str:
    """The intent as the bot acts on it: what it gives back is out of scope."""
    return OUT_OF_SCOPE if intent in _GIVEN_BACK or intent is None else intent


def scores(answers: Sequence[Answer]) -> dict[str, Any]:
    """All figures of an examination, ready for JSON."""
    groups = {"all": answers, **_by_group(answers)}
    return {
        "messages": len(answers),
        "intent_macro_f1": {name: _macro_f1(some) for name, some in groups.items()},
        "intent_accuracy": {
            name: sum(a.intent == a.found for a in some) / len(some) for name, some in groups.items()
        },
        "entity_f1": {name: _entity_share(some).f1 for name, some in groups.items()},
        "entities": {kind: asdict(_entity_share(answers, kind)) for kind in _kinds(answers)},
        "out_of_scope": {name: _scope(some) for name, some in groups.items()},
        "intents": {intent: asdict(share) for intent, share in by_intent(answers).items()},
    }


def by_intent(answers: Iterable[Answer]) -> dict[str, Share]:
    """The share of each intent that some message has."""
    pairs = [(answer.intent, answer.found) for answer in answers]
    meant, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    right = Counter(a for a, b in pairs if a == b)
    return {intent: _share(right[intent], found[intent], meant[intent]) for intent in sorted(meant)}


def confusion(answers: Iterable[Answer]) -> dict[tuple[str, str], int]:
    """How often a message of the first intent was taken for the second."""
    return dict(Counter((answer.intent, answer.found) for answer in answers))


def _macro_f1(answers: Sequence[Answer]) -> float:
    shares = by_intent(answers).values()
    return sum(share.f1 for share in shares) / len(shares)


def _entity_share(answers: Iterable[Answer], kind: str | None = None) -> Share:
    meant, found, right = 0, 0, 0
    for answer in answers:
        wanted = {span for span in answer.spans if kind in (None, span[0])}
        given = {span for span in answer.found_spans if kind in (None, span[0])}
        meant, found, right = meant + len(wanted), found + len(given), right + len(wanted & given)
    return _share(right, found, meant)


def _scope(answers: Sequence[Answer]) -> dict[str, float]:
    """`recall`: foreign messages that were not taken for a wish; `false_rejects`: wishes that were not understood."""
    foreign = [answer for answer in answers if answer.intent == OUT_OF_SCOPE]
    wishes = [answer for answer in answers if answer.intent != OUT_OF_SCOPE]
    caught = sum(answer.found == OUT_OF_SCOPE for answer in foreign)
    refused = sum(answer.found == OUT_OF_SCOPE for answer in wishes)
    return {
        "recall": caught / len(foreign) if foreign else 1.0,
        "false_accepts": 1 - caught / len(foreign) if foreign else 0.0,
        "false_rejects": refused / len(wishes) if wishes else 0.0,
    }


def _share(right: int, found: int, meant: int) -> Share:
    precision = right / found if found else 0.0
    recall = right / meant if meant else 0.0
    f1 = 2 * right / (found + meant) if found + meant else 0.0
    return Share(precision, recall, f1, meant)


def _by_group(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.group, []).append(answer)
    return groups


def _kinds(answers: Iterable[Answer]) -> list[str]:
    return sorted({span[0] for answer in answers for span in answer.spans})
