"""Which texts of customers count as the same, for those who teach the bot: those that the model reads alike.

Capital letters, white space, letters held down ("มากกกก"), Thai digits, which number it is, polite endings, and signs
and emoji at the ends make no difference; the model's own reading (bot/spelling.py) passes over most of these too.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_THAI = "\u0e01-\u0e5b"
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}|([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\2+")
_LAUGH = re.compile(r"(?<!\d)5{3,}\+?(?!\d)|(?<![^\W_])(?:ha){2,}h?(?![^\W_])")
_DIGITS = re.compile(r"\d+")
#: Spaces say nothing beside Thai letters: some write them, some do not.
_SPACES = re.compile(rf"(?<=[{_THAI}])\s+|\s+(?=[{_THAI}])")
_ENDING = re.compile(
    r"(?:(?:นะ|น้า|น่ะ|หน่อย)?(?:คะ|ค่ะ|ค๊ะ|คับ|ครับ|ครัช|ค้าบ|คร้าบ|คร๊าบ|ค่า|ค้า|คร่า|จ้า|จ้ะ|จ๊ะ|จ๋า|ฮะ|งับ)|นะ|น้า"
    r"|(?:^|(?<=[\W\d]))(?:na\s+)?(?:na|k+a+|krub|krap|krab|kub|kh+a+|ja+|please|pls|plz))$"
)


def key(text: str) -> str:
    """The same short text for texts that count as the same; "" for one in which nothing is said."""
    plain = _plain(text)
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=16).hexdigest() if plain else ""


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    # NFKC takes ำ apart; keyboards do so too, and write แ as two เ.
    text = text.replace("\u0e4d\u0e32", "ำ").replace("เเ", "แ")
    text = _HELD_DOWN.sub(lambda held: held[1] or held[2], text)
    text = _LAUGH.sub(" haha ", "".join(map(_digit, text)))
    text = _DIGITS.sub(lambda number: "0" * min(len(number[0]), 4), text)
    whole = " ".join(_SPACES.sub("", text).split())
    return _without_ends(whole) or _stripped(whole) or whole


def _digit(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character


def _without_ends(text: str) -> str:
    """Without signs and polite words at the ends, however many follow each other."""
    while True:
        shorter = _ENDING.sub("", _stripped(text))
        if shorter == text:
            return text
        text = shorter


def _stripped(text: str) -> str:
    start, end = 0, len(text)
    while start < end and not _says(text[start]):
        start += 1
    while start < end and not _says(text[end - 1]):
        end -= 1
    return text[start:end]


def _says(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and character not in "ฯๆ\ufe0e\ufe0f"
