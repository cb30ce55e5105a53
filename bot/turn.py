"""One turn of a conversation: what the customer did goes in, the replies come out whole, or the turn never happened.

Rasa's own processor drops what a failed action should have done and goes on; here the turn fails, nothing of it is
kept, and the caller may try again. The way in from outside is `bot.channel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from rasa.core.actions import action as rasa_actions
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, IS_EXTERNAL, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID

from bot import clauses, heard
from bot.endpoint import OpenEndpoint
from bot.graph import PlannedRunner
from bot.trackers import twin
from bot.understanding import Understanding

CHANNEL = "talad"


class TurnFailed(Exception):
    """The turn could not be finished and left no trace; trying again may help."""


@dataclass(frozen=True)
class Turn:
    """What a customer did, or the shop in their conversation: typed `text`, or an `intent` that needs no guessing.

    `id` names the cause and is the same when the turn is tried again. `notice` says that the shop started it.
    """

    conversation: str
    id: str
    language: str
    text: str | None = None
    intent: str | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    notice: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A turn's `replies`, and what was `understood` of typed words (bot.heard), None where there is nothing to tell."""

    replies: list[dict[str, Any]]
    understood: dict[str, Any] | None = None


class Silent(OutputChannel):
    """Where Rasa sends replies as they come. Nowhere: they are taken from the finished turn, all or none."""

    @classmethod
    def name(cls) -> str:
        """The name that `channel:` of a response in the domain refers to."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Do nothing with `message`."""


def replies_to(tracker: DialogueStateTracker, turn_id: str) -> list[dict[str, Any]] | None:
    """The replies of a finished turn, in order, as dicts with `text`, `buttons`, `custom`, `image` as far as set.

    None when `tracker` does not know the turn.
    """
    if not any(isinstance(event, UserUttered) and event.message_id == turn_id for event in tracker.events):
        return None
    return [
        _response(event)
        for event in tracker.events
        if isinstance(event, BotUttered) and event.metadata.get("turn") == turn_id
    ]


def _response(said: BotUttered) -> dict[str, Any]:
    parts = {"text": said.text, **said.data}
    if parts.get("attachment") == parts.get("image"):
        parts.pop("attachment", None)  # Rasa sets it to the image; see BotUttered.message
    return {name: part for name, part in parts.items() if part}


class TurnProcessor(MessageProcessor):
    """Rasa's processor with `take`, and without its habit of going on after a failure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Around every store Rasa puts one that answers "no such conversation" when the database is away and keeps
        # new events in memory. The next save would then overwrite what the customer had; better to fail and retry.
        self.tracker_store = getattr(self.tracker_store, "_tracker_store", self.tracker_store)
        self.on_circuit_break = self._too_many_actions
        self.graph_runner = PlannedRunner.of(self.graph_runner)
        if self.action_endpoint is not None:
            self.action_endpoint = OpenEndpoint.of(self.action_endpoint)
        self._understanding = Understanding(self.graph_runner, self.model_metadata)
        self._under_way = 0
        self._is_retired = False

    def warm_up(self) -> None:
        """Do once what the first turn would take longer for: read a text in each language and decide what to do."""
        for text in ("สวัสดีค่ะ", "hello"):
            tracker = DialogueStateTracker("nobody", self.domain.slots)
            understood = self._understanding.of(text, tracker)
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
            tracker.update(UserUttered(text, understood["intent"], understood["entities"]), self.domain)
            self._predict_next_with_tracker(tracker)

    async def retire(self) -> None:
        """Take no new turns: another processor does. Connections are closed once those under way have ended."""
        self._is_retired = True
        await self._close_when_over()

    async def _close_when_over(self) -> None:
        if self._is_retired and not self._under_way and isinstance(self.action_endpoint, OpenEndpoint):
            await self.action_endpoint.close()

    async def take(self, turn: Turn) -> Taken:
        """Run `turn` and keep it, once: if the conversation already holds it, only its replies are given again.

        The caller holds the conversation's lock. Raises TurnFailed, or what the store raises; then nothing is kept.
        """
        self._under_way += 1
        try:
            return await self._take(turn)
        finally:
            self._under_way -= 1
            await self._close_when_over()

    async def _take(self, turn: Turn) -> Taken:
        tracker = await self.get_tracker(turn.conversation)
        known = replies_to(tracker, turn.id)
        if known is not None:
            return Taken(known)  # the conversation keeps no typed words, nor what was found in them

        output = Silent()
        before = len(tracker.events)
        # Rasa would write the model's id on each event; the customer's says it for the whole turn.
        tracker.model_id = tracker.assistant_id = None
        await self._update_tracker_session(tracker, output, dict(turn.metadata))
        found = self._read(turn, tracker)
        form, asked = tracker.active_loop_name, tracker.get_slot(REQUESTED_SLOT)
        message = self._event_for(turn, found, tracker)
        tracker.update(message, self.domain)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        new = list(tracker.events)[before:]
        for event in new:
            if isinstance(event, BotUttered):
                event.metadata = {**event.metadata, "turn": turn.id}
        await self.save_tracker(tracker)
        replies = replies_to(tracker, turn.id) or []
        if found is None or not heard.is_told(found, form, asked, new[new.index(message) + 1 :]):
            return Taken(replies)
        return Taken(replies, heard.understood(found))

    def _read(self, turn: Turn, tracker: DialogueStateTracker) -> dict[str, Any] | None:
        """What the model makes of a typed text; None for a tap and a notice."""
        return None if turn.text is None else self._understanding.of(turn.text, tracker)

    def _event_for(
        self, turn: Turn, found: Mapping[str, Any] | None, tracker: DialogueStateTracker
    ) -> UserUttered:
        """The turn as Rasa's event, in which the model `found` this. A tap or a notice has no text, so that no form
        takes it for an answer.
        """
        metadata = dict(turn.metadata)
        if found is not None:
            parsed = self._with_pieces(found, turn.text or "", tracker)
        else:
            parsed = {
                "intent": {"name": turn.intent, "confidence": 1.0},
                "entities": _entities(turn.entities),
            }
            if turn.notice:
                metadata[IS_EXTERNAL] = True  # as Rasa's trigger_intent marks what the user did not say
        parsed["entities"] = parsed["entities"] + _entities({"language": turn.language})
        event = UserUttered(
            turn.text,
            parsed["intent"],
            parsed["entities"],
            parsed,
            input_channel=CHANNEL,
            message_id=turn.id,
            metadata=metadata,
        )
        event.metadata = {**metadata, METADATA_MODEL_ID: self.model_metadata.model_id}
        return event

    def _with_pieces(
        self, found: Mapping[str, Any], text: str, tracker: DialogueStateTracker
    ) -> dict[str, Any]:
        """What the typed text means. `also` are the intents of further questions in it (`bot.clauses`)."""
        instead, also = clauses.further(found, text, lambda piece: self._understanding.of(piece, tracker))
        intent = (
            {"name": instead, "confidence": found["intent"]["confidence"]} if instead else found["intent"]
        )
        return {**found, "intent": intent, "also": also}

    async def _run_action(
        self,
        action: rasa_actions.Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As Rasa's, but an exception fails the turn, and what is only written to a debug log is not copied first."""
        try:
            trial = twin(tracker)  # the prediction's events are dropped when the action rejects to run
            trial.update_with_events(prediction.events, self.domain)
            events = await action.run(output_channel, nlg, trial, self.domain) or []
        except rasa_actions.ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            )
            return self.should_predict_another_action(action.name())
        except TurnFailed:
            raise
        except Exception as error:
            raise TurnFailed(f"{action.name()}: {error}") from error

        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        if any(isinstance(event, UserUttered) for event in events):
            await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """As Rasa's, without copying every event for its debug log."""
        extract = rasa_actions.ActionExtractSlots(self.action_endpoint)
        events: list[Event] = await extract.run(output_channel, self.nlg, tracker, self.domain)
        tracker.update_with_events(events, self.domain)
        return tracker

    @staticmethod
    def _too_many_actions(tracker: DialogueStateTracker, *_: Any) -> NoReturn:
        raise TurnFailed(f"the dialogue runs in circles after {tracker.latest_action_name}")


def _entities(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"entity": name, "value": value} for name, value in values.items()]


def install() -> None:
    """Make Rasa build its agent around TurnProcessor, and its custom actions fail aloud everywhere.

    Raises RuntimeError if this Rasa is put together differently.
    """
    from rasa.core import agent

    if agent.MessageProcessor not in (MessageProcessor, TurnProcessor):
        raise RuntimeError("rasa.core.agent does not use rasa.core.processor.MessageProcessor")
    agent.MessageProcessor = TurnProcessor  # type: ignore[misc]
    if rasa_actions.RemoteAction.run is not _run_remote:
        rasa_actions.RemoteAction.run = _run_remote  # type: ignore[method-assign,assignment]


_rasas_run_remote = rasa_actions.RemoteAction.run


async def _run_remote(self: rasa_actions.RemoteAction, *args: Any, **kwargs: Any) -> list[Event]:
    """A custom action. Rasa's slot extraction swallows RasaExceptions of a failed one, so it raises another kind."""
    try:
        return await _rasas_run_remote(self, *args, **kwargs)
    except rasa_actions.ActionExecutionRejection:
        raise
    except Exception as error:
        raise TurnFailed(f"{self.name()}: {error}") from error
