"""The store's own stylesheet and script: read once, served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanic import HTTPResponse, Request
from sanic.exceptions import NotFound

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class StaticFiles:
    """The files of the folder `static`, in memory: no request can name a path outside."""

    def __init__(self) -> None:
        self._files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}

    def url(self, name: str) -> str:
        """The address of a file; a changed file has another."""
        return f"/store-files/{hashlib.sha256(self._files[name]).hexdigest()[:12]}/{name}"

    async def serve(self, _request: Request, version: str, name: str) -> HTTPResponse:
        """The file's content, to keep for ever when the address is today's."""
        if name not in self._files:
            raise NotFound("no such file", quiet=True)
        current = self.url(name).split("/")[2] == version
        return HTTPResponse(
            self._files[name],
            content_type=_TYPES[Path(name).suffix],
            headers={"cache-control": "public, max-age=31536000, immutable" if current else "no-cache"},
        )
