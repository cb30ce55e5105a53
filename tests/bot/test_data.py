"""The messages that examine a model are none that it is trained on, not even nearly; and they are annotated alike."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.validator import Validator

from bot import spelling
from bot.exam import Example, examples
from bot.tokenizer import ThaiEnglishTokenizer

ROOT = Path(__file__).parents[2]
TOKENIZER = ThaiEnglishTokenizer(ThaiEnglishTokenizer.get_default_config())
_LETTERS = re.compile(r"[\W_]+")
# Shorter texts that differ in a letter are other words.
_NEARLY, _LONG_ENOUGH = 0.9, 8


@cache
def held_out() -> list[Example]:
    return examples(ROOT / "tests/nlu")


@cache
def trained_on() -> list[Example]:
    return examples(ROOT / "data/nlu")


def same(text: str) -> str:
    """What is left when spelling, politeness, spaces and signs do not count; all of it if that is only digits."""
    left = re.sub(r"[^\w\u0e31-\u0e4e]+", "", spelling.bare(spelling.plain(text)))
    digits = sum(letter.isdigit() for letter in text)
    return left if digits * 2 < len(left) else "".join(text.casefold().split())


def test_no_held_out_message_is_trained_on() -> None:
    known = {same(example.text) for example in trained_on()}
    assert [example.text for example in held_out() if same(example.text) in known] == []


def test_no_held_out_message_is_nearly_one_that_is_trained_on() -> None:
    known = sorted({same(e.text) for e in trained_on() if len(same(e.text)) >= _LONG_ENOUGH}, key=len)
    by_length: dict[int, list[str]] = {}
    for text in known:
        by_length.setdefault(len(text), []).append(text)
    found = []
    for example in held_out():
        text = same(example.text)
        if len(text) < _LONG_ENOUGH:
            continue
        matcher = SequenceMatcher(None, "", text, autojunk=False)
        for length in range(int(len(text) * 0.8), int(len(text) * 1.25) + 1):
            for other in by_length.get(length, ()):
                matcher.set_seq1(other)
                if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _NEARLY <= matcher.ratio():
                    found.append((example.text, other))
    assert found == []


def test_every_intent_that_is_trained_is_examined_in_thai_and_english() -> None:
    count = Counter((example.group, example.intent) for example in held_out())
    intents = {example.intent for example in trained_on()}
    assert {intent for _, intent in count} == intents
    few = {
        (group, intent): count[group, intent]
        for group in ("thai", "english")
        for intent in intents
        if count[group, intent] < 12
    }
    assert few == {}


@pytest.mark.parametrize("messages", [trained_on, held_out], ids=["data/nlu", "tests/nlu"])
def test_no_message_has_two_intents(messages: object) -> None:
    meant: dict[str, set[str]] = {}
    for example in messages():  # type: ignore[operator]
        meant.setdefault(" ".join(example.text.casefold().split()), set()).add(example.intent)
    assert {text: intents for text, intents in meant.items() if len(intents) > 1} == {}


@pytest.mark.parametrize("messages", [trained_on, held_out], ids=["data/nlu", "tests/nlu"])
def test_no_annotation_holds_unit_words_or_ends_inside_a_space(messages: object) -> None:
    wrong = [
        (example.text, kind, example.text[start:end])
        for example in messages()  # type: ignore[operator]
        for kind, start, end in example.spans
        if not _is_value(kind, example.text[start:end])
    ]
    assert wrong == []


def _is_value(kind: str, value: str) -> bool:
    if kind == "order_number":
        return bool(re.fullmatch(r"(?i)(?:#?tl-?|#)\d+", value))
    return value == value.strip() and not re.match(r"(?i)ไซส์|ไซซ์|เบอร์|สี(?!่)|size\b|colou?r\b", value)


def test_nearly_all_annotations_begin_and_end_with_a_word() -> None:
    """Others cannot be learnt or found: the tokenizer would have to cut these words in another way."""
    off = []
    for example in [*trained_on(), *held_out()]:
        tokens = TOKENIZER.tokenize(Message({"text": example.text}), "text") if example.spans else []
        starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
        off += [example.text for _, start, end in example.spans if start not in starts or end not in ends]
    assert len(off) <= 8, off


def test_rasas_own_validation_finds_nothing_that_is_not_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two things are meant: actions say most responses (tests/rasa/test_yaml.py), and taps have no examples."""
    monkeypatch.chdir(ROOT)
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    validator = Validator.from_importer(importer)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert validator.verify_intents(ignore_warnings=True)
        assert validator.verify_example_repetition_in_intents(ignore_warnings=False)
        assert validator.verify_utterances_in_stories(ignore_warnings=True)
        assert validator.verify_forms_in_stories_rules()
        assert validator.verify_actions_in_stories_rules()
        assert validator.verify_story_structure(ignore_warnings=False)
    meant = re.compile(
        r"The utterance '\w+' is not used in any story or rule\."
        r"|The intent '(\w+)' is listed in the domain file, but is not found in the NLU training data\."
    )
    found = [str(one.message) for one in said if one.category is UserWarning]
    assert [text for text in found if not meant.fullmatch(text)] == []
    only_tapped = {match[1] for text in found if (match := meant.fullmatch(text)) and match[1]}
    assert not only_tapped & {example.intent for example in trained_on()}
