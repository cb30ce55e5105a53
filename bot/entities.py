"""Which words of a message are a product, a quantity, a size, a colour, an order number.

A conditional random field over the message's words: it sees each word, its beginning and end, its shape, what known
names it is part of (`bot.lookups`), and the same of two words to either side ("ไซส์ _", "_ ตัว").
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import spelling
from bot.lookups import Lookups

_TOKENS = "text_tokens"
_NEIGHBOURS = (-2, -1, 1, 2)
_OUTSIDE = "O"
_SHAPES = (("[\u0e01-\u0e4e]+", "ก"), ("[a-z]+", "a"), ("[A-Z]+", "A"), (r"\d+", "0"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WordFieldExtractor(GraphComponent, EntityExtractorMixin):
    """Rasa component: adds `entities`. Deterministic: the same examples give the same model."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`c1`, `c2`: how little single features may weigh; `rounds`: at most so many of training."""
        return {"c1": 0.1, "c2": 0.1, "rounds": 100}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._lookups = Lookups({}, {})
        self._field = b""
        self._tagger: pycrfsuite.Tagger | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordFieldExtractor:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples, those without entities as well, and keep the result in the model."""
        if not training_data.entity_examples:
            return self._resource
        self._lookups = Lookups.of(training_data)
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params(
            {
                "c1": self._config["c1"],
                "c2": self._config["c2"],
                "max_iterations": self._config["rounds"],
                "feature.possible_transitions": True,
            }
        )
        for message in training_data.nlu_examples:
            tokens = message.get(_TOKENS)
            trainer.append(self._features(message), tags(tokens, message.get(ENTITIES) or []))
        with self._storage.write_to(self._resource) as folder:
            trainer.train(str(folder / "field.crfsuite"))
            known = json.dumps(self._lookups.as_json(), ensure_ascii=False)
            (folder / "lookups.json").write_text(known, encoding="utf-8")
            self._open(folder)
        return self._resource

    def _open(self, folder: Path) -> None:
        # The tagger reads from this memory as long as it lives and does not keep it by itself.
        self._field = (folder / "field.crfsuite").read_bytes()
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._field)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordFieldExtractor:
        """The trained component; one that finds nothing when the model has none (there were no entities)."""
        self = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                self._lookups = Lookups(**json.loads((folder / "lookups.json").read_text(encoding="utf-8")))
                self._open(folder)
        except ValueError:
            pass
        return self

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            found = self.add_extractor_name(self._found(message))
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _found(self, message: Message) -> list[dict[str, Any]]:
        tokens: list[Token] = message.get(_TOKENS) or []
        if self._tagger is None or not tokens:
            return []
        return entities(message.get(TEXT), tokens, self._tagger.tag(self._features(message)))

    def _features(self, message: Message) -> list[dict[str, float]]:
        text, tokens = message.get(TEXT), message.get(_TOKENS)
        own = [
            _of_one(token, marks)
            for token, marks in zip(tokens, self._lookups.marks(text, tokens), strict=True)
        ]
        return [self._in_place(place, own, tokens) for place in range(len(tokens))]

    @staticmethod
    def _in_place(place: int, own: Sequence[list[str]], tokens: Sequence[Token]) -> dict[str, float]:
        word = own[place][0]
        found = {"always": 1.0, **dict.fromkeys(own[place], 1.0)}
        for size in (1, 2, 3, 5):
            found[f"begins {word[2 : 2 + size]}"] = found[f"ends {word[2:][-size:]}"] = 1.0
        for step in _NEIGHBOURS:
            beside = place + step
            near = own[beside] if 0 <= beside < len(own) else ["nothing"]
            found.update((f"{step:+} {feature}", 1.0) for feature in near)
            if abs(step) == 1 and near != ["nothing"]:
                first, second = sorted((place, beside))
                found[f"{step:+} touches {tokens[first].end == tokens[second].start}"] = 1.0
                found[f"{step:+} both {near[0]} {word}"] = 1.0
        return found


def _of_one(token: Token, marks: set[str]) -> list[str]:
    """What is seen of one word by itself: its spelling first."""
    return [f"w {spelling.plain(token.lemma)}", f"shape {_shape(token.text)}", *(f"known {m}" for m in marks)]


def _shape(word: str) -> str:
    for letters, sign in _SHAPES:
        word = re.sub(letters, sign, word)
    return word


def tags(tokens: Sequence[Token], annotated: Sequence[dict[str, Any]]) -> list[str]:
    """For each token what it is: `O`, or whether it begins (B-), goes on with (I-), ends (L-) or is (U-) an entity."""
    found = [_OUTSIDE] * len(tokens)
    for one in annotated:
        places = [p for p, t in enumerate(tokens) if t.start < one["end"] and t.end > one["start"]]
        for place in places:
            found[place] = f"I-{one['entity']}"
        if places:
            found[places[0]] = f"B-{one['entity']}"
            found[places[-1]] = f"{'U' if len(places) == 1 else 'L'}-{one['entity']}"
    return found


def entities(text: str, tokens: Sequence[Token], tagged: Sequence[str]) -> list[dict[str, Any]]:
    """The entities that the tags say, as Rasa writes them; tags that do not fit together are read kindly."""
    found: list[dict[str, Any]] = []
    goes_on = False
    for token, tag in zip(tokens, tagged, strict=True):
        if tag == _OUTSIDE:
            goes_on = False
            continue
        sign, kind = tag.split("-", 1)
        if goes_on and sign in "IL" and found[-1]["entity"] == kind:
            found[-1]["end"] = token.end
        else:
            found.append({"entity": kind, "start": token.start, "end": token.end})
        goes_on = sign in "BI"
    return [{**one, "value": text[one["start"] : one["end"]]} for one in found]
