"""Attachment bytes and the expiring addresses they are served under, like fbcdn's: ``oe`` is the hexadecimal
Unix time of expiry, ``oh`` a signature over it. Also ids of uploaded, reusable attachments."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import quote

from simulator.clock import Clock

BUDGET = 200 * 1024 * 1024  # bytes kept at once, the oldest files go first
REUSABLE_SECONDS = 90 * 86400  # Messenger Platform: an attachment_id is valid for 90 days
REUSABLE_KEPT = 2000

SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)


def sniff(data: bytes) -> str:
    """Content type by the first bytes, ``application/octet-stream`` when unknown."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "image/heic" if data[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    return next((kind for start, kind in SIGNATURES if data.startswith(start)), "application/octet-stream")


@dataclass(frozen=True)
class File:
    token: str
    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Reusable:
    """An uploaded attachment: private to a Page, with a limited life; file or foreign address."""

    page_id: str
    kind: str
    expires: float
    file: File | None
    url: str


class MediaStore:
    """Files in memory, within a budget."""

    def __init__(self, clock: Clock, base_url: str) -> None:
        self._clock = clock
        self._base_url = base_url
        self._key = secrets.token_bytes(32)
        self._files: OrderedDict[str, File] = OrderedDict()
        self._size = 0
        self._reusable: OrderedDict[str, Reusable] = OrderedDict()

    def put(self, data: bytes, name: str, content_type: str = "") -> File:
        file = File(secrets.token_urlsafe(18), name or "file", content_type or sniff(data), data)
        self._files[file.token] = file
        self._size += len(data)
        while self._size > BUDGET and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._size -= len(oldest.data)
        return file

    def url(self, file: File, lifetime: float) -> str:
        """A fresh address of the file, good for ``lifetime`` simulated seconds."""
        expiry = f"{int(self._clock.now() + lifetime):X}"
        return (
            f"{self._base_url}/media/{file.token}/{quote(file.name)}"
            f"?oh={self._signature(file.token, expiry)}&oe={expiry}"
        )

    def open(self, token: str, signature: str, expiry: str) -> File | None:
        """The file if the address is genuine and not expired, else None (answer 403)."""
        expected = self._signature(token, expiry)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return None
        if int(expiry, 16) <= self._clock.now():
            return None
        return self._files.get(token)

    def _signature(self, token: str, expiry: str) -> str:
        return "00_" + hmac.new(self._key, f"{token}|{expiry}".encode(), hashlib.sha256).hexdigest()[:32]

    def keep_reusable(self, page_id: str, kind: str, file: File | None, url: str = "") -> str:
        """Remember an uploaded attachment; returns its attachment_id."""
        attachment_id = str(10**15 + secrets.randbelow(9 * 10**15))
        expires = self._clock.now() + REUSABLE_SECONDS
        self._reusable[attachment_id] = Reusable(page_id, kind, expires, file, url)
        if len(self._reusable) > REUSABLE_KEPT:
            self._reusable.popitem(last=False)
        return attachment_id

    def reusable(self, attachment_id: str, page_id: str) -> Reusable | None:
        """The attachment if it exists, belongs to the Page and has not expired."""
        found = self._reusable.get(attachment_id)
        if found is None or found.page_id != page_id or found.expires <= self._clock.now():
            return None
        return found
