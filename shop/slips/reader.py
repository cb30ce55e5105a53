"""Finding the QR codes in a picture: zxing-cpp, and for small or blurred ones a few more looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from shop.slips import codes

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # all formats together take nine times as long


def texts(picture: Image.Image) -> tuple[list[str], int]:
    """The texts of all QR codes in the picture, and by how many degrees a found slip is turned (0 to 359).

    Looks again and again until a slip's code is found; what else was found on the way is returned too.
    """
    found: dict[str, int] = {}
    for view in _views(picture.convert("L")):
        read = {code.text: code.orientation for code in zxingcpp.read_barcodes(view, formats=_QR)}
        found |= read
        if any(codes.slip_code(text) for text in read):
            break
    angle = next((angle for text, angle in found.items() if codes.slip_code(text)), 0)
    return list(found), angle % 360


def _views(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture, then clearer or larger versions of it; most rescues come from the first enlargement."""
    pixels = grey.width * grey.height
    yield grey
    if pixels <= 3_000_000:
        yield _enlarged(grey, 2)
    if pixels <= 1_000_000:
        yield _enlarged(grey, 3)
    if pixels <= 500_000:  # what a chat has shrunk again and again: little more than a pixel for each module
        large = grey.resize((grey.width * 4, grey.height * 4), Image.Resampling.LANCZOS)
        yield large.filter(ImageFilter.UnsharpMask(4, 200, 0))
    if pixels <= 4_000_000:
        yield ImageOps.autocontrast(grey.filter(ImageFilter.UnsharpMask(2, 150, 2)), cutoff=1)
        yield _enlarged(grey, 1.5)
        yield ImageOps.autocontrast(grey, cutoff=1)


def _enlarged(grey: Image.Image, times: float) -> Image.Image:
    return grey.resize((round(grey.width * times), round(grey.height * times)), Image.Resampling.BICUBIC)


def looks_like_paper(picture: Image.Image) -> bool:
    """Whether the picture could be a slip whose code cannot be read: upright, and mostly one light, plain ground."""
    if picture.height < picture.width * 1.1:
        return False
    small = picture.convert("L").resize((90, 160), Image.Resampling.BOX)
    counts = small.histogram()
    ground = max(range(256), key=lambda level: sum(counts[max(0, level - 4) : level + 5]))
    plain = sum(counts[max(0, ground - 8) : ground + 9]) / (90 * 160)
    return ground >= 200 and plain >= 0.4
