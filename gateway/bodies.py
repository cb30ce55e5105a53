"""Reading what a stranger sends, up to a limit."""

from __future__ import annotations

from sanic import Request
from sanic.http import Http


class TooLarge(Exception):
    """The body goes beyond the limit."""


async def body_of(request: Request, most: int) -> bytes:
    """The whole body of a streamed request. Raises TooLarge beyond `most` bytes."""
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLarge
    body = bytearray()
    assert isinstance(request.stream, Http)
    while chunk := await request.stream.read():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)
