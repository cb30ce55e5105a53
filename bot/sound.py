"""Roughly how a word sounds, so that Thai in Latin letters meets the same word in Thai: "khob khun", "kop kun" and
"ขอบคุณ" are one. Everybody romanises by ear; what ears disagree about (k and g, long and short, tones) is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANTS = {
    **dict.fromkeys("กขฃคฅฆ", "k"),
    **dict.fromkeys("จฉชฌ", "c"),
    **dict.fromkeys("ซศษส", "s"),
    **dict.fromkeys("ดตฎฏถทธฐฑฒ", "t"),
    **dict.fromkeys("บปผพภ", "p"),
    **dict.fromkeys("ฝฟ", "f"),
    **dict.fromkeys("นณ", "n"),
    **dict.fromkeys("รลฬ", "l"),
    **dict.fromkeys("ยญ", "i"),
    **dict.fromkeys("หฮ", "h"),
    **{"ง": "N", "ม": "m", "ว": "w", "อ": "o", "ฯ": ""},
}
_VOWELS = {
    **dict.fromkeys("าะั", "a"),
    **dict.fromkeys("ิี", "i"),
    **dict.fromkeys("ึืุู", "u"),
    **{"ำ": "am", "ๅ": "a", "ฤ": "lu"},
}
_HEARD = _CONSONANTS | _VOWELS
_UNHEARD = re.compile("[ก-ฮ][ิุ]?์|[็่้๊๋ํฺ๎ๆฯ]|ห(?=[งญนมยรลว])")
_FIRST = (
    # A vowel's silent carrier; it is written as a sign that stands with the consonants and is not heard.
    (re.compile("(?:^|(?<=[เแโไใ]))อ|อ(?=ย[^ก-ฮ])"), "ฯ"),
    (re.compile("(?<![เแโไใ])[จชซศษสฎฏ]$"), "ต"),
    (re.compile("(?<=ั)ญ|(?<![เแโไใ])[รลฬญณ]$"), "น"),
)
#: Vowels that are written before or around the consonant that they follow.
_AROUND = tuple(
    (re.compile(pattern), rf"\1{heard}")
    for pattern, heard in (
        ("เ([ก-ฯ][รลว]?)ีย", "ia"),
        ("เ([ก-ฯ][รลว]?)ือ", "ua"),
        ("([ก-ฯ][รล]?)ือ", "u"),
        ("เ([ก-ฯ][รลว]?)า", "ao"),
        ("เ([ก-ฯ][รลว]?)[ิอ]", "e"),
        ("[เแ]([ก-ฯ][รล]?)ะ?", "e"),
        ("โ([ก-ฯ][รล]?)ะ?", "o"),
        ("[ไใ]([ก-ฯ][รล]?)ย?", "ai"),
        ("([ก-ฮ])รร(?=[ก-ฮ])", "a"),
        ("([ก-ฮ])รร", "an"),
        ("([ก-ฯ])ัว", "ua"),
        ("([ก-ฯ])วย", "uai"),
        ("^([ก-ฮ])(?=[ก-ฮ]$)", "o"),
    )
)
_LATIN = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        ("([pkt])h", r"\1"),
        ("[cs]h|j", "c"),
        ("ck|gh|g(?!$)|q", "k"),
        ("ng", "N"),
        ("(?<=[a-z])aw|or(?![aeiou])|oh|ow(?=n)|oe", "o"),
        ("ae|er(?![aeiou])|eh", "e"),
        ("a[har](?![aeiou])", "a"),
        ("ee|ie|ii", "i"),
        ("oo|ou|ue|eu", "u"),
        ("[ae]y", "ai"),
        ("x", "ks"),
    )
)
_LETTERS = str.maketrans("gbdrvzyN", "kptlwsiN")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=16384)
def of(word: str) -> str:
    """How a word in one spelling (`bot.spelling.plain`) sounds, in Latin letters; nothing for one without letters."""
    heard = _of_thai(word) if "\u0e01" <= word[:1] <= "\u0e4e" else _of_latin(word)
    return _TWICE.sub(r"\1", heard.translate(_LETTERS))


def _of_latin(word: str) -> str:
    word = word.replace("ng", "N")
    for pattern, heard in _LATIN:
        word = pattern.sub(heard, word)
    return word


def _of_thai(word: str) -> str:
    word = _UNHEARD.sub("", word)
    for pattern, written in (*_FIRST, *_AROUND):
        word = pattern.sub(written, word)
    return "".join(_HEARD.get(letter, letter) for letter in word)
