"""Copies of Rasa's trackers, made without replaying the conversation and without Python's general way of copying."""

from __future__ import annotations

import copy
from collections import deque

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

# Events after which some of those before them do not count; see DialogueStateTracker.applied_events.
_TAKES_BACK = {"rewind", "undo", "active_loop", "form"}
_STARTS_ANEW = {"restart", "session_started"}


def twin(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state that can go on by itself. Same as `tracker.copy()`, but for the model's id."""
    other = copy.copy(tracker)
    other.events = tracker.events.copy()
    other.slots = {name: _copied(slot) for name, slot in tracker.slots.items()}
    other.active_loop = copy.copy(tracker.active_loop)
    return other


def blank(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker of the same conversation in which nothing has happened. Same as `tracker.init_copy()`."""
    other = copy.copy(tracker)
    other.events = deque()
    other.slots = {name: _copied(slot) for name, slot in tracker.slots.items()}
    other.model_id = other.assistant_id = None
    other._reset()
    return other


def _copied(slot: Slot) -> Slot:
    other: Slot = object.__new__(type(slot))
    other.__dict__.update(slot.__dict__)
    return other


def applied_events(tracker: DialogueStateTracker) -> list[Event]:
    """Same as `tracker.applied_events()`; quick where nothing was taken back and no form was active."""
    events = list(tracker.events)
    if any(event.type_name in _TAKES_BACK for event in events):
        return tracker.applied_events()
    start = max(
        (index + 1 for index, event in enumerate(events) if event.type_name in _STARTS_ANEW), default=0
    )
    return events[start:]
