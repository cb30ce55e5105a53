"""Reading the QR codes of pictures, drawn here in the ways in which customers send them."""

from __future__ import annotations

import io
import random

import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from shop.errors import BadPicture
from shop.slips import reader
from shop.slips.picture import cleaned, cleaned_apart
from tests.factories import slip_text

ONE, OTHER = slip_text("016328140501BPP00001"), slip_text("016328140501BPP00002")


def code(text: str, scale: int = 5) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("RGB")


def slip(*texts: str) -> Image.Image:
    """A white, upright sheet with words and a code for each text."""
    sheet = Image.new("RGB", (1080, 1600), "white")
    pen = ImageDraw.Draw(sheet)
    for line in range(6):
        pen.text((80, 80 + 60 * line), "Transfer successful 1,250.00", fill="black", font_size=40)
    for number, text in enumerate(texts):
        sheet.paste(code(text), (80 + 450 * number, 900))
    return sheet


def bytes_of(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, 12, -12])
def test_a_turned_slip_is_read_and_its_turn_is_known(degrees: int) -> None:
    texts, turned = reader.texts(slip(ONE).rotate(degrees, expand=True, fillcolor="white"))
    assert texts == [ONE]
    upright = min((turned - degrees * sign) % 360 for sign in (1, -1))
    assert upright <= 4 or upright >= 356


def with_a_lamp(sheet: Image.Image) -> Image.Image:
    """A lamp is reflected in the screen that was photographed, right on the code."""
    light = Image.new("L", sheet.size, 0)
    ImageDraw.Draw(light).ellipse((140, 850, 340, 1050), fill=240)
    return Image.composite(
        Image.new("RGB", sheet.size, "white"), sheet, light.filter(ImageFilter.GaussianBlur(33))
    )


def grainy(sheet: Image.Image) -> Image.Image:
    """A small photo in bad light."""
    small = (
        sheet.resize((432, 640), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.6)).convert("L")
    )
    grain = Image.frombytes("L", small.size, random.Random(1).randbytes(small.width * small.height))
    return Image.blend(small, grain, 0.45)


@pytest.mark.parametrize(
    "sent",
    [
        with_a_lamp,
        grainy,
        lambda sheet: sheet.resize((360, 533)),
        lambda sheet: ImageOps.invert(sheet),
        lambda sheet: sheet.point(lambda value: value // 3),
        lambda sheet: Image.open(io.BytesIO(bytes_of(sheet, quality=25))),
        lambda sheet: sheet.crop((0, 800, 1080, 1600)),
    ],
    ids=["a lamp", "grainy", "small", "dark mode", "in the dark", "much compressed", "cut"],
)
def test_it_is_read_as_customers_send_it(sent) -> None:
    assert reader.texts(sent(slip(ONE)))[0] == [ONE]


def test_all_codes_of_a_picture_are_read() -> None:
    assert sorted(reader.texts(slip(ONE, OTHER))[0]) == [ONE, OTHER]
    assert ONE in reader.texts(slip("https://line.me/R/ti/p/shop", ONE))[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_carries_the_reading(kind: str) -> None:
    picture = cleaned_apart(bytes_of(slip(ONE), kind))
    assert (picture.codes, picture.turned, picture.is_paper) == ((ONE,), 0, True)


def test_a_transparent_picture_is_read_on_white() -> None:
    sheet = Image.new("RGBA", (600, 900), (0, 0, 0, 0))
    drawn = code(ONE).convert("L")
    sheet.paste((0, 0, 0, 255), (50, 50), ImageOps.invert(drawn))
    assert cleaned(bytes_of(sheet, "PNG")).codes == (ONE,)


@pytest.mark.parametrize(
    "data",
    [b"GIF89a" + b"\0" * 99, b"%PDF-1.7\n", b"\0\0\0\x18ftypheic" + b"\0" * 99, b"%!PS-Adobe-3.0 EPSF-3.0\n"],
    ids=["GIF", "PDF", "HEIC", "EPS"],
)
def test_other_formats_are_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        cleaned_apart(data)


def test_paper_is_told_from_a_photo() -> None:
    assert reader.looks_like_paper(slip())
    photo = Image.linear_gradient("L").resize((1080, 1600)).convert("RGB")
    assert not reader.looks_like_paper(photo)
    assert not reader.looks_like_paper(slip().rotate(90, expand=True))
    assert not reader.looks_like_paper(Image.new("RGB", (600, 900), "black"))
