"""In which language a customer is answered, by the letters they type."""

from __future__ import annotations

import re

_THAI = re.compile("[\u0e01-\u0e5b]")
_WORD = re.compile(r"[A-Za-z]{2,}")
#: Says nothing about a language: addresses of pages, order numbers and other codes.
_CODES = re.compile(r"https?://\S+|\S*\d\S*")
#: Latin letters that people who write Thai use all the time.
_EVERYBODYS = frozenset(
    ["ok", "okay", "okie", "kk", "xs", "xl", "xxl", "xxxl", "cod", "qr", "ems", "line", "facebook", "fb"]
)


def spoken(text: str | None) -> str | None:
    """ "th" or "en", or None when the text does not say. Thai letters count before Latin ones."""
    if not text:
        return None
    if _THAI.search(text):
        return "th"
    words = [word.lower() for word in _WORD.findall(_CODES.sub(" ", text))]
    return "en" if any(word not in _EVERYBODYS for word in words) else None
