"""The console's own stylesheet, script and icon: read once, served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class StaticFiles:
    """The files of the folder `static`, in memory: there are few, and no request can name a path outside."""

    def __init__(self) -> None:
        self._files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
        self._versions = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in self._files.items()}

    def url(self, name: str) -> str:
        """The address of a file; a changed file has another, so browsers may keep it for ever."""
        return f"/static/{self._versions[name]}/{name}"

    def pages(self) -> Blueprint:
        """The blueprint that serves them, to everyone."""
        blueprint = Blueprint("static")
        blueprint.add_route(self._serve, "/static/<version:str>/<name:str>", ctx_anonymous=True, name="file")
        return blueprint

    async def _serve(self, _request: Request, version: str, name: str) -> HTTPResponse:
        if name not in self._files:
            raise NotFound
        current = version == self._versions[name]
        return HTTPResponse(
            self._files[name],
            content_type=_TYPES[Path(name).suffix],
            headers={"cache-control": "public, max-age=31536000, immutable" if current else "no-cache"},
        )
