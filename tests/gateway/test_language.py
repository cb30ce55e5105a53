"""In which language somebody is answered."""

from __future__ import annotations

import time

import pytest

from gateway.language import spoken


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("สวัสดีค่ะ", "th"),
        ("ขอดู iPhone case หน่อย", "th"),
        ("CF เสื้อ XL", "th"),
        ("hello ค่ะ", "th"),
        ("๑๒", "th"),
        ("Do you have this in blue?", "en"),
        ("price", "en"),
        ("ok thanks", "en"),
        ("", None),
        (None, None),
        ("   ", None),
        ("12", None),
        ("👍🏽", None),
        ("?", None),
        ("A", None),
        ("ok", None),
        ("OK, COD", None),
        ("XL", None),
        ("A-1042", None),
        ("TL0012", None),
        ("https://example.com/some-english-words", None),
        ("see https://example.com/สินค้า", "th"),
        ("你好", None),
        ("привет", None),
        ("@#$%", None),
    ],
)
def test_the_letters_of_a_stranger_tell(text: str | None, language: str | None) -> None:
    assert spoken(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Somsri Jaidee", None),
        ("99/1 Sukhumvit Road Bangkok 10110", None),
        ("hello", None),
        ("iphone case", None),
        ("how much is this", "en"),
        ("ราคาเท่าไหร่", "th"),
    ],
)
def test_a_thai_speaker_becomes_an_english_one_by_a_whole_sentence_only(
    text: str, language: str | None
) -> None:
    assert spoken(text, "th") == language


@pytest.mark.parametrize(
    ("text", "language"), [("hello", "en"), ("12", None), ("ครับ", "th"), ("Somsri Jaidee", "en")]
)
def test_an_english_speaker_becomes_a_thai_one_by_any_thai_letter(text: str, language: str | None) -> None:
    assert spoken(text, "en") == language


@pytest.mark.parametrize("sign", ["a", "1", "a1", " ", "a ", "://", "x://y ", ".", "\u200b"])
def test_the_time_grows_with_the_length_only(sign: str) -> None:
    started = time.process_time()
    for before in (None, "th"):
        spoken(sign * (500_000 // len(sign)), before)
    assert time.process_time() - started < 2
