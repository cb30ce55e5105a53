"""Parts of a pipeline with one thing left out or done differently, to see what it is worth."""

from __future__ import annotations

from pythainlp.tokenize import longest, tcc
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import intents, spelling, thai
from bot.entities import WordFieldExtractor
from bot.intents import WordsAndLettersClassifier
from bot.lookups import Lookups
from bot.tokenizer import ThaiEnglishTokenizer

_TOKENIZER = DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER
_CLASSIFIER = DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER
_EXTRACTOR = DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR


class _OtherCut(ThaiEnglishTokenizer):
    """The tokenizer with another way to cut Thai."""

    @staticmethod
    def cut(text: str) -> list[str]:
        raise NotImplementedError

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        usual = thai._segment
        thai._segment = lambda piece: tuple(self.cut(piece))  # type: ignore[assignment]
        try:
            return super().tokenize(message, attribute)
        finally:
            thai._segment = usual


@DefaultV1Recipe.register(_TOKENIZER, is_trainable=False)
class LongestTokenizer(_OtherCut):
    """PyThaiNLP's longest matching, with the same dictionary."""

    @staticmethod
    def cut(text: str) -> list[str]:
        return list(longest.segment(text, custom_dict=thai.dictionary()))


@DefaultV1Recipe.register(_TOKENIZER, is_trainable=False)
class ClusterTokenizer(_OtherCut):
    """Thai character clusters: no dictionary, the smallest pieces that can be read."""

    @staticmethod
    def cut(text: str) -> list[str]:
        return list(tcc.segment(text))


@DefaultV1Recipe.register(_TOKENIZER, is_trainable=False)
class SpacesTokenizer(WhitespaceTokenizer):
    """Rasa's tokenizer, which by itself refuses Thai."""

    @staticmethod
    def not_supported_languages() -> list[str] | None:
        return None


class _Views(WordsAndLettersClassifier):
    """Only some of the classifier's views."""

    views: tuple[int, ...] = ()

    def _features(self, message: Message) -> list[list[str]]:
        found = super()._features(message)
        return [found[view] for view in self.views]


@DefaultV1Recipe.register(_CLASSIFIER, is_trainable=True)
class OnlyWords(_Views):
    """Words alone."""

    views = (0,)


@DefaultV1Recipe.register(_CLASSIFIER, is_trainable=True)
class OnlyLetters(_Views):
    """Pieces of letters alone."""

    views = (1, 2)


@DefaultV1Recipe.register(_CLASSIFIER, is_trainable=True)
class NoSounds(_Views):
    """Words and letters, not how they sound."""

    views = (0, 1, 2)


@DefaultV1Recipe.register(_CLASSIFIER, is_trainable=True)
class AsTyped(WordsAndLettersClassifier):
    """No text normalising: only small letters."""

    def _features(self, message: Message) -> list[list[str]]:
        usual = spelling.plain
        spelling.plain = str.casefold  # type: ignore[assignment]
        try:
            return super()._features(message)
        finally:
            spelling.plain = usual

    def train(self, training_data: TrainingData) -> Resource:
        usual = spelling.plain
        spelling.plain = str.casefold  # type: ignore[assignment]
        try:
            return super().train(training_data)
        finally:
            spelling.plain = usual


@DefaultV1Recipe.register(_CLASSIFIER, is_trainable=True)
class AllWordsKnown(WordsAndLettersClassifier):
    """Words that were seen only once are words like the others, and new ones are left out."""

    def train(self, training_data: TrainingData) -> Resource:
        usual = intents.Words.seen_twice
        intents.Words.seen_twice = classmethod(  # type: ignore[assignment,method-assign]
            lambda cls, messages: cls(word for words in messages for word in words)
        )
        try:
            return super().train(training_data)
        finally:
            intents.Words.seen_twice = usual  # type: ignore[method-assign]


@DefaultV1Recipe.register(_EXTRACTOR, is_trainable=True)
class NoNames(WordFieldExtractor):
    """Entities by words and neighbours alone, without lookup tables."""

    def train(self, training_data: TrainingData) -> Resource:
        usual = Lookups.of
        Lookups.of = classmethod(lambda cls, data: cls({}, usual(data).patterns))  # type: ignore[assignment,method-assign]
        try:
            return super().train(training_data)
        finally:
            Lookups.of = usual  # type: ignore[method-assign]
