"""What `rasa data validate` lets through: duplicates, missing languages, words nobody says, intents nobody answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from shop.carts import ChangeKind
from shop.notices import NoticeKind
from training.model import ROOT

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
TOPICS = [
    yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "domain").glob("*.yml"))
]
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations for topic in TOPICS for name, variations in topic["responses"].items()
}
RULES = [
    rule
    for file in sorted((ROOT / "data/rules").glob("*.yml"))
    for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
]
SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "actions").glob("*.py"))
_PLACE = re.compile(r"{(\w+)}")
_ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]


def test_nothing_is_declared_twice() -> None:
    names = Counter(name for topic in TOPICS for name in topic["responses"])
    names.update(DOMAIN["intents"])
    names.update(rule["rule"] for rule in RULES)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("name", RESPONSES)
def test_each_response_is_there_in_both_languages_with_the_same_values_and_taps(name: str) -> None:
    thai, english = RESPONSES[name]
    assert "condition" not in thai
    assert english["condition"] == _ENGLISH
    assert set(_PLACE.findall(thai["text"])) == set(_PLACE.findall(english["text"]))
    payloads = [
        [button["payload"] for button in variation.get("buttons", [])] for variation in (thai, english)
    ]
    assert payloads[0] == payloads[1]
    assert re.search("[ก-๙]", thai["text"])
    assert not re.search("[ก-๙]", english["text"])


@pytest.mark.parametrize("name", RESPONSES)
def test_each_response_is_said_somewhere(name: str) -> None:
    by_intent = {f"utter_{intent}" for intent in _small_talk() | {"affirm"}}
    by_notice = {f"utter_{kind}" for kind in NoticeKind} | {f"utter_cart_{kind}" for kind in ChangeKind}
    asked = {f"utter_ask_{slot}" for form in DOMAIN["forms"].values() for slot in form["required_slots"]}
    refused = {
        *(f"utter_bad_recipient_{reason}" for reason in ("short", "long", "letters")),
        *(f"utter_bad_address_{reason}" for reason in ("short", "long", "number", "not_shipped")),
        "utter_bad_phone_number",
    }
    assert name in by_intent | by_notice | asked | refused or f'"{name}"' in SOURCES


def test_each_response_that_is_said_is_there() -> None:
    said = set(re.findall(r'"(utter_\w+)"', SOURCES)) | {f"utter_{intent}" for intent in _small_talk()}
    assert said - set(RESPONSES) == set()


def test_each_intent_is_answered() -> None:
    answered = {intent for rule in RULES for intent in _intents(rule)}
    assert set(DOMAIN["intents"]) | {"nlu_fallback"} == answered


def test_each_tap_of_a_response_means_an_intent() -> None:
    taps = {
        button["payload"].removeprefix("/")
        for variations in RESPONSES.values()
        for variation in variations
        for button in variation.get("buttons", [])
    }
    assert taps <= set(DOMAIN["intents"])


def _small_talk() -> set[str]:
    return {
        intent
        for rule in RULES
        for intent in _intents(rule)
        if any(step.get("action") == "action_small_talk" for step in rule["steps"])
    }


def _intents(rule: dict[str, Any]) -> set[str]:
    steps = [inner for step in rule["steps"] for inner in step.get("or", [step])]
    return {step["intent"] for step in steps if "intent" in step}
