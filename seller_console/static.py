"""The console's own stylesheets, scripts and icon: read once, served under an address that changes with their content.

All share one version, so that a script may import its neighbour by a relative address.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


class StaticFiles:
    """The files of the folder `static`, in memory: there are few, and no request can name a path outside."""

    def __init__(self) -> None:
        self._files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
        # Packing what is the same for everybody tells nobody a secret, as packing a page with a form's token could.
        self._packed = {name: gzip.compress(data, mtime=0) for name, data in self._files.items()}
        everything = b"".join(data for _name, data in sorted(self._files.items()))
        self._version = hashlib.sha256(everything).hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file; when files change it is another one, so browsers may keep it for ever.

        Raises KeyError for a file that is not there.
        """
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self._version}/{name}"

    def pages(self) -> Blueprint:
        """The blueprint that serves them, to everyone."""
        blueprint = Blueprint("static")
        blueprint.add_route(self._serve, "/static/<version:str>/<name:str>", ctx_anonymous=True, name="file")
        return blueprint

    async def _serve(self, request: Request, version: str, name: str) -> HTTPResponse:
        if name not in self._files:
            raise NotFound
        current = version == self._version
        headers = {
            "cache-control": "public, max-age=31536000, immutable" if current else "no-cache",
            "vary": "accept-encoding",
        }
        packed = "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["content-encoding"] = "gzip"
        data = self._packed[name] if packed else self._files[name]
        return HTTPResponse(data, content_type=_TYPES[Path(name).suffix], headers=headers)
