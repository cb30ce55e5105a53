"""Whether an examination came out worse than what the repository has recorded (`tests/nlu/scores.json`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: How much a figure may fall without a word: two or three messages of a language.
TOLERANCE = 0.01


def record(scores: Mapping[str, Any]) -> dict[str, float]:
    """The figures that may not fall, by name, of `bot.marks.scores`; each is better the higher it is."""
    kept = {f"intents {group}": share for group, share in scores["intent_macro_f1"].items()}
    kept |= {f"entity {kind}": share["f1"] for kind, share in scores["entities"].items()}
    kept["entities"] = scores["entity_f1"]["all"]
    kept["out of scope"] = scores["out_of_scope"]["all"]["recall"]
    kept["understood"] = 1 - scores["out_of_scope"]["all"]["false_rejects"]
    return {name: round(share, 4) for name, share in kept.items()}


def fallen(scores: Mapping[str, Any], recorded: Mapping[str, float]) -> list[str]:
    """A sentence for each figure that is lower than recorded, or gone; none when nothing got worse."""
    now = record(scores)
    return [
        f"{name}: {now.get(name, 0.0):.3f}, recorded {before:.3f}"
        for name, before in recorded.items()
        if now.get(name, 0.0) < before - TOLERANCE
    ]
