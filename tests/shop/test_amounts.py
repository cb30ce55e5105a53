"""The amounts printed on slips: read by the real OCR of the extra, and never at the cost of the slip itself."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter

from shop.slips import amounts
from shop.slips.picture import cleaned_apart
from tests.shop.test_slip_reader import ONE, bytes_of, code


def slip(*, with_code: bool = True) -> Image.Image:
    """A slip as banks draw it: words, the amount, the fee, a date and a reference that are no amounts, a code."""
    sheet = Image.new("RGB", (1080, 1600), "white")
    pen = ImageDraw.Draw(sheet)
    for line, (left, right) in enumerate(
        [
            ("Transfer successful", ""),
            ("From", "xxx-x-x1234-x"),
            ("Amount", "1,250.75 THB"),
            ("Fee", "0.00 THB"),
        ]
    ):
        pen.text((80, 80 + 110 * line), left, fill="gray", font_size=44)
        pen.text((600, 80 + 110 * line), right, fill="black", font_size=52)
    pen.text((80, 560), "26 Nov 2026 10:45  016328140501BPP00001", fill="gray", font_size=36)
    if with_code:
        sheet.paste(code(ONE), (80, 900))
    return sheet


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("Amount 1,250.75 THB\nFee 0.00", {125075}),
        ("1250.75", {125075}),
        ("12,345,678.90", {1234567890}),
        ("35.00 and 3,500.00", {3500, 350000}),
        ("0.00", set()),
        ("1,25.00", set()),
        ("10.5, 10.555, 1.2.34, 10.45.30", set()),
        ("123456789.00", set()),
        ("๑๒๓.๐๐ ²3.00", {300}),
        ("", set()),
    ],
)
def test_a_sum_has_two_decimals_and_whole_groups(text: str, sums: set[int]) -> None:
    assert amounts.sums_in(text) == sums


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 9, -9])
def test_the_amount_is_read_however_the_slip_lies(degrees: int) -> None:
    sent = slip().rotate(degrees, expand=True, fillcolor="white")
    assert cleaned_apart(bytes_of(sent, quality=60)).amounts == (125075,)


@pytest.mark.parametrize("size", [(405, 600), (720, 1067), (1080, 1600)])
def test_the_amount_is_read_at_the_sizes_that_chats_send(size: tuple[int, int]) -> None:
    sent = slip().resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.5))
    assert cleaned_apart(bytes_of(sent, quality=50)).amounts == (125075,)


def test_a_slip_without_a_code_is_read_too_and_a_photo_is_not() -> None:
    assert cleaned_apart(bytes_of(slip(with_code=False))).amounts == (125075,)
    assert cleaned_apart(bytes_of(slip(with_code=False).rotate(90, expand=True))).amounts is None


@pytest.mark.parametrize(
    "module",
    [
        "raise ImportError",
        "import os, signal\nclass PSM: SINGLE_COLUMN = 4\n"
        "def PyTessBaseAPI(**_): os.kill(os.getpid(), signal.SIGKILL)",
        "class PSM: SINGLE_COLUMN = 4\ndef PyTessBaseAPI(**_): bytearray(2 << 30)",
    ],
    ids=["not installed", "killed", "out of memory"],
)
def test_without_the_amount_the_slip_is_kept_all_the_same(tmp_path, monkeypatch, module: str) -> None:
    (tmp_path / "tesserocr.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    picture = cleaned_apart(bytes_of(slip()))
    assert (picture.amounts, picture.codes) == (None, (ONE,))
    assert Image.open(io.BytesIO(picture.jpeg)).size == (picture.width, picture.height) == (1080, 1600)
