"""Where a text may be cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.messenger.text import length, shorten, split

FAMILY = "👨‍👩‍👧‍👦"
WORDS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="กขคงนำ่้ีเแไ ็์ๆ ", max_size=60),
    st.lists(st.sampled_from([FAMILY, "🇹🇭", "👍🏽", "é", " ", "\n", ".", "a"]), max_size=30).map("".join),
)
TEXTS = st.lists(WORDS, max_size=6).map("\n\n".join)


def packed(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(TEXTS, st.integers(2, 60))
def test_pieces_fit_and_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < length(piece) <= limit and piece.strip() for piece in pieces)
    assert packed("".join(pieces)) == packed(text)


@settings(deadline=None)
@given(TEXTS, st.integers(8, 60))
def test_a_shortened_text_fits_and_is_the_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert length(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_paragraph_is_a_better_end_than_a_line_a_sentence_or_a_word() -> None:
    assert split("one two.\n\nthree\nfour. five six", 22) == ["one two.\n\nthree", "four. five six"]
    assert split("one two three.\n\nfour\nfive six", 22) == ["one two three.", "four\nfive six"]
    assert split("one two. three four five", 16) == ["one two.", "three four five"]
    assert split("one two three four", 9) == ["one two", "three", "four"]


def test_thai_is_cut_at_a_space_if_there_is_one() -> None:
    assert split("รับเสื้อสีขาว ไซส์เอ็มหนึ่งตัวค่ะ", 24) == ["รับเสื้อสีขาว", "ไซส์เอ็มหนึ่งตัวค่ะ"]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("น้ำน้ำ", 4, ["น้ำ", "น้ำ"]),
        ("กำลังดี", 6, ["กำลัง", "ดี"]),
        ("กกเด็ก", 3, ["กก", "เด็", "ก"]),
        (FAMILY * 2, length(FAMILY) + 3, [FAMILY, FAMILY]),
        ("🇹🇭🇹🇭", 5, ["🇹🇭", "🇹🇭"]),
        ("e\u0301" * 2, 3, ["e\u0301", "e\u0301"]),
    ],
)
def test_a_cut_never_breaks_what_people_see_as_one_sign(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces


def test_one_sign_larger_than_the_limit_is_still_sent() -> None:
    towering = "ก" + "้" * 50
    assert "".join(split(towering, 20)) == towering


def test_an_emoji_counts_two_because_meta_may_count_so() -> None:
    assert length("🙏") == 2
    assert len(split("🙏" * 20, 19)) == 3


def test_blank_text_has_no_pieces() -> None:
    assert split(" \n ", 10) == []
    assert split("", 10) == []


def test_shortening_prefers_the_end_of_a_word_that_is_near() -> None:
    assert shorten("Show all my orders please", 20) == "Show all my orders…"
    assert shorten("เสื้อยืดคอกลมสีขาวไซส์ใหญ่", 20) == "เสื้อยืดคอกลมสีขาว…"
    assert shorten("ก กกกกกกกกกกกกกกกกกกกกกก", 10) == "ก กกกกกกก…"
