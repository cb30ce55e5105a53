"""Taught examples in the files of data/nlu: what stood there stays, and what is new is exactly what was taught."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.machine import ROOT
from training import additions, files
from training.additions import Planned, Why
from training.files import BadFile, Example

CART = """\
version: "3.1"

# Choosing something.
nlu:
- intent: buy_now   # wants it
  examples: |
    - เอาเลยค่ะ
    - เอา[เสื้อ](product)สี[ดำ](colour)
    - gimme [navy](colour:blue)

# What has been chosen.
- intent: view_cart
  examples: |
    - ดูตะกร้า

- lookup: product
  examples: |
    - เสื้อ
"""
TALK = """\
nlu:
  - intent: greet
    examples: |
        -สวัสดี
        -hello
"""
FILES = {"data/nlu/cart.yml": CART, "data/nlu/talk.yml": TALK}


def put_in(*taught: Example, held_out: tuple[str, ...] = ()) -> Planned:
    exam = [files.Standing(Example(text, "greet"), "tests/nlu/thai.yml", 7) for text in held_out]
    return additions.put_in(FILES, exam, taught)


def test_each_goes_to_the_end_of_the_list_of_its_intent_and_all_else_stays() -> None:
    planned = put_in(
        Example("รับสีชมพูค่ะ", "buy_now", (("colour", 5, 9),)),
        Example("โย่ว", "greet"),
        Example("มีไรในตะกร้า", "view_cart"),
    )
    cart = CART.replace(
        "    - gimme [navy](colour:blue)\n", "    - gimme [navy](colour:blue)\n    - รับสี[ชมพู](colour)ค่ะ\n"
    ).replace("    - ดูตะกร้า\n", "    - ดูตะกร้า\n    - มีไรในตะกร้า\n")
    assert planned.after == {"data/nlu/cart.yml": cart, "data/nlu/talk.yml": TALK + "        -โย่ว\n"}
    assert len(planned.added) == 3
    assert not planned.conflicts


def test_the_difference_is_what_a_person_would_write() -> None:
    assert put_in(Example("โย่ว", "greet")).diff() == (
        "--- a/data/nlu/talk.yml\n"
        "+++ b/data/nlu/talk.yml\n"
        "@@ -3,3 +3,4 @@\n"
        "     examples: |\n"
        "         -สวัสดี\n"
        "         -hello\n"
        "+        -โย่ว\n"
    )


@pytest.mark.parametrize("text", ["เอาเลยค่ะ", "HELLO", "  hello "])
def test_what_stands_there_is_not_put_in_again(text: str) -> None:
    planned = put_in(Example(text, "buy_now" if "เอา" in text else "greet"))
    assert (planned.after, planned.standing, planned.conflicts) == ({}, 1, [])


def test_what_was_taught_twice_is_put_in_once() -> None:
    assert len(put_in(Example("โย่ว", "greet"), Example("โย่ว ", "greet")).added) == 1


def test_what_stands_under_another_intent_is_told_with_its_line() -> None:
    [conflict] = put_in(Example("ดูตะกร้า", "buy_now")).conflicts
    assert conflict.why is Why.OTHER_INTENT
    assert conflict.standing == files.Standing(Example("ดูตะกร้า", "view_cart"), "data/nlu/cart.yml", 14)


def test_two_that_were_taught_with_different_meanings_are_told() -> None:
    planned = put_in(Example("โย่ว", "greet"), Example("โย่ว", "view_cart"))
    assert [conflict.why for conflict in planned.conflicts] == [Why.OTHER_INTENT]
    assert planned.added == [Example("โย่ว", "greet")]


def test_other_marks_on_the_same_words_are_told() -> None:
    [conflict] = put_in(Example("เอาเสื้อสีดำ", "buy_now", (("colour", 10, 12),))).conflicts
    assert (conflict.why, conflict.standing and conflict.standing.line) == (Why.OTHER_MARKS, 8)


@pytest.mark.parametrize("text", ["หวัดดีตอนเช้า", "หวัดดีตอนเช้าค่า", "หวัดดีตอนเช้า!!!"])
def test_what_the_bot_is_examined_with_is_not_taught_not_even_nearly(text: str) -> None:
    planned = put_in(Example(text, "greet"), held_out=("หวัดดีตอนเช้าค่ะ",))
    assert [(one.why, one.standing and one.standing.path) for one in planned.conflicts] == [
        (Why.HELD_OUT, "tests/nlu/thai.yml")
    ]
    assert planned.after == {}


def test_an_intent_without_a_list_is_told() -> None:
    assert [one.why for one in put_in(Example("ลาก่อน", "goodbye")).conflicts] == [Why.NO_LIST]


def test_an_empty_message_is_told() -> None:
    assert [one.why for one in put_in(Example(" \n\x00 ", "greet")).conflicts] == [Why.NOT_WRITABLE]


def test_a_typed_number_of_a_sign_is_told_where_rasa_would_take_it_for_the_sign() -> None:
    ascii_only = {"data/nlu/a.yml": "nlu:\n- intent: greet\n  examples: |\n    - hi\n"}
    planned = additions.put_in(ascii_only, [], [Example(r"see \u0041", "greet")])
    assert [one.why for one in planned.conflicts] == [Why.NOT_WRITABLE]
    assert not put_in(Example(r"see \u0041", "greet")).conflicts


def test_the_longest_of_several_lists_takes_the_new_ones() -> None:
    two = {"data/nlu/a.yml": TALK.replace("        -hello\n", ""), "data/nlu/b.yml": TALK}
    assert [*additions.put_in(two, [], [Example("โย่ว", "greet")]).after] == ["data/nlu/b.yml"]


def test_a_list_that_is_written_otherwise_is_read_but_takes_no_lines() -> None:
    other = {"data/nlu/a.yml": 'nlu:\n- intent: greet\n  examples:\n  - text: "โย่ว"\n    metadata: 1\n'}
    assert [one.example for one in files.standing(other)] == [Example("โย่ว", "greet")]
    assert [one.why for one in additions.put_in(other, [], [Example("hi", "greet")]).conflicts] == [
        Why.NO_LIST
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_line_ends_are_those_of_the_file(newline: str, end: str, tmp_path: Path) -> None:
    text = (TALK.rstrip() + end).replace("\n", newline)
    planned = additions.put_in(
        {"data/nlu/talk.yml": text}, [], [Example("โย่ว", "greet"), Example("yo", "greet")]
    )
    after = planned.after["data/nlu/talk.yml"]
    assert after == text.replace("-hello", f"-hello{newline}        -โย่ว{newline}        -yo")
    _apply(tmp_path, {"data/nlu/talk.yml": text}, planned)


def test_a_file_that_is_broken_is_named_with_its_line() -> None:
    with pytest.raises(BadFile) as refused:
        files.standing({"data/nlu/a.yml": "nlu:\n- intent: greet\n  examples: [\n"})
    assert (refused.value.path, refused.value.line) == ("data/nlu/a.yml", 4)


def test_the_repositorys_own_files_are_read_as_rasa_reads_them() -> None:
    """tests/bot reads them with Rasa; here the counts of lines are compared with what a search finds."""
    trained = files.texts(ROOT)
    marked = sum(
        len(re.findall(r"^    - ", block, re.MULTILINE))
        for text in trained.values()
        for block in re.split(r"^- ", text, flags=re.MULTILINE)
        if block.startswith("intent:")
    )
    found = files.standing(trained)
    assert len(found) == marked > 3000
    for one in found:
        line = trained[one.path].split("\n")[one.line - 1]
        assert files.read(line.removeprefix("    - "), one.example.intent) == one.example


# Letters as people type them, and those that mean something to YAML, to Rasa, to lines.
_TEXTS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("กขคงาิ่้ ab-#:|>&*!%@`\"'{}[]()\\\n\r\t\x85\u2028\ufeff\x00\x1b")
    ),
    max_size=40,
)


@st.composite
def _examples(draw: st.DrawFn) -> Example:
    text = draw(_TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    marks = [
        (draw(st.sampled_from(["product", "colour", "size"])), start, end)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        if text[start:end].strip()
    ]
    return Example(text, draw(st.sampled_from(["greet", "buy_now", "view_cart"])), tuple(marks))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    _write(folder, FILES)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@given(taught=st.lists(_examples(), max_size=8))
@settings(deadline=None)
def test_whatever_is_taught_the_files_hold_what_they_held_and_exactly_that(
    checkout: Path, taught: list[Example]
) -> None:
    planned = put_in(*taught)
    new = {**FILES, **planned.after}
    before = [one.example for one in files.standing(FILES)]
    now = [one.example for one in files.standing(new)]
    assert sorted(now, key=repr) == sorted([*before, *planned.added], key=repr)
    assert [one for one in now if one in before] == before
    assert len(taught) == len(planned.added) + planned.standing + len(planned.conflicts)
    assert {example.text for example in planned.added} <= {files.tidied(example).text for example in taught}
    lines = planned.diff().split("\n")
    assert [line for line in lines if line.startswith("-") and not line.startswith("--- ")] == []
    assert sum(line.startswith("+") and not line.startswith("+++ ") for line in lines) == len(planned.added)
    if planned.added:
        _git_apply(checkout, planned, "--check")


def test_git_and_rasa_take_what_was_taught(tmp_path: Path) -> None:
    """With all that is hostile at once; git is the real one, and so is Rasa's reader."""
    hostile = [
        "- x",
        "# no comment",
        "a: b",
        "| >",
        "[a](b)",
        "[a]{b}",
        "\\u0e01",
        "x\ny",
        "😀",
        "'\"",
        "{{ x }}",
        "%",
        "--- ",
    ]
    taught = [Example(text, "greet") for text in hostile] + [
        Example("เอา[ดำ]", "buy_now", (("colour", 3, 7),))
    ]
    planned = put_in(*taught)
    assert len(planned.added) == len(taught)
    _apply(tmp_path, FILES, planned)
    program = (
        "import json, sys; from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader as R\n"
        "ms = [m for f in sys.argv[1:] for m in R().read(f).intent_examples]\n"
        "print(json.dumps([[m.get('text'), m.get('intent'),"
        " [[e['entity'], e['start'], e['end']] for e in m.get('entities') or []]] for m in ms]))"
    )
    paths = [str(tmp_path / path) for path in sorted(FILES)]
    done = subprocess.run(
        [ROOT / ".venv-bot/bin/python", "-W", "ignore", "-c", program, *paths],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    read = [
        Example(text, intent, tuple((*mark,) for mark in marks))
        for text, intent, marks in json.loads(done.stdout)
    ]
    assert read == [one.example for one in files.standing({**FILES, **planned.after})]


def _apply(folder: Path, before: dict[str, str], planned: Planned) -> None:
    _write(folder, before)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    _git_apply(folder, planned)
    for path, text in planned.after.items():
        assert (folder / path).read_bytes().decode() == text


def _write(folder: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def _git_apply(folder: Path, planned: Planned, *options: str) -> None:
    subprocess.run(["git", "apply", *options, "-"], cwd=folder, input=planned.diff().encode(), check=True)
