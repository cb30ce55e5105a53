"""Rasa tokenizer for chats that mix Thai and English: Thai is cut into words (see `bot.thai`), all else exactly as
Rasa's WhitespaceTokenizer does it. A token's text is what the customer typed, its lemma how the word is spelt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

from bot import thai

_WORD_CHARACTER = regex.compile(r"\w")
# "ดำM1" says a size and how many.
_SIZE_AND_NUMBER = regex.compile(r"(?i)(?P<size>[sml]|x{1,4}[sl]|[2-6]xl|x)(?P<number>\d{1,3})")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ThaiEnglishTokenizer(WhitespaceTokenizer):
    """Cuts Thai into words and leaves English alone: "เอาsize M 2ตัว" → เอา, size, M, 2, ตัว."""

    @staticmethod
    def not_supported_languages() -> list[str] | None:
        """None: WhitespaceTokenizer refuses Thai, which this one is for."""
        return None

    @staticmethod
    def required_packages() -> list[str]:
        return ["pythainlp"]

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        thai.dictionary()  # at start, not during the first customer's message

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of the message's `attribute`, with offsets into the text as typed."""
        found: list[Token] = []
        budget = thai.LONGEST_TEXT
        for token in super().tokenize(message, attribute):
            if thai.RUN.search(token.text):
                parts = list(_parts(token, max(budget, 0)))
                budget -= len(token.text)
                found.extend(parts or [token])
            else:
                found.append(token)
        return found


def _parts(token: Token, budget: int) -> Iterator[Token]:
    """The Thai words inside `token` and what stands between them; punctuation alone is no word."""
    done = 0
    for run in thai.RUN.finditer(token.text):
        yield from _rest(token, done, run.start())
        for word in thai.words(run[0], budget):
            start, end = run.start() + word.start, run.start() + word.end
            yield Token(token.text[start:end], token.start + start, lemma=word.spelling)
        done = run.end()
    yield from _rest(token, done, len(token.text))


def _rest(token: Token, start: int, end: int) -> Iterator[Token]:
    text = token.text[start:end]
    both = _SIZE_AND_NUMBER.fullmatch(text)
    if both:
        cut = start + both.end("size")
        yield Token(token.text[start:cut], token.start + start)
        yield Token(token.text[cut:end], token.start + cut)
    elif _WORD_CHARACTER.search(text):
        yield Token(text, token.start + start)
