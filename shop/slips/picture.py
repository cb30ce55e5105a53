"""A customer's picture, made safe to keep: decoded under limits, its QR codes read, nothing kept but its pixels.

Run as a program (`python -m shop.slips.picture`) it does so on standard input and output in a process of its
own, with limits on memory and CPU time: some pictures are made to exhaust the decoder. The amounts, which are only
a hint, are read there last: what is ready by then stays, should the limits end that. A picture of the shop's own is
decoded under the same limits, and not read at all.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import warnings
from dataclasses import asdict, dataclass, replace

from PIL import Image, ImageOps

from shop.errors import BadPicture
from shop.slips import amounts, reader

MOST_BYTES = 15 * 1024 * 1024
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 2400
#: A progressive JPEG has 1 to 10 scans; hundreds of them are made to burn CPU ("scan bomb").
_MOST_SCANS = 40
_JPEG = b"\xff\xd8"
_SCAN_MARKER = b"\xff\xda"
_CPU_SECONDS = 5
_MEMORY_BYTES = 1024 * 1024 * 1024
_WALL_SECONDS = 20
#: Tells the child that nothing is to be read in the picture.
_UNREAD = "unread"


@dataclass(frozen=True)
class Picture:
    """A cleaned picture: JPEG bytes, their SHA-256 in hex, width and height in pixels.

    `codes`: the texts of its QR codes. `turned`: by how many degrees a slip lies in it. `is_paper`: it could be a
    slip without a code. `amounts` are the sums printed on it (satang), None where nobody looked.
    """

    jpeg: bytes
    sha256: str
    width: int
    height: int
    codes: tuple[str, ...] = ()
    turned: int = 0
    is_paper: bool = False
    amounts: tuple[int, ...] | None = None


def cleaned(data: bytes, *, is_read: bool = True) -> Picture:
    """The picture in `data` (JPEG, PNG or WebP) as a plain JPEG, upright, without metadata. Raises BadPicture.

    Decodes in this process and reads no amounts; for pictures of strangers call `cleaned_apart`. Unless it `is_read`,
    it is no slip, and nobody looks for codes in it.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture("too large")
    if data.startswith(_JPEG) and data.count(_SCAN_MARKER) > _MOST_SCANS:
        raise BadPicture("too many scans")
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _reencoded(data, is_read)
    # SyntaxError: Pillow's PNG reader raises it for broken chunks.
    except (
        OSError,
        SyntaxError,
        ValueError,
        MemoryError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise BadPicture(f"cannot be read: {type(error).__name__}") from error


def cleaned_apart(data: bytes, *, is_read: bool = True) -> Picture:
    """As `cleaned`, but in a child process with limited memory and CPU time; amounts are read where that is installed.

    Blocks; call it in a thread.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture("too large")
    try:
        child = subprocess.run(  # noqa: S603 - both words are ours
            [sys.executable, "-m", "shop.slips.picture", *([] if is_read else [_UNREAD])],
            input=data,
            capture_output=True,
            timeout=_WALL_SECONDS,
            check=False,
            # Tesseract would take a thread for each core, and their time is counted together.
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        said, why = error.stdout or b"", "took too long"
    else:
        said, complaint = child.stdout, child.stderr.decode(errors="replace").strip().splitlines()
        why = complaint[-1] if complaint else "stopped"
    picture = _unpacked(said)
    if picture is None:
        raise BadPicture(why)
    return picture


def _packed(picture: Picture) -> bytes:
    """One line of JSON, then the JPEG; the amounts may follow."""
    head = asdict(picture) | {"jpeg": len(picture.jpeg)}
    return json.dumps(head).encode() + b"\n" + picture.jpeg


def _unpacked(said: bytes) -> Picture | None:
    """The picture that a child has packed, None when it did not get that far."""
    head, newline, body = said.partition(b"\n")
    if not newline:
        return None
    told = json.loads(head)
    size = told["jpeg"]
    if len(body) < size:
        return None
    picture = Picture(**told | {"jpeg": body[:size], "codes": tuple(told["codes"])})
    try:
        return replace(picture, amounts=tuple(json.loads(body[size:])))
    except ValueError:  # nobody looked, or there was no time
        return picture


def _reencoded(data: bytes, is_read: bool) -> Picture:
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as opened:
        opened.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    texts, turned = reader.texts(_flat(upright)) if is_read else ([], 0)  # at full size: the codes are small
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BICUBIC)
    # Pasting into a new picture leaves behind what a re-save would carry along: comments, profiles, trailing files.
    plain = _flat(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=88, optimize=True)
    jpeg = out.getvalue()
    return Picture(
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        width=plain.width,
        height=plain.height,
        codes=tuple(texts),
        turned=turned,
        is_paper=is_read and reader.looks_like_paper(plain),
    )


def _flat(picture: Image.Image) -> Image.Image:
    """The pixels on white."""
    plain = Image.new("RGB", picture.size, "white")
    transparent = picture.convert("RGBA") if picture.has_transparency_data else None
    plain.paste(transparent or picture.convert("RGB"), mask=transparent)
    return plain


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    try:
        picture = cleaned(sys.stdin.buffer.read(), is_read=_UNREAD not in sys.argv[1:])
    except BadPicture as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(_packed(picture))
    sys.stdout.buffer.flush()
    if amounts.is_installed() and (picture.is_paper or picture.codes):
        plain = Image.open(io.BytesIO(picture.jpeg))
        sys.stdout.buffer.write(json.dumps(amounts.printed(plain, picture.turned)).encode())


if __name__ == "__main__":
    _main()
