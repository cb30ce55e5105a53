"""Which intent a message has, told by its words and by the letters inside them.

Four views of one message are weighed (tf-idf) and put side by side: its words and pairs of words, where a word that
was seen only once counts as unknown; pieces of two to five letters; the same without polite endings; how it sounds
(`bot.sound`). On them a logistic regression is trained, for each intent against the rest. Unknown words tell foreign
talk from a wish; pieces of letters carry slips of the keyboard; by its sounds Thai in Latin letters, which everybody
spells differently, is understood from examples in Thai.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot import sound, spelling
from bot.lookups import Lookups

_TOKENS = "text_tokens"
_NAME = re.compile(r"(?:[A-Z][a-zé]+\.? ?){2,4}")
_THAI_FIRST, _THAI_LAST = "\u0e01", "\u0e4e"


def _letters(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def pieces(text: str) -> list[str]:
    """Pieces of two to five letters of a plain text, spaces included."""
    return list(_letters(f" {' '.join(text.split())} ", 2, 5))


def pieces_of_words(text: str) -> list[str]:
    """Pieces of two to six letters inside the words of a plain text without its polite endings."""
    return [piece for word in spelling.bare(text).split() for piece in _letters(f" {word} ", 2, 6)]


def sounds(words: Sequence[str]) -> list[str]:
    """What is heard of a message with these words: each, their pairs, and pieces of two to five letters of all."""
    heard = [sound.of(word) for word in words]
    marked = ["^", *heard, "$"]
    pairs = map("_".join, itertools.pairwise(marked))
    whole = f" {spelling.bare(' '.join(heard))} "
    return [*marked, *pairs, *(f"~{piece}" for piece in _letters(whole, 2, 5))]


class Words:
    """The words of a message and their pairs, with unknown ones as such, and how many there are."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)

    @classmethod
    def seen_twice(cls, messages: Iterable[Sequence[str]]) -> Words:
        """Those known that stand in at least two of the messages."""
        count = Counter(word for words in messages for word in set(words))
        return cls(word for word, times in count.items() if times > 1)

    def __call__(self, words: Sequence[str]) -> list[str]:
        """What is counted of a message with these words."""
        seen = [word if word in self.known else _unknown(word) for word in words]
        strange = sum(word.startswith("<") for word in seen)
        marked = ["^", *seen, "$"]
        found = [*seen, *(f"{one}_{next_}" for one, next_ in itertools.pairwise(marked))]
        if strange:
            found.append(f"<{min(strange, 3)} unknown>")
        if 2 * strange >= len(seen):
            found.append("<most unknown>")
        return [*found, f"<{min(len(seen), 6)} words>"]


def _unknown(word: str) -> str:
    return "<thai>" if _THAI_FIRST <= word[0] <= _THAI_LAST else "<other>"


def words_of(tokens: Iterable[Token]) -> list[str]:
    """The tokens' spellings without what is no letter or digit around them; a number is as long as it is."""
    plain = (spelling.plain(token.lemma).strip("#.,!?;:'\"()[]{}<>~^*-_/\\ ") for token in tokens)
    return [word for word in plain if any(letter.isalnum() for letter in word)]


class View:
    """One kind of features: a vocabulary with each feature's weight (how few messages have it)."""

    def __init__(self, vocabulary: dict[str, int], weights: np.ndarray) -> None:
        self.vocabulary, self.weights = vocabulary, weights

    @classmethod
    def of(cls, messages: Sequence[Sequence[str]]) -> View:
        count = Counter(feature for features in messages for feature in set(features))
        vocabulary = {feature: place for place, feature in enumerate(sorted(count))}
        times = np.fromiter((count[feature] for feature in vocabulary), float, len(vocabulary))
        return cls(vocabulary, np.log((1 + len(messages)) / (1 + times)) + 1)

    def row(self, features: Iterable[str]) -> tuple[list[int], np.ndarray]:
        """The places and values of one message's features, of length 1 together."""
        count = Counter(place for f in features if (place := self.vocabulary.get(f)) is not None)
        places = list(count)
        values = (1 + np.log(np.fromiter(count.values(), float, len(places)))) * self.weights[places]
        length = np.sqrt(values @ values)
        return places, values / length if length else values


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordsAndLettersClassifier(IntentClassifier, GraphComponent):
    """Rasa component: sets `intent` and `intent_ranking`. Deterministic: the same examples give the same model."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength`: how closely examples are followed (C of the regression); `ranking_length`: intents to name."""
        return {"strength": 20.0, RANKING_LENGTH: 5}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._lookups = Lookups({}, {})
        self._words = Words(())
        self._views: list[View] = []
        self._intents: list[str] = []
        self._slopes = np.zeros((0, 0))
        self._starts = np.zeros(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordsAndLettersClassifier:
        return cls(config, model_storage, resource)

    def _features(self, message: Message) -> list[list[str]]:
        text = spelling.plain(message.get(TEXT))
        patterns = [f"<{kind}>" for kind in self._lookups.patterns_in(message.get(TEXT))]
        if _NAME.fullmatch(message.get(TEXT).strip()):
            patterns.append("<written like a name>")
        words = words_of(message.get(_TOKENS))
        return [self._words(words) + patterns, pieces(text), pieces_of_words(text), sounds(words)]

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent, and keep the result in the model."""
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and one.get(TEXT)]
        if not examples:
            return self._resource
        # Names are many and tell little of the intent; patterns (a telephone number, a house number) tell a lot.
        self._lookups = Lookups({}, Lookups.of(training_data).patterns)
        self._words = Words.seen_twice([words_of(one.get(_TOKENS)) for one in examples])
        features = [self._features(one) for one in examples]
        self._views = [View.of(view) for view in zip(*features, strict=True)]
        model = LogisticRegression(
            C=self._config["strength"], solver="liblinear", class_weight="balanced", random_state=1
        )
        model.fit(self._matrix(features), [one.get(INTENT) for one in examples])
        self._intents = [str(name) for name in model.classes_]
        if len(self._intents) == 2:  # one regression tells two apart
            model.coef_ = np.vstack([-model.coef_, model.coef_])
            model.intercept_ = np.hstack([-model.intercept_, model.intercept_])
        self._slopes, self._starts = model.coef_.T.astype("float32"), model.intercept_
        self._persist()
        return self._resource

    def _matrix(self, messages: Sequence[Sequence[Sequence[str]]]) -> csr_matrix:
        rows = [self._row(features) for features in messages]
        ends = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, places, ends), shape=(len(rows), self._width))

    @property
    def _width(self) -> int:
        return sum(len(view.vocabulary) for view in self._views)

    def _row(self, features: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
        start, all_places, all_values = 0, [], []
        for view, some in zip(self._views, features, strict=True):
            places, values = view.row(some)
            all_places.append(np.array(places, dtype=int) + start)
            all_values.append(values)
            start += len(view.vocabulary)
        return np.concatenate(all_places), np.concatenate(all_values)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the likeliest intent and the ranking of each message."""
        for message in messages:
            ranking = self._ranking(message) if message.get(TEXT) and self._intents else []
            message.set(
                INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True
            )
            message.set("intent_ranking", ranking[: self._config[RANKING_LENGTH]], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        places, values = self._row(self._features(message))
        likely = 1 / (1 + np.exp(-(values @ self._slopes[places] + self._starts)))
        shares = likely / likely.sum()
        best = np.argsort(-shares, kind="stable")
        return [{"name": self._intents[place], "confidence": float(shares[place])} for place in best]

    def _persist(self) -> None:
        # Data, no pickled objects: who gives a model away gives no code to run.
        known = {
            "intents": self._intents,
            "words": sorted(self._words.known),
            "patterns": self._lookups.patterns,
            "views": [list(view.vocabulary) for view in self._views],
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / "known.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
            weights = {f"view{number}": view.weights for number, view in enumerate(self._views)}
            np.savez(folder / "weights.npz", slopes=self._slopes, starts=self._starts, **weights)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordsAndLettersClassifier:
        """The trained component; an untrained one when the model has none (there were no examples)."""
        self = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                known = json.loads((folder / "known.json").read_text(encoding="utf-8"))
                with np.load(folder / "weights.npz", allow_pickle=False) as weights:
                    self._slopes, self._starts = weights["slopes"], weights["starts"]
                    self._views = [
                        View(
                            {feature: place for place, feature in enumerate(names)}, weights[f"view{number}"]
                        )
                        for number, names in enumerate(known["views"])
                    ]
        except ValueError:
            return self
        self._intents, self._words = known["intents"], Words(known["words"])
        self._lookups = Lookups({}, known["patterns"])
        return self
