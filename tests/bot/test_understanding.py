"""The two parts of the pipeline that are ours, trained on a few examples: what they find, and that training repeats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.message import Message

from bot.lookups import Lookups
from bot.tokenizer import ThaiEnglishTokenizer
from bot.understanding import LONGEST_CLASSIFIED, Understanding, loaded

CONFIG = """
recipe: default.v1
language: th
pipeline:
- name: bot.tokenizer.ThaiEnglishTokenizer
- name: bot.intents.WordsAndLettersClassifier
- name: bot.entities.WordFieldExtractor
"""
NLU = """
version: "3.1"
nlu:
- intent: buy
  examples: |
    - เอา[เสื้อ](product) [2](quantity) ตัวค่ะ
    - เอา[หมวก](product) [1](quantity) ใบ
    - ขอ[แก้ว](product) [3](quantity) ใบครับ
    - เอา[กระเป๋า](product)สี[ดำ](colour)
    - i want [2](quantity) [mugs](product)
    - give me the [hat](product)
- intent: greet
  examples: |
    - สวัสดีค่ะ
    - สวัสดีครับ
    - hello
    - hi there
- intent: out_of_scope
  examples: |
    - ฝนตกหนัก
    - ใครเป็นนายก
    - what is the capital of france
- lookup: product
  examples: |
    - เสื้อ
    - หมวก
    - แก้ว
    - กระเป๋า
    - ปลาร้า
    - mugs
    - hat
"""


def _trained(folder: Path, nlu: str = NLU) -> Path:
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "nlu.yml").write_text(nlu, encoding="utf-8")
    model = train_nlu(
        str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="model"
    )
    assert model
    return Path(model)


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    with loaded(_trained(tmp_path_factory.mktemp("model"))) as found:
        yield found  # type: ignore[misc]


def _entities(understanding: Understanding, text: str) -> list[tuple[str, str]]:
    found = understanding.of(text)["entities"]
    assert all(text[one["start"] : one["end"]] == one["value"] for one in found)
    return [(one["entity"], one["value"]) for one in found]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("สวัสดีค่าาา", "greet"), ("helloooo", "greet"), ("เอาเสื้อ 5 ตัว", "buy"), ("I WANT MUGS", "buy")],
)
def test_intents_are_told_by_words_and_letters(understanding: Understanding, text: str, intent: str) -> None:
    found = understanding.of(text)
    assert found["intent"]["name"] == intent
    shares = [one["confidence"] for one in found["intent_ranking"]]
    assert shares == sorted(shares, reverse=True)
    assert found["intent"] == found["intent_ranking"][0]


def test_words_that_nobody_has_used_are_rather_foreign(understanding: Understanding) -> None:
    ranking = {one["name"]: one["confidence"] for one in understanding.of("กบเขียดคางคก")["intent_ranking"]}
    assert ranking["out_of_scope"] > ranking["greet"]


def test_a_name_of_the_lookup_is_found_though_no_example_has_it(understanding: Understanding) -> None:
    assert _entities(understanding, "เอาปลาร้า 2 ตัว") == [("product", "ปลาร้า"), ("quantity", "2")]


@pytest.mark.parametrize("text", ["", "   ", "👍", "/buy{}", "\ud83d", "ก" * 5000, "\u200b"])
def test_no_text_is_too_strange(understanding: Understanding, text: str) -> None:
    found = understanding.of(text)
    assert all(one["end"] <= LONGEST_CLASSIFIED for one in found["entities"])


def test_the_same_examples_give_the_same_answers(understanding: Understanding, tmp_path: Path) -> None:
    texts = ["สวัสดี", "เอาแก้ว 3 ใบ", "hi hat", "ฝนตกไหม"]
    with loaded(_trained(tmp_path)) as again:
        assert json.dumps([again.of(text) for text in texts]) == json.dumps(
            [understanding.of(text) for text in texts]
        )


def test_examples_without_entities_train_as_well(tmp_path: Path) -> None:
    nlu = 'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - hello\n- intent: b\n  examples: |\n    - bye\n'
    with loaded(_trained(tmp_path, nlu)) as found:
        assert (found.of("bye")["intent"]["name"], found.of("hello")["intent"]["name"]) == ("b", "a")
        assert found.of("hello")["entities"] == []


TOKENIZER = ThaiEnglishTokenizer(ThaiEnglishTokenizer.get_default_config())


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("ราชาชา", [[], ["tea"]]),
        ("tote bag please", [["bag"], ["bag+"], []]),
        ("TOTE BAG", [["bag"], ["bag+"]]),
        ("order TL-123", [[], ["~number"]]),
    ],
)
def test_names_are_found_only_as_whole_words(text: str, marks: list[list[str]]) -> None:
    lookups = Lookups({"tea": ["ชา"], "bag": ["bag", "tote bag"]}, {"number": r"TL-\d+"})
    found = lookups.marks(text, TOKENIZER.tokenize(Message({"text": text}), "text"))
    assert [sorted(some) for some in found] == marks
