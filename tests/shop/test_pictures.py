"""Pictures of strangers: cleaned, or refused, and never able to stop the program."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from shop.errors import BadPicture
from shop.media import MediaStore, new_key
from shop.slips.picture import cleaned, cleaned_apart


def encoded(kind: str, size=(300, 500), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA")]
)
def test_pictures_become_plain_jpegs(kind, mode):
    picture = cleaned_apart(encoded(kind, mode=mode))
    with Image.open(io.BytesIO(picture.jpeg)) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (300, 500))
    assert (picture.width, picture.height, len(picture.sha256)) == (300, 500, 64)


def test_nothing_but_pixels_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "hidden words"
    sent = encoded("JPEG", exif=exif, comment=b"hidden words", icc_profile=b"hidden words") + b"hidden words"
    assert sent.count(b"hidden words") == 4
    assert b"hidden words" not in cleaned(sent).jpeg


def test_a_turned_photo_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (cleaned(encoded("JPEG", exif=exif)).width, cleaned(encoded("JPEG", exif=exif)).height) == (
        500,
        300,
    )


def test_a_huge_photo_is_made_smaller():
    picture = cleaned_apart(encoded("JPEG", size=(3000, 4000)))
    assert max(picture.width, picture.height) <= 2400


def png_bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 + width * 3) * min(height, 200), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": b"",
    "words": b"hello",
    "an animation": encoded("GIF"),
    "a document": b"%PDF-1.7\n",
    "half a picture": encoded("JPEG")[:-2000],
    "a bomb": png_bomb(12000, 12000),
    "many scans": encoded("JPEG") + b"\xff\xda" * 50,
    "too many bytes": bytes(16 * 1024 * 1024),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_refused(name):
    with pytest.raises(BadPicture):
        cleaned_apart(HOSTILE[name])


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ("bytearray(2 << 30)", "MemoryError"),
        ("while True: pass", "stopped|took too long"),
        ("import os; os.abort()", "stopped"),
    ],
    ids=["too much memory", "too much time", "a crash"],
)
def test_a_decoder_that_takes_too_much_ends_its_own_process_only(tmp_path, monkeypatch, harm, why):
    """A decoder with a fault, in the place of the one that reads QR codes."""
    (tmp_path / "zxingcpp.py").write_text(
        "class BarcodeFormat: QRCode = 1\n"
        "class Binarizer: LocalAverage = GlobalHistogram = 1\n"
        "BarcodeFormats = bytes\n"
        f"def read_barcodes(*_, **__):\n    {harm}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(BadPicture, match=why):
        cleaned_apart(encoded("JPEG"))


def test_the_media_store_keeps_pictures_whole_under_names_nobody_guesses(tmp_path):
    store = MediaStore(str(tmp_path / "media"))
    key, other = new_key("private", "slips", "jpg"), new_key("private", "slips", "jpg")
    assert key != other
    assert len(key) > 40
    store.put(key, b"picture")
    assert store.get(key) == b"picture"
    for wrong in ("private/../../etc/passwd", "/etc/passwd", "", "private//x", other):
        with pytest.raises(FileNotFoundError):
            store.get(wrong)
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".part"]
