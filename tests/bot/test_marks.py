"""The figures of an examination, on answers that can be counted by hand."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from bot import comparison, exam, gate, marks, report
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


def test_against_another_model_single_intents_count_where_there_are_enough_messages() -> None:
    many = [answered("greet", "greet")] * 30 + [answered("buy", "buy")] * 30 + [answered("deny", "deny")] * 5
    before = marks.scores(many)
    assert gate.worse(before, before) == []
    three = marks.scores([answered("greet", "deny")] * 3 + many[3:])  # F1 0.947
    assert [line.split(":")[0] for line in gate.worse(three, before) if "intent " in line] == ["intent greet"]
    two = marks.scores([answered("greet", "nlu_fallback")] * 2 + many[2:])  # F1 0.966
    assert not [line for line in gate.worse(two, before) if line.startswith("intent ")]
    few = marks.scores([*many[:-3], *[answered("deny", "nlu_fallback")] * 3])
    assert not [line for line in gate.worse(few, before) if line.startswith("intent ")]
    assert "intents thai: 0.857, before 1.000" in gate.worse(few, before)


def test_of_few_entities_two_may_be_missed() -> None:
    def missed(number: int) -> dict[str, object]:
        found = ["size"] * (40 - number) + [""] * number
        return marks.scores([answered("buy", "buy", "size", kinds) for kinds in found])

    def worse(number: int) -> list[str]:
        return [line.split(":")[0] for line in gate.worse(missed(number), missed(0))]

    assert (worse(2), worse(5)) == (["entities"], ["entity size", "entities"])


def test_what_is_understood_otherwise_says_whether_it_is_better() -> None:
    def examined(*founds: tuple[str, str]) -> dict[str, object]:
        answers = [
            Answer(text, "thai", "buy", _spans("product"), marks.decided(found), 0.5, _spans(kinds))
            for text, (found, kinds) in zip("abcde", founds, strict=True)
        ]
        return exam.result(answers, [0.001] * len(answers))

    right = ("buy", "product")
    before = examined(right, ("greet", ""), right, ("greet", "product"), ("deny", ""))
    after = examined(("greet", "product"), right, right, ("buy", ""), ("thank", ""))
    found = comparison.changed(before, after)
    assert [(one["text"], one["better"]) for one in found] == [
        ("a", False),
        ("b", True),
        ("d", True),
        ("e", None),
    ]
    assert (found[0]["meant"], found[0]["before"], found[0]["after"]) == ("buy", "buy", "greet")
    assert (found[2]["before_entities"], found[2]["after_entities"]) == (["product d"], [])
    assert comparison.changed(before, before) == []


def test_a_full_disk_leaves_the_result_of_before_and_nothing_that_is_cut_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = tmp_path / "result.json"
    exam._write(result, {"scores": 1})

    def half(file: Path, text: str, encoding: str) -> None:
        file.write_bytes(text.encode(encoding)[: len(text) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space"):
        exam._write(result, {"scores": 2})

    assert json.loads(result.read_bytes()) == {"scores": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]
