"""Takes two costs out of Rasa's code that no setting and no subclass of ours reaches, and bounds a third.

Each change is made only where Rasa is what it was when the change was written; otherwise `apply` says so and stops.
The other savings are parts of their own: `bot.graph`, `bot.rules`, `bot.endpoint`, `bot.tracker_store`.
"""

from __future__ import annotations

import copy
import hashlib
import inspect
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Any

import rasa.shared.utils.common
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

# What the replaced functions looked like in Rasa 3.6.21: the first characters of their source's SHA-256.
_KNOWN = {
    "RemoteAction._validate_action_result": "f8cdb4be6812",
    "Event.resolve_by_type": "b5cf570fa7f2",
    "RemoteAction._action_call_format": "428795b944f2",
}

_rasas_validate = RemoteAction._validate_action_result
_rasas_resolve = Event.resolve_by_type
_rasas_call_format = RemoteAction._action_call_format


class DifferentRasa(RuntimeError):
    """Rasa's code is not the one that these changes were written for."""


def apply() -> None:
    """Make the changes, once. Raises DifferentRasa, naming the function that has changed."""
    for function in (_rasas_validate, _rasas_resolve, _rasas_call_format):
        found = _fingerprint(function)
        if found != _KNOWN[function.__qualname__]:
            raise DifferentRasa(
                f"{function.__qualname__} of this Rasa ({rasa.__version__}) is not the one that bot/speed.py replaces"
                f" (fingerprint {found}): compare the two, then put the new fingerprint there"
            )
    _event_validators()
    RemoteAction._validate_action_result = validate_action_result  # type: ignore[method-assign]
    Event.resolve_by_type = staticmethod(resolve_by_type)  # type: ignore[method-assign,assignment]
    RemoteAction._action_call_format = action_call_format  # type: ignore[method-assign]


def _fingerprint(function: Callable[..., Any]) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


def validate_action_result(self: RemoteAction, result: Any) -> bool:
    """As Rasa's: True, or the ValidationError that says what is wrong with an action's answer.

    `jsonschema.validate` checks the schema itself against the schema of schemas, every time, and then each event
    against the schemas of all kinds of events. Here one that names its kind is checked against that one's only;
    whatever is not plainly right is left to Rasa.
    """
    return _plainly_right(result) or _rasas_validate(self, result)


def _plainly_right(result: Any) -> bool:
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    kinds = _event_validators()
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(
            isinstance(event, dict)
            and isinstance(kind := event.get("event"), str)
            and kind in kinds
            and kinds[kind].is_valid(event)
            for event in events
        )
    )


@cache
def _event_validators() -> dict[str, Validator]:
    """By kind of event what checks it, made from Rasa's schema: one of several kinds, told apart by `event`."""
    common = {name: part for name, part in EVENT_SCHEMA.items() if name != "oneOf"}
    validators = {}
    for kind in EVENT_SCHEMA["oneOf"]:
        schema = {**common, "allOf": [kind]}
        checker = validator_for(schema)
        checker.check_schema(schema)
        validators[kind["properties"]["event"]["const"]] = checker(schema)
    if len(validators) != len(EVENT_SCHEMA["oneOf"]):
        raise DifferentRasa(
            "rasa.shared.utils.schemas.events.EVENT_SCHEMA: two kinds of events have one name"
        )
    return validators


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As Rasa's: the class of an event's name. Rasa walks through all classes for every event that it reads."""
    return _event_classes().get(type_name) or _rasas_resolve(type_name, default)


@cache
def _event_classes() -> dict[str, type[Event]]:
    classes: dict[str, type[Event]] = {}
    for kind in rasa.shared.utils.common.all_subclasses(Event):
        classes.setdefault(kind.type_name, kind)  # the first counts, as in Rasa
    return classes


def action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """As Rasa's, without what the bot said in earlier turns: ten cards each would be most of every call."""
    seen = copy.copy(tracker)
    seen.events = deque(_for_actions(tracker))
    return _rasas_call_format(self, seen, domain)


def _for_actions(tracker: DialogueStateTracker) -> list[Event]:
    kept: list[Event] = []
    this_turn = True
    for event in reversed(tracker.events):
        if this_turn or not isinstance(event, BotUttered):
            kept.append(event)
        if isinstance(event, UserUttered):
            this_turn = False
    return kept[::-1]
