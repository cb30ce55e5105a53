"""Whether two messages are nearly the same: then one of them must not be trained on and the other be an exam."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from bot import spelling

_SIGNS = re.compile(r"[^\w\u0e31-\u0e4e]+")
# Shorter texts that differ in a letter are other words.
_NEARLY, _LONG_ENOUGH = 0.9, 8


def same(text: str) -> str:
    """What is left when spelling, politeness, spaces and signs do not count; all of it if that is only digits."""
    left = _SIGNS.sub("", spelling.bare(spelling.plain(text)))
    digits = sum(letter.isdigit() for letter in text)
    return left if digits * 2 < len(left) else "".join(text.casefold().split())


class Known:
    """Messages by what `same` leaves of them, for finding the one that another is like."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts: dict[str, str] = {}
        for text in texts:
            self._texts.setdefault(same(text), text)
        self._by_length: dict[int, list[str]] = {}
        for left in self._texts:
            if len(left) >= _LONG_ENOUGH:
                self._by_length.setdefault(len(left), []).append(left)

    def like(self, text: str) -> str | None:
        """A message that is the same or nearly the same; None where there is none."""
        left = same(text)
        if left in self._texts:
            return self._texts[left]
        if len(left) < _LONG_ENOUGH:
            return None
        matcher = SequenceMatcher(None, "", left, autojunk=False)
        for length in range(int(len(left) * 0.8), int(len(left) * 1.25) + 1):
            for other in self._by_length.get(length, ()):
                matcher.set_seq1(other)
                if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _NEARLY <= matcher.ratio():
                    return self._texts[other]
        return None
