"""Brings the many ways in which one thing is typed to one spelling, for telling what a message wants. What is written
here is never shown, and places in it are not those of the text as typed.
"""

from __future__ import annotations

import re
import unicodedata

# Zero-width characters, joiners and direction marks that keyboards and copied texts leave behind.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff\u00ad]")
# Held-down letters ("มากกกก", "hiiii") and vowels or tone marks typed twice, which look like one.
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}|([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\2+")
_LAUGH = re.compile(r"(?<!\d)5{3,}\+?(?!\d)")
_ORDER = re.compile(r"#?\btl-?\s?\d{3,}|#\s?\d{3,}")
_DIGITS = re.compile(r"\d+")

_ENDING = re.compile(
    r"[\s~^!.,]*(?:(?:นะ|น้า|น่ะ)?(?:คะ|ค่ะ|ค๊ะ|คับ|ครับ|ค้าบ|คร้าบ|คร๊าบ|ค่า|ค้า|คร่า|จ้า|จ้ะ|จ๊ะ|จ๋า|ฮะ|งับ|ผม|พี่|อ่ะ|อะ|เนี่ย|หรอ)"
    r"|\b(?:na|k+a+|krub|krap|krab|kh+a+|ja+|please|pls)\b)[\s~^!.,]*"
)


def plain(text: str) -> str:
    """The text in one spelling: small letters, Thai digits as others, เเ as แ, no letter held down.

    Numbers keep only how long they are ("2" and "9" ask for the same), an order's number becomes one sign.
    """
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    # NFKC takes ำ apart; keyboards do so too, and write แ as two เ.
    text = text.replace("\u0e4d\u0e32", "ำ").replace("เเ", "แ")
    text = _HELD_DOWN.sub(lambda held: held[1] or held[2], text)
    text = _ORDER.sub(" #order ", _LAUGH.sub(" hahaha ", text))
    return _DIGITS.sub(lambda number: "0" * min(len(number[0]), 4), text).strip()


def bare(text: str) -> str:
    """A plain text without its polite endings ("ครับ", "นะคะ", "na ka"); all of it if there is nothing else."""
    return _ENDING.sub(" ", text).strip() or text
