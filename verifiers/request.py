"""One request to a service: bounded in time and size, never redirected, the key in a header and in no message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import aiohttp

SECONDS = 20.0
#: Real answers have about 2 KB.
MOST_BYTES = 64 * 1024
#: So much of an answer is kept.
_MOST_KEPT = 4000


class Unanswered(Exception):
    """No answer came, or one that is no answer; the text says why and repeats nothing of it."""


@dataclass(frozen=True)
class Reply:
    """An HTTP answer with a JSON object in it; numbers with a point are Decimal. `raw` is its text, cut off."""

    status: int
    body: Mapping[str, Any]
    raw: str = field(repr=False)


async def post(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    body: Mapping[str, Any],
    *,
    seconds: float = SECONDS,
) -> Reply:
    """Post the JSON `body`. Raises Unanswered, whatever happens."""
    limit = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, 10), sock_connect=min(seconds, 5))
    # A packed answer could unpack to any size, so none is asked for.
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
    try:
        async with session.post(url, json=body, headers=sent, timeout=limit, allow_redirects=False) as answer:
            return _reply(answer.status, await _bytes(answer))
    except TimeoutError as error:
        raise Unanswered(f"nothing came within {seconds:g} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # Not its text: aiohttp's may hold the address, and of a header that cannot be sent the key.
        raise Unanswered(type(error).__name__) from None


async def _bytes(answer: aiohttp.ClientResponse) -> bytes:
    if "Content-Encoding" in answer.headers:
        raise Unanswered("a packed answer, which nobody asked for")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(MOST_BYTES):
        body += chunk
        if len(body) > MOST_BYTES:
            raise Unanswered("an answer of more than 64 KiB")
    return bytes(body)


def _reply(status: int, raw: bytes) -> Reply:
    text = raw.decode("utf-8", "replace")
    try:
        body = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        raise Unanswered(f"HTTP {status} without JSON") from None
    if not isinstance(body, dict):
        raise Unanswered(f"HTTP {status} without a JSON object")
    return Reply(status, body, text.replace("\x00", "")[:_MOST_KEPT])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
