"""What trainers taught becomes training data that Rasa reads as it was meant, whatever customers have typed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shop.models import Utterance
from training import files, taught
from training.files import Example

pytestmark = pytest.mark.usefixtures("checkout")

ODD = (
    "- แดง [XL] | 2",
    "{a: b} # not a comment",
    "'quoted' \"twice\" \\ back",
    "👨‍👩‍👧 ครอบครัว 🎉",
    "ราคา: 100%?",
    "| > & * ! @ `",
    "[link](http://x) (product)",
    "บรรทัด\nใหม่\tค่ะ",
    "/restart{x}",
    r"\u0e01 \x",
    "null",
    "--- ...",
)


def examples(*given: tuple[str, str]) -> list[Example]:
    return [Example(text, intent) for text, intent in given]


@pytest.mark.parametrize("text", ODD)
def test_whatever_was_typed_is_one_example_of_its_intent(text: str) -> None:
    lesson = taught.lesson([Example(text, "buy_now", (("size", 1, 3),)), Example("อีกอันค่ะ", "greet")])
    found = yaml.safe_load(lesson.text)["nlu"]
    assert [block["intent"] for block in found] == ["buy_now", "greet"]
    assert [block["examples"].count("\n") for block in found] == [1, 1]
    [one] = [example for example in taught.examples_in(lesson.text) if example.intent == "buy_now"]
    assert one == files.tidied(Example(text, "buy_now", (("size", 1, 3),)))


def test_marks_stand_as_rasa_reads_them() -> None:
    utterance = Utterance(
        taught_text="เอาดำ M 1",
        taught_intent="buy_now",
        taught_entities=[
            {"entity": "colour", "start": 3, "end": 5},
            {"entity": "size", "start": 6, "end": 7},
            {"entity": "quantity", "start": 8, "end": 9},
        ],
    )
    lesson = taught.lesson(taught.examples_of([utterance]))
    assert "    - เอา[ดำ](colour) [M](size) [1](quantity)\n" in lesson.text


def test_what_stands_in_the_files_or_is_in_the_exam_is_left_out() -> None:
    lesson = taught.lesson(examples(("สวัสดีค่ะ", "greet"), ("Hello there, shop!", "greet"), ("CF", "buy_now")))
    assert (lesson.text, lesson.count, lesson.instead) == ("", 0, {})


def test_where_a_file_says_something_else_the_trainer_counts(checkout: Path, tmp_path: Path) -> None:
    lesson = taught.lesson(examples(("cf", "greet")))
    assert (lesson.count, "- intent: greet" in lesson.text) == (1, True)
    read = taught.write(lesson, "talad-1", tmp_path)
    assert checkout / "data/nlu/smalltalk.yml" not in read and checkout / "data/rules/cart.yml" in read
    instead = tmp_path / "nlu/lessons/talad-1/instead-0.yml"
    assert instead in read and tmp_path / "nlu/lessons/talad-1/taught.yml" in read
    there = (checkout / "data/nlu/smalltalk.yml").read_text()
    assert instead.read_text() == there.replace("    - cf\n", "")
    assert "    - cf\n" in there  # the file itself stays
    taught.write(taught.lesson([]), "talad-2", tmp_path)  # another training at the same time
    assert all(file.exists() for file in read)


def test_of_two_that_contradict_each_other_the_newer_counts() -> None:
    lesson = taught.lesson(examples(("ยังไงก็ได้", "greet"), ("ยังไงก็ได้", "buy_now")))
    assert [(one.text, one.intent) for one in taught.examples_in(lesson.text)] == [("ยังไงก็ได้", "buy_now")]


def test_a_lesson_says_the_same_whenever_it_was_taught_and_is_the_same_when_read_again() -> None:
    given = [Example(text, "buy_now") for text in ODD] + examples(("cf", "greet"))
    lesson = taught.lesson(given)
    assert taught.lesson(given[::-1]) == lesson
    assert taught.lesson(taught.examples_in(lesson.text)) == lesson


def test_without_a_lesson_the_files_are_read_as_they_are(checkout: Path, tmp_path: Path) -> None:
    assert taught.write(taught.lesson([]), "talad-1", tmp_path) == [checkout / "data"]
    (tmp_path / "nlu/catalogue.yml").write_text("names")
    assert taught.write(taught.lesson([]), "talad-1", tmp_path) == [
        checkout / "data",
        tmp_path / "nlu/catalogue.yml",
    ]
