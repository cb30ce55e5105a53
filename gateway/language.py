"""In which language a customer is answered, by the letters they type."""

from __future__ import annotations

import re

_THAI = re.compile("[\u0e01-\u0e5b]")
_WORD = re.compile(r"[A-Za-z]{2,}")
#: Latin letters that people who write Thai use all the time.
_EVERYBODYS = frozenset(
    ["ok", "okay", "okie", "kk", "xs", "xl", "xxl", "xxxl", "cod", "qr", "ems", "line", "facebook", "fb"]
)


#: Thai customers type names and addresses in Latin letters too; so many words without a number are a sentence.
_SENTENCE = 3


def spoken(text: str | None, before: str | None = None) -> str | None:
    """ "th" or "en", or None when the text does not say. Thai letters count before Latin ones.

    Someone who was answered in Thai `before` needs a whole sentence to be taken for an English speaker.
    """
    if not text:
        return None
    if _THAI.search(text):
        return "th"
    words = [
        word
        for part in text.split()
        if not _is_code(part)
        for word in _WORD.findall(part)
        if word.lower() not in _EVERYBODYS
    ]
    if before == "th" and (len(words) < _SENTENCE or any(character.isdigit() for character in text)):
        return None
    return "en" if words else None


def _is_code(part: str) -> bool:
    """Addresses of pages, order numbers and the like say nothing about a language."""
    return "://" in part or any(map(str.isdigit, part))
