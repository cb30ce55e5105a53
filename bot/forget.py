"""What a stored conversation need not remember, and so does not: words, names, numbers, addresses.

Rules look at intents, actions and the form; so of what was typed, said and asked for this is enough:

- A message keeps its intent and what a tap carried. Its words stay only while a form asks, and only the last ones:
  a form believes what is typed twice (`said_before` in actions/turn.py). What was found in the words goes with them.
- What the bot said stays for the last event only (a photo and its words are two turns, `8123` and `8123:2`): should the
  gateway not have got it, it asks for those turns again.
- A slot keeps the value that it has. The checkout's are name, phone and address while it asks, and empty afterwards.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.trackers import blank


def sparing(events: list[Event], tracker: DialogueStateTracker) -> list[Event]:
    """Of `events`, which lead to the state of `tracker`, what has to be kept; they lead to the same state.

    Events that are kept as they are stay the same objects.
    """
    last = next((event for event in reversed(events) if isinstance(event, UserUttered)), None)
    asks = tracker.active_loop is not None and bool(tracker.active_loop.name)
    kept = [
        _without_words(event)
        if isinstance(event, UserUttered) and not (asks and event is tracker.latest_message)
        else event
        for event in events
        if not (_was_said_before(event, last) or _is_past(event, tracker))
    ]
    return kept + _restored(kept, tracker)


def _without_words(message: UserUttered) -> UserUttered:
    tapped = [
        entity for entity in message.entities if "start" not in entity
    ]  # places are those in typed words
    if message.text is None and len(tapped) == len(message.entities):
        return message
    other = copy.copy(message)
    other.text = None
    other.entities = tapped
    other.parse_data = {**message.parse_data, "text": None, "entities": tapped}  # type: ignore[typeddict-item]
    return other


def _was_said_before(event: Event, last: UserUttered | None) -> bool:
    """Whether the bot said it in answer to an earlier event."""
    if not isinstance(event, BotUttered):
        return False
    return last is None or _event_of(event.metadata.get("turn")) != _event_of(last.message_id)


def _event_of(turn: str | None) -> str:
    return (turn or "").partition(":")[0]


def _is_past(event: Event, tracker: DialogueStateTracker) -> bool:
    """Whether it sets a slot to what it no longer is. What a slot was counts only where it guides the conversation."""
    if not isinstance(event, SlotSet) or event.key == REQUESTED_SLOT:
        return False
    slot = tracker.slots.get(event.key)
    return slot is None or (not slot.influence_conversation and event.value != slot.value)


def _restored(events: Iterable[Event], tracker: DialogueStateTracker) -> list[Event]:
    """What sets slots that would be lost: something before it was taken back, or they were set to it long ago."""
    again = blank(tracker)
    for event in events:
        again.update(event)
    found: list[Event] = []
    for name, slot in tracker.slots.items():
        if slot.value != again.slots[name].value:
            found.append(SlotSet(name, slot.value, timestamp=_time(tracker)))
    return found


def _time(tracker: DialogueStateTracker) -> Any:
    return tracker.events[-1].timestamp if tracker.events else None
