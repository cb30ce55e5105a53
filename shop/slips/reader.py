"""Finding the QR codes in a picture: zxing-cpp, and for small or blurred ones a few more looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from shop.slips import codes

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # all formats together take nine times as long
_LOCALLY, _GLOBALLY = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram


def texts(picture: Image.Image) -> tuple[list[str], int]:
    """The texts of all QR codes in the picture, and by how many degrees a found slip is turned (0 to 359).

    Looks again and again until a slip's code is found; what else was found on the way is returned too.
    """
    found: dict[str, int] = {}
    for view, binarizer in _views(picture.convert("L")):
        codes_there = zxingcpp.read_barcodes(view, formats=_QR, binarizer=binarizer)
        read = {code.text: code.orientation for code in codes_there}
        found |= read
        if any(codes.slip_code(text) for text in read):
            break
    angle = next((angle for text, angle in found.items() if codes.slip_code(text)), 0)
    return list(found), angle % 360


def _views(grey: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    """The picture, then clearer or larger versions of it, each with the way to tell black from white.

    Most rescues come from the first enlargement; benchmarks/README.md says what all of them come to.
    """
    pixels = grey.width * grey.height
    yield grey, _LOCALLY
    if pixels <= 3_000_000:
        yield _enlarged(grey, 2), _LOCALLY
    if pixels <= 1_000_000:
        yield _enlarged(grey, 3), _LOCALLY
    if pixels <= 500_000:  # what a chat has shrunk again and again: little more than a pixel for each module
        yield _sharp(_enlarged(grey, 4, Image.Resampling.LANCZOS), 4, 200), _LOCALLY
        large = _enlarged(grey, 3, Image.Resampling.LANCZOS)
        yield large, _LOCALLY
        yield _sharp(large, 4.5, 400), _GLOBALLY
    if pixels <= 4_000_000:
        yield ImageOps.autocontrast(grey.filter(ImageFilter.UnsharpMask(2, 150, 2)), cutoff=1), _LOCALLY
        larger = _enlarged(grey, 1.5)
        yield larger, _LOCALLY
        yield _sharp(larger, 2.25, 400), _GLOBALLY  # a grainy photo
        yield ImageOps.autocontrast(grey, cutoff=1), _LOCALLY
        yield _evened(grey), _LOCALLY
    if pixels <= 1_500_000:
        yield _sharp(_enlarged(grey, 2), 2, 300), _GLOBALLY


def _sharp(picture: Image.Image, radius: float, percent: int) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius, percent, 0))


def _evened(grey: Image.Image) -> Image.Image:
    """Without its large lights and shadows: a lamp may be reflected in the middle of the code."""
    ground = grey.filter(ImageFilter.BoxBlur(16))
    return ImageChops.subtract(grey, ground, scale=1 / 3, offset=128)


def _enlarged(
    grey: Image.Image, times: float, resampling: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    return grey.resize((round(grey.width * times), round(grey.height * times)), resampling)


def looks_like_paper(picture: Image.Image) -> bool:
    """Whether the picture could be a slip whose code cannot be read: upright, and mostly one light, plain ground."""
    if picture.height < picture.width * 1.1:
        return False
    small = picture.convert("L").resize((90, 160), Image.Resampling.BOX)
    counts = small.histogram()
    ground = max(range(256), key=lambda level: sum(counts[max(0, level - 4) : level + 5]))
    plain = sum(counts[max(0, ground - 8) : ground + 9]) / (90 * 160)
    return ground >= 200 and plain >= 0.4
