"""Models of the bot as gateways leave them, with the scores of the real messages of the exam."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from bot import comparison, gate, marks
from bot.marks import Answer
from shop.bot_models import State
from shop.models import BotModel
from tests.factories import NOW
from tests.support.machine import ROOT
from training import files

FILES = "f00d" * 4


@cache
def exam(mistakes: int, wrong: str = "", other: int = 0) -> Mapping[str, Any]:
    """What `bot.exam` finds: so many messages are taken for another intent, always the same but for the `other` first
    ones, and besides half of those that mean `wrong`.
    """
    messages = files.standing(files.texts(ROOT, files.HELD_OUT))
    intents = sorted({one.example.intent for one in messages})
    in_turn = random.Random(1).sample(range(len(messages)), len(messages))
    missed = {*in_turn[other : other + mistakes]}
    answers = []
    for number, one in enumerate(messages):
        meant, spans = one.example.intent, frozenset(one.example.marks)
        is_missed = number in missed or (meant == wrong and number % 2)
        found = random.Random(number).choice(intents) if is_missed else meant
        group = one.path.rpartition("/")[2].removesuffix(".yml")
        answers.append(
            Answer(one.example.text, group, meant, spans, found, 0.9, frozenset() if is_missed else spans)
        )
    as_json = [
        {
            "text": one.text, "group": one.group, "intent": one.intent, "entities": _marked(one.text, one.spans),
            "found": {"intent": one.found, "entities": _marked(one.text, one.found_spans)},
        }
        for one in answers
    ]  # fmt: skip
    return {"scores": marks.scores(answers), "answers": as_json}


def _marked(text: str, spans: frozenset[marks.Span]) -> list[dict[str, Any]]:
    return [
        {"entity": kind, "text": text[start:end]}
        for kind, start, end in sorted(spans, key=lambda one: one[1])
    ]


def make_model(session: Session, **changes: Any) -> BotModel:
    """A model that is made and can be published; it was not compared with any."""
    number = session.query(BotModel).count() + 1
    at = NOW + timedelta(hours=number)
    values: dict[str, Any] = {
        "name": f"talad-{number:04}", "files": FILES, "state": State.READY, "archive": f"private/models/{number}",
        "taught_count": 12, "after": exam(120)["scores"], "asked_by": "ploy@example.com", "asked_at": at,
        "done_at": at + timedelta(minutes=2),
    }  # fmt: skip
    model = BotModel(**(values | changes))
    session.add(model)
    session.flush()
    return model


def make_compared(
    session: Session, before: BotModel, mistakes: int, wrong: str = "", **changes: Any
) -> BotModel:
    """A model that was examined beside the one in use, with what got worse and what is understood otherwise."""
    was, now = exam(120), exam(mistakes, wrong, other=64)
    return make_model(
        session,
        compared_with=before.name,
        before=was["scores"],
        after=now["scores"],
        worse=gate.worse(now["scores"], was["scores"]),
        changed=comparison.changed(was, now),
        **changes,
    )


def publish(model: BotModel, at: datetime | None = None) -> BotModel:
    """It is in use since then."""
    model.published_at, model.published_by = at or model.asked_at, "ploy@example.com"
    return model
