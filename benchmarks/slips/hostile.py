"""Pictures made to exhaust or to fool whoever opens them, drawn here, and what becomes of each."""

from __future__ import annotations

import io
import os
import random
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import segno
from PIL import Image, ImageDraw

from shop.errors import BadPicture
from shop.slips.picture import cleaned_apart
from tests.factories import slip_text

_SIDE = 900


def outcomes(folder: Path) -> Iterator[tuple[str, ...]]:
    """Of each picture: its name, size, what became of it, seconds, and the most memory a child held so far."""
    for name, data in _pictures():
        (folder / name).write_bytes(data)
        began, peak = time.perf_counter(), _Peak()
        try:
            picture = cleaned_apart(data)
            outcome = f"kept, {picture.width} × {picture.height}, {len(picture.jpeg)} bytes"
        except BadPicture as error:
            outcome = f"refused: {error}"
        yield name, str(len(data)), outcome, f"{time.perf_counter() - began:.2f}", str(peak.stop())


class _Peak:
    """The most memory the newest child process of this one has held, by looking at it often."""

    def __init__(self) -> None:
        self._most = 0
        self._done = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def stop(self) -> int:
        """MiB."""
        self._done.set()
        self._watching.join()
        return self._most // 1024

    def _watch(self) -> None:
        children = Path(f"/proc/{os.getpid()}/task")
        while not self._done.wait(0.005):
            for task in children.iterdir():
                for pid in _words(task / "children"):
                    for line in _lines(Path(f"/proc/{pid}/status")):
                        if line.startswith("VmHWM:"):
                            self._most = max(self._most, int(line.split()[1]))


def _words(path: Path) -> list[str]:
    return [word for line in _lines(path) for word in line.split()]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:  # it ended meanwhile
        return []


def _pictures() -> Iterator[tuple[str, bytes]]:
    photo = _jpeg(_noise(_SIDE, _SIDE))
    yield "bomb-20000x20000.png", _flat_png(20000, 20000)
    yield "bomb-4900x4900.png", _flat_png(4900, 4900)
    yield "claims-65535x65535.jpg", _resized_header(photo, 65535, 65535)
    yield "half.jpg", photo[: len(photo) // 2]
    yield "half.png", _png(_noise(_SIDE, _SIDE))[:200_000]
    yield "scan-bomb-300.jpg", _scan_bomb(300)
    yield "scan-bomb-40.jpg", _scan_bomb(38)
    yield "jpeg-and-zip.jpg", photo + b"PK\x03\x04" + b"x" * 100_000
    yield "jpeg-and-html.jpg", photo + b"<script>alert(1)</script>"
    yield "noise-12-megapixels.jpg", _jpeg(_noise(4000, 3000))
    yield "thousand-codes.png", _png(_checkers(4000, 4000))
    yield "noise-with-a-slips-code.jpg", _jpeg(_with_a_code(_noise(1800, 2400)))
    yield "figures-everywhere.png", _png(_with_a_code(_figures(1800, 2400)))
    yield "gif.jpg", b"GIF89a" + b"\x00" * 1000
    yield "heic.jpg", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 5000
    yield "pdf.jpg", b"%PDF-1.7\n" + b"\x00" * 5000
    yield "postscript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n"
    yield "svg.png", b'<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>'
    yield "empty.jpg", b""
    yield "random.jpg", b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(2_000_000)
    yield "too-large.jpg", photo + b"\x00" * 16_000_000


def _noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), random.Random(2).randbytes(width * height)).convert("RGB")


def _checkers(width: int, height: int) -> Image.Image:
    tile = Image.new("L", (14, 14), 255)
    tile.paste(0, (0, 0, 7, 7))
    sheet = Image.new("L", (width, height), 255)
    for left in range(0, width, 14):
        for top in range(0, height, 14):
            sheet.paste(tile, (left, top))
    return sheet


def _figures(width: int, height: int) -> Image.Image:
    """More sums than anybody prints, for whoever reads them."""
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    line = " ".join(f"{number}.00" for number in range(100, 200))
    for top in range(0, height, 14):
        pen.text((0, top), line, fill="black", font_size=14)
    return sheet


def _with_a_code(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(slip_text("016328140501BPP00001")).save(out, kind="png", scale=6, border=4)
    picture.paste(Image.open(out).convert("RGB"), (0, 0))
    return picture


def _jpeg(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)  # type: ignore[arg-type]
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _flat_png(width: int, height: int) -> bytes:
    """A few kilobytes that unpack into hundreds of megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\x00" * (1 + width * 3)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _resized_header(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size in its start-of-frame segment."""
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _scan_bomb(times: int) -> bytes:
    """A progressive JPEG whose last scan is repeated, so that each decodes the whole picture once more."""
    whole = _jpeg(Image.new("RGB", (4900, 4900), "white"), progressive=True)
    at = whole.rindex(b"\xff\xda")
    return whole[:at] + whole[at:-2] * times + b"\xff\xd9"
