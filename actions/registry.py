"""The list of actions. Each is a function `(turn, say, db) -> events` under the name that the domain knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from actions.say import Say
from actions.turn import Events, Turn
from shop.db import Database


class Answer(Protocol):
    """One action: say something through `say`, return Rasa's events. What it raises makes the turn be tried again."""

    def __call__(self, turn: Turn, say: Say, db: Database, /) -> Awaitable[Events]: ...


ACTIONS: dict[str, Answer] = {}


def action(name: str) -> Callable[[Answer], Answer]:
    """Make the function Rasa's action `name`."""

    def register(answer: Answer) -> Answer:
        if name in ACTIONS:
            raise ValueError(f"two actions are called {name}")
        ACTIONS[name] = answer
        return answer

    return register
