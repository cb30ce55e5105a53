"""The sums printed on a slip, read by OCR where the extra `ocr` is installed. Only a hint: pictures are easy to edit.

tesserocr with the English model alone does best, since digits are what counts; turned slips must be set upright first.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from PIL import Image, ImageOps

_WIDTH = 800
_SECONDS = 4
#: Thousands in groups or not at all, a dot, exactly two decimals, and no digit touching.
_SUM = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,7})\.(\d{2})(?![\d.,]*\d)", re.ASCII)


@cache
def is_installed() -> bool:
    """Whether sums can be read here."""
    try:
        import tesserocr  # noqa: F401 (optional)
    except ImportError:
        return False
    return True


def printed(picture: Image.Image, turned: int) -> tuple[int, ...] | None:
    """All sums with two decimals on the picture, in satang, smallest first; None where OCR is not installed.

    `turned` is by how many degrees the slip lies in the picture.
    """
    if not is_installed():
        return None
    import tesserocr

    grey = ImageOps.autocontrast(picture.convert("L").rotate(turned, expand=True, fillcolor=255))
    grey = grey.resize((_WIDTH, max(1, round(grey.height * _WIDTH / grey.width))), Image.Resampling.BICUBIC)
    with tesserocr.PyTessBaseAPI(lang="eng", psm=tesserocr.PSM.SINGLE_COLUMN) as engine:
        engine.SetImage(grey)
        engine.Recognize(_SECONDS * 1000)
        return sums_in(engine.GetUTF8Text())


def sums_in(text: str) -> tuple[int, ...]:
    """The sums in the text, in satang, smallest first, each once."""
    found = {int(Decimal(f"{baht.replace(',', '')}.{satang}") * 100) for baht, satang in _SUM.findall(text)}
    return tuple(sorted(found))
