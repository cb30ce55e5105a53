"""What has become of an examination since another one: which messages are understood otherwise, and whether better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Those that got worse come first: they are what to look at.
_ORDER = {False: 0, True: 1, None: 2}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages of both examinations (`bot.exam.result`) that are understood otherwise, worse ones first.

    `text`, `group`, `meant`, `before` and `after` (intents), for each of these three `…_entities` ("colour ดำ"), and
    `better`: true, false, or null when both are right or wrong in as many ways.
    """
    known = {(one["text"], one["group"]): one for one in before["answers"]}
    found = [
        _change(was, now)
        for now in after["answers"]
        if (was := known.get((now["text"], now["group"]))) and _understood(was) != _understood(now)
    ]
    return sorted(found, key=lambda one: _ORDER[one["better"]])


def _change(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    gained = _rightness(now) - _rightness(was)
    return {
        "text": now["text"],
        "group": now["group"],
        "meant": now["intent"],
        "meant_entities": _written(now["entities"]),
        "before": was["found"]["intent"],
        "before_entities": _written(was["found"]["entities"]),
        "after": now["found"]["intent"],
        "after_entities": _written(now["found"]["entities"]),
        "better": None if gained == 0 else gained > 0,
    }


def _understood(answer: Mapping[str, Any]) -> tuple[str, Any]:
    return answer["found"]["intent"], answer["found"]["entities"]


def _rightness(answer: Mapping[str, Any]) -> int:
    """The intent decides what the bot does, so it counts for more than the entities."""
    right_intent = answer["found"]["intent"] == answer["intent"]
    return 2 * right_intent + (answer["found"]["entities"] == answer["entities"])


def _written(entities: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one['entity']} {one['text']}" for one in entities]
