"""What a trained model makes of typed words, for a turn of a conversation and for the examination alike."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.trackers import DialogueStateTracker

from bot.graph import PlannedRunner

# A longer text is kept whole, but what it asks for is looked for in its beginning only: time must stay bounded.
LONGEST_CLASSIFIED = 1000

# JSON can carry one half of an emoji alone, which no UTF-8 can: the classifiers are written in C and would stop at it.
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


class Understanding:
    """The part of a model that reads typed text. Commands such as `/intent{...}` are text like any other."""

    def __init__(self, runner: GraphRunner, metadata: ModelMetadata) -> None:
        self._runner = runner
        self._target = _target_for_typed_text(metadata)

    def of(self, text: str, tracker: DialogueStateTracker | None = None) -> dict[str, Any]:
        """`intent` (name, confidence), `entities` (entity, value, start, end …) and `intent_ranking` of `text`."""
        message = UserMessage()
        # Set afterwards: UserMessage strips, but the places of entities are those in the text as typed.
        message.text = _HALF_A_CHARACTER.sub("\ufffd", text[:LONGEST_CLASSIFIED])
        results = self._runner.run(
            inputs={PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}, targets=[self._target]
        )
        found = results[self._target][0].as_dict(only_output_properties=True)
        return {
            "intent": found.get("intent") or {"name": None, "confidence": 0.0},
            "entities": found.get("entities") or [],
            "intent_ranking": found.get("intent_ranking") or [],
        }


def _target_for_typed_text(metadata: ModelMetadata) -> str:
    """The part of the model that ends understanding: the one before Rasa's reader of `/intent{...}` texts.

    That reader comes last and puts a command in place of what the classifiers found. Typed text never meets it.
    """
    target = metadata.nlu_target
    node = metadata.predict_schema.nodes[target]
    if node.uses is not RegexMessageHandler or "messages" not in node.needs:
        raise RuntimeError(f"Rasa's model ends with {node.uses} instead of the reader of commands")
    return node.needs["messages"]


@contextmanager
def loaded(model: Path) -> Iterator[Understanding]:
    """The understanding of the model in the file `model`, loaded without the dialogue's store and actions."""
    with tempfile.TemporaryDirectory() as folder:
        metadata, runner = load_predict_graph_runner(Path(folder), model, LocalModelStorage, DaskGraphRunner)
        yield Understanding(PlannedRunner.of(runner), metadata)
