"""The bills' font: Noto Sans Thai (SIL Open Font License 1.1), which also has Latin letters and ฿.

The package holds one variable font; a plain and a bold one are made of it once in each process.
"""

from __future__ import annotations

import tempfile
import unicodedata
from functools import cache
from pathlib import Path

import fontpkg
import regex
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

_STYLES = {"": 400, "B": 700}
_SIGN = regex.compile(r"\X")
#: Stands for what the font cannot draw, such as emoji in a name.
_UNKNOWN = "?"


@cache
def files() -> dict[str, Path]:
    """The font files by style: "" and "B". They are gone when the process ends."""
    folder = _folder()
    return {style: _made(Path(folder.name), style, weight) for style, weight in _STYLES.items()}


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="talad-fonts-")


def _made(folder: Path, style: str, weight: int) -> Path:
    with TTFont(_source()) as variable:
        font = instancer.instantiateVariableFont(variable, {"wght": weight, "wdth": 100})
        path = folder / f"bill{style}.ttf"
        font.save(path)
    return path


@cache
def _known() -> frozenset[int]:
    with TTFont(_source()) as font:
        return frozenset(font.getBestCmap())


def _source() -> Path:
    return Path(fontpkg.path("noto-sans-thai"))


def drawable(words: str) -> str:
    """The words with a "?" for every sign that the font does not have; line ends and the like become spaces."""
    plain = " ".join(unicodedata.normalize("NFC", words).split())
    return "".join(
        sign if all(ord(part) in _known() for part in sign) else _UNKNOWN for sign in _SIGN.findall(plain)
    )
