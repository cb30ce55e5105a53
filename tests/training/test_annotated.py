"""Messages with their marks, as one line and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import BadInput
from training import annotated

KINDS = ("colour", "size")


def mark(entity, start, end):
    return {"entity": entity, "start": start, "end": end}


def test_a_line_is_read_as_its_text_and_the_places_of_its_marks():
    text, entities = annotated.read("เอาสี[ดำ](colour) ไซส์ [M](size) ค่ะ", KINDS)
    assert text == "เอาสีดำ ไซส์ M ค่ะ"
    assert [(text[one["start"] : one["end"]], one["entity"]) for one in entities] == [
        ("ดำ", "colour"),
        ("M", "size"),
    ]


def test_emoji_count_as_one_character():
    text, entities = annotated.read("🖤🖤 [ดำ](colour)", KINDS)
    assert entities == [mark("colour", 3, 5)] and text[3:5] == "ดำ"


def test_what_a_customer_puts_in_brackets_is_no_mark():
    assert annotated.written("เอา [ดำ](colour)", []) == "เอา (ดำ)(colour)"
    assert annotated.written("[ดำ]", [mark("colour", 1, 3)]) == "([ดำ](colour))"


def test_white_space_is_one_space_and_outside_of_marks():
    assert annotated.read("  เอา\n\n[ ดำ ](colour)ค่ะ ", KINDS) == ("เอา ดำ ค่ะ", [mark("colour", 4, 6)])
    assert annotated.read("[ ดำ ](colour)", KINDS) == ("ดำ", [mark("colour", 0, 2)])


@pytest.mark.parametrize("line", ["เอา[ดำ", "ดำ]", "[ดำ]", "[ดำ] (colour)", "[[ดำ](colour)", "[ ](colour)"])
def test_a_bracket_that_belongs_to_no_mark_is_refused(line):
    with pytest.raises(BadInput, match="text: brackets"):
        annotated.read(line, KINDS)


@pytest.mark.parametrize("kind", ["color", "", "cause", "colour:black"])
def test_a_mark_of_something_that_there_is_not_is_refused(kind):
    with pytest.raises(BadInput, match="text: kind"):
        annotated.read(f"เอา[ดำ]({kind})", KINDS)


def test_marks_that_overlap_or_lie_outside_are_left_out():
    marks = [mark("colour", 0, 4), mark("size", 2, 6), mark("size", 9, 12), mark("size", 5, 5)]
    assert annotated.written("abcdefg", marks) == "[abcd](colour)efg"


@given(st.text("ก็ำ ab[](){}🖤-", min_size=1, max_size=30), st.data())
def test_whatever_is_written_is_read_back(typed, data):
    text = " ".join(typed.translate(str.maketrans("[]", "()")).split())
    words = [found.span() for found in re.finditer(r"\S+", text)]
    chosen = data.draw(st.lists(st.sampled_from(words), unique=True)) if words else []
    marks = [mark(data.draw(st.sampled_from(KINDS)), *span) for span in sorted(chosen)]
    assert annotated.read(annotated.written(text, marks), KINDS) == (text, marks)


def test_rasa_reads_the_same_marks():
    """Its own pattern (rasa.shared.nlu.training_data.entities_parser) finds what was marked, and nothing else."""
    rasa = re.compile(
        r"\[(?P<text>[^\]]+?)\](\((?P<entity>[^:)]+?)(?:\:(?P<value>[^)]+))?\)|\{([^}]+?)\}|\[(.*?)\])"
    )
    line = annotated.written('[a]{"entity": "x"} [b][c] (d) ดำ', [mark("colour", 30, 32)])
    assert [(one["text"], one["entity"]) for one in rasa.finditer(line)] == [("ดำ", "colour")]
