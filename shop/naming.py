"""Whether a text in Thai or English names something: by whole words in English, by any part of it in Thai, which puts
no spaces between words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Words of "ReceiverPhone", "AWBNo.2" and "เบอร์โทรPhone" too.
_WORD = re.compile(r"[ก-๛]+|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_THAI = re.compile(r"[ก-๛]")


def names(text: str, phrase: str) -> bool:
    """Whether the words of `phrase`, Thai or English, stand in `text`; case, signs and Thai spaces do not matter."""
    wanted = words(phrase)
    if _THAI.search(wanted):
        return wanted.strip() in words(text).replace(" ", "")
    return wanted in words(text)


@lru_cache(maxsize=2000)
def words(text: str) -> str:
    """The words of a text in small letters, each with a space on both sides."""
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFKC', text))).casefold()} "
