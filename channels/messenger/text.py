"""Cutting text to Messenger's limits without breaking what people see as one sign.

A cut never falls inside a grapheme (Thai vowels and tone marks, joined emoji, flags) nor between a Thai vowel
written in front and its consonant.
"""

from __future__ import annotations

import regex

ELLIPSIS = "…"
_SIGN = regex.compile(r"[\u0E40-\u0E44](?=.)\X|\X", regex.DOTALL)
_PARAGRAPH, _LINE, _WORD = regex.compile(r"\s*\n\s*\n\s*"), regex.compile(r"\s*\n\s*"), regex.compile(r"\s+")
# A sentence ends with its mark and a space. Thai has no such mark; there a space divides sentences.
_SENTENCE = regex.compile(r"(?<=[.!?…ฯๆ。！？])\s+")


def length(text: str) -> int:
    """The text's length in UTF-16 units, the larger of the two ways Meta may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit`, without the white space at the cuts. Blank text has no pieces.

    Cuts at the last end of a paragraph, line or sentence in the second half of what fits, else at the last
    space, else between two signs.
    """
    if length(text) <= limit:
        return [text] if text.strip() else []
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int) -> str:
    """The text if it fits, else its beginning and "…" within `limit`, cut between words if that is near."""
    if length(text) <= limit:
        return text
    end = _fitting(text, limit - length(ELLIPSIS))
    spaces = [space.start() for space in _WORD.finditer(text, 0, end + 1) if space.start() >= end * 2 / 3]
    return text[: spaces[-1] if spaces else end].rstrip() + ELLIPSIS


def _cut(text: str, limit: int) -> int:
    end = _fitting(text, limit)
    for kind, earliest in ((_PARAGRAPH, end // 2), (_LINE, end // 2), (_SENTENCE, end // 2), (_WORD, 1)):
        cuts = [gap.start() for gap in kind.finditer(text, 0, end + 1) if gap.start() >= earliest]
        if cuts:
            return cuts[-1]
    return end


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit into `limit` as whole signs; of a single larger sign what fits."""
    end = used = 0
    for sign in _SIGN.finditer(text):
        used += length(sign.group())
        if used > limit:
            break
        end = sign.end()
    return end or _fitting_characters(text, limit)


def _fitting_characters(text: str, limit: int) -> int:
    used = 0
    for n, character in enumerate(text):
        used += length(character)
        if used > limit:
            return max(n, 1)
    return len(text)
