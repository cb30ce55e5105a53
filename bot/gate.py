"""Whether an examination came out worse: than what the repository has recorded (`tests/nlu/scores.json`), or than the
one of another model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: How much a figure may fall without a word: two or three messages of a language.
TOLERANCE = 0.01
#: A single intent's F1 moves with every message, and more so the fewer there are: it counts where there are this many,
#: and may fall by this much. Of sixty messages, which most intents have, that is three or four.
ENOUGH_MESSAGES = 20
INTENT_TOLERANCE = 0.05


def record(scores: Mapping[str, Any]) -> dict[str, float]:
    """The figures that may not fall, by name, of `bot.marks.scores`; each is better the higher it is."""
    kept = {f"intents {group}": share for group, share in scores["intent_macro_f1"].items()}
    kept |= {f"entity {kind}": share["f1"] for kind, share in scores["entities"].items()}
    kept["entities"] = scores["entity_f1"]["all"]
    kept["out of scope"] = scores["out_of_scope"]["all"]["recall"]
    kept["understood"] = 1 - scores["out_of_scope"]["all"]["false_rejects"]
    return {name: round(share, 4) for name, share in kept.items()}


def fallen(
    scores: Mapping[str, Any],
    recorded: Mapping[str, float],
    whence: str = "recorded",
    tolerances: Mapping[str, float] | None = None,
) -> list[str]:
    """A sentence for each figure that is lower than recorded, or gone; none when nothing got worse.

    `tolerances` are those of single figures that may fall by more than others.
    """
    now, may_fall = record(scores), tolerances or {}
    return [
        _sentence(name, now.get(name, 0.0), before, whence)
        for name, before in recorded.items()
        if now.get(name, 0.0) < before - max(TOLERANCE, may_fall.get(name, 0.0))
    ]


def worse(scores: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """A sentence for each figure that is lower than in `before`, scores of another model, and for each single intent
    that is understood much worse. Of a kind of entity two may be missed more, however few there are.
    """
    now = {intent: share["f1"] for intent, share in scores["intents"].items()}
    intents = [
        _sentence(f"intent {intent}", now.get(intent, 0.0), share["f1"], "before")
        for intent, share in before["intents"].items()
        if share["support"] >= ENOUGH_MESSAGES and now.get(intent, 0.0) < share["f1"] - INTENT_TOLERANCE
    ]
    kinds = {f"entity {kind}": 2 / max(share["support"], 1) for kind, share in before["entities"].items()}
    return fallen(scores, record(before), "before", kinds) + intents


def _sentence(name: str, now: float, before: float, whence: str) -> str:
    return f"{name}: {now:.3f}, {whence} {before:.3f}"
