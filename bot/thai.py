"""Thai words of a text, with the places where they stand in it. Spelling slips that look the same on a phone are
read as the word meant; everything that is not Thai is left to the caller (see `bot.tokenizer`).
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

# PyThaiNLP reads its dictionary from inside its package. Told so, it neither fetches nor makes a folder at home.
os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")

from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import newmm
from pythainlp.util import Trie

# Consonants, vowels, tone marks, ๆ and ฯ. Thai digits and the baht sign stand between them in Unicode but are no words.
RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")

# Words of chat shops that the dictionary cuts to pieces; a line each, for trainers to add to.
SHOP_WORDS = Path(__file__).with_name("shop_words.txt")

# The dictionary has "สีแดง" (the colour red) as one word; what a customer chooses is แดง.
COLOURS = (
    *("แดง", "ชมพู", "เขียว", "ฟ้า", "น้ำเงิน", "กรมท่า", "กรม", "เหลือง", "ส้ม", "ม่วง", "เทา", "น้ำตาล"),
    *("ครีม", "เบจ", "ทอง", "เงิน", "ดำ", "ขาว", "เนื้อ", "กากี", "เลือดหมู"),
)

# newmm's time grows faster than the text's length where words overlap a lot, so it never sees more than this at once.
LONGEST_PIECE = 120
# After this many characters of Thai in one text, the rest is cut at fixed places: no chat message that asks for
# something is so long, and a turn must not wait for one that was made to be slow.
LONGEST_TEXT = 1200


class Word(NamedTuple):
    """A word: `text[start:end]` of the run it was found in, and how it is properly spelt."""

    start: int
    end: int
    spelling: str


@lru_cache(maxsize=1)
def dictionary() -> Trie:
    """PyThaiNLP's words and the shop's, as the tree that newmm searches. Built at the first call (about 0.3 s)."""
    shop_words = SHOP_WORDS.read_text(encoding="utf-8").split()
    return Trie(thai_words().union(shop_words).difference("สี" + colour for colour in COLOURS))


def words(run: str, budget: int = LONGEST_TEXT) -> list[Word]:
    """The words of `run`, a piece of text that `RUN` matched, in order and without gaps.

    `budget` is the number of characters that may be looked up; what comes after is cut every `LONGEST_PIECE`.
    """
    proper, places = _respell(run)
    found: list[Word] = []
    start = 0
    for piece in _pieces(proper):
        cut = _segment(piece) if start + len(piece) <= budget else (piece,)
        for word in cut:
            end = start + len(word)
            found.append(Word(places[start], places[end], word))
            start = end
    return found


def _pieces(text: str) -> list[str]:
    return [text[start : start + LONGEST_PIECE] for start in range(0, len(text), LONGEST_PIECE)]


@lru_cache(maxsize=8192)
def _segment(piece: str) -> tuple[str, ...]:
    return tuple(newmm.segment(piece, dictionary()))


# Two เ look like one แ, a nikhahit and an า like one ำ; letters are held down for emphasis ("มากกกก").
_SLIP = re.compile("เเ|\u0e4d\u0e32|(?P<letter>.)(?P=letter){2,}")


def _respell(run: str) -> tuple[str, list[int]]:
    """The run without slips of the keyboard, and for each place in it the place in `run` (one more for the end)."""
    proper: list[str] = []
    places: list[int] = []
    done = 0
    for slip in _SLIP.finditer(run):
        proper.append(run[done : slip.start()])
        places.extend(range(done, slip.start() + 1))
        proper.append(slip["letter"] or {"เเ": "แ"}.get(slip[0], "ำ"))
        done = slip.end()
    proper.append(run[done:])
    places.extend(range(done, len(run) + 1))
    return "".join(proper), places
