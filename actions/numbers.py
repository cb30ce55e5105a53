"""Numbers as customers type them: 2, ๒, สอง, "two", "2 ตัวค่ะ"."""

from __future__ import annotations

import re

_WORDS = {
    "หนึ่ง": 1, "นึง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_THAI_WORD = re.compile("|".join(word for word in _WORDS if not word.isascii()))
_ENGLISH_WORD = re.compile(r"\b(?:" + "|".join(word for word in _WORDS if word.isascii()) + r")\b")
_DIGITS = re.compile(
    r"(?<![\d.,/-])\d{1,9}(?![\d.,/-]*\d)"
)  # not part of a date, a phone number or a decimal


def number_in(text: str) -> int | None:
    """The one whole number that `text` says; None if it says none, or several."""
    text = text.casefold()
    digits = {int(found) for found in _DIGITS.findall(text)}  # \d and int() know Thai digits
    words = {_WORDS[found] for found in (*_THAI_WORD.findall(text), *_ENGLISH_WORD.findall(text))}
    found = digits or words
    return found.pop() if len(found) == 1 else None
