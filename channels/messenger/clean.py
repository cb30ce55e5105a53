"""Foreign JSON made harmless: values any database stores, and typed reads that give None instead of raising.

What the fields mean is in events.py.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

MAX_DEPTH = 40
"""Nesting kept of an item. Meta's own events nest about ten deep; Python's JSON gives up near 1,000."""

TOO_DEEP = "[nested too deeply]"
# Longer integers are kept as hexadecimal text: Python refuses to print more than 4,300 digits.
_LONG_INT_BITS = 512
# PostgreSQL refuses NUL in text and JSON; a lone surrogate is no UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAX_ID = 100
_SECONDS_BELOW = 100_000_000_000  # as milliseconds this is 1973, as seconds the year 5138


def storable(value: Any, depth: int = MAX_DEPTH) -> Any:
    """The JSON value with everything replaced that some database or JSON writer refuses.

    Applied again it changes nothing.
    """
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _LONG_INT_BITS else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None  # JSON knows no such number
    if depth == 0:
        return TOO_DEEP
    if isinstance(value, dict):
        return {clean(str(key)): storable(part, depth - 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part, depth - 1) for part in value]
    return clean(str(value))


def canonical(item: Any) -> str:
    """A storable value as text that is the same for equal values."""
    return json.dumps(item, sort_keys=True, separators=(",", ":"))


def clean(text: str) -> str:
    """The text with NUL bytes and lone surrogates replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def as_object(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def as_text(value: Any) -> str | None:
    """A text that says something, else None."""
    return clean(value) if isinstance(value, str) and value.strip("\x00 \t\r\n") else None


def as_id(value: Any) -> str | None:
    """An id as text. Meta writes the same id as a number in one event and as a string in another."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= _LONG_INT_BITS:
        value = str(value)
    if not isinstance(value, str):
        return None
    text = clean(value).strip()
    return text if 0 < len(text) <= _MAX_ID else None


def as_word(value: Any) -> str | None:
    """A short machine word such as a type or an action, cut to 60 characters."""
    text = as_text(value)
    return text.strip()[:60] if text else None


def as_time(value: Any) -> datetime | None:
    """Aware UTC of an epoch time.

    Messenger Platform: milliseconds. Some of Meta's samples show seconds, or digits in a string.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    number = as_number(value)
    if number is None or number <= 0:
        return None
    try:
        return datetime.fromtimestamp(number if number < _SECONDS_BELOW else number / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def as_number(value: Any) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
