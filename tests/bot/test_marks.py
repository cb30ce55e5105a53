"""The figures of an examination, on answers that can be counted by hand."""

from __future__ import annotations

import pytest

from bot import exam, gate, marks, report
from bot.marks import Answer


def answered(intent: str, found: str, spans: str = "", found_spans: str = "", group: str = "thai") -> Answer:
    return Answer("", group, intent, _spans(spans), marks.decided(found), 0.5, _spans(found_spans))


def _spans(kinds: str) -> frozenset[marks.Span]:
    return frozenset((kind, place, place + 1) for place, kind in enumerate(kinds.split()))


ANSWERS = [
    answered("greet", "greet"),
    answered("greet", "nlu_fallback"),
    answered("buy", "buy", "product quantity", "product"),
    answered("buy", "greet", "product", "colour", group="english"),
    answered("out_of_scope", "nlu_fallback"),
    answered("out_of_scope", "out_of_scope", group="english"),
    answered("out_of_scope", "buy"),
]


def test_what_the_model_gives_back_counts_as_out_of_scope() -> None:
    assert marks.scores(ANSWERS)["out_of_scope"]["all"] == {
        "recall": pytest.approx(2 / 3),
        "false_accepts": pytest.approx(1 / 3),
        "false_rejects": pytest.approx(1 / 4),
    }


def test_each_intent_weighs_the_same() -> None:
    shares = marks.by_intent(ANSWERS)
    assert (shares["greet"].precision, shares["greet"].recall) == (0.5, 0.5)
    assert shares["buy"].f1 == 0.5
    assert shares["out_of_scope"].f1 == pytest.approx(2 / 3)
    assert marks.scores(ANSWERS)["intent_macro_f1"]["all"] == pytest.approx((0.5 + 0.5 + 2 / 3) / 3)


def test_an_entity_is_right_when_kind_and_place_are() -> None:
    found = marks.scores(ANSWERS)
    assert found["entities"]["product"]["f1"] == pytest.approx(2 / 3)
    assert found["entity_f1"] == {"all": 0.4, "thai": pytest.approx(2 / 3), "english": 0.0}


def test_right_is_right_in_all() -> None:
    assert [answer.is_right for answer in ANSWERS[:3]] == [True, False, False]


def test_confusion_counts_each_pair() -> None:
    assert marks.confusion(ANSWERS)["greet", "out_of_scope"] == 1
    assert sum(marks.confusion(ANSWERS).values()) == len(ANSWERS)


def test_the_gate_names_each_figure_that_fell() -> None:
    scores = marks.scores(ANSWERS)
    recorded = gate.record(scores)
    assert gate.fallen(scores, recorded) == []
    assert gate.fallen(scores, {**recorded, "intents thai": recorded["intents thai"] + 0.009}) == []
    higher = {**recorded, "intents thai": 0.99, "entity size": 0.5}
    assert [line.split(":")[0] for line in gate.fallen(scores, higher)] == ["intents thai", "entity size"]


def test_the_report_shows_mistakes_escaped_and_the_matrix() -> None:
    wrong = Answer("<b>hi", "thai", "greet", _spans(""), "buy", 0.9, _spans(""))
    found = exam.result([*ANSWERS, wrong], [0.001] * (len(ANSWERS) + 1))
    picture = report.confusion_picture(found["answers"])
    assert picture.startswith(b"\x89PNG")
    page = report.page(found, picture)
    assert "&lt;b&gt;hi" in page
    assert "<b>hi" not in page
    assert report.mistakes(found["answers"])[0]["text"] == "<b>hi"
