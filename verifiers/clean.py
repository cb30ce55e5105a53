"""What a service says is foreign input: here a value becomes the type it should have, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.money import as_minor

_LONGEST = 100
#: Thailand has one zone and no summer time; services write its time, some without saying so.
_BANGKOK = timezone(timedelta(hours=7))


def inside(value: Any, *path: str) -> Any:
    """What stands at the end of the path of names, None when it ends earlier."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text(value: Any) -> str:
    """A text for one line, cut off where it is long; empty for what is none."""
    if not isinstance(value, str):
        return ""
    return "".join(filter(str.isprintable, value[: 4 * _LONGEST])).strip()[:_LONGEST]


def satang(value: Any) -> int | None:
    """An amount of baht in satang, None for what is no amount above zero."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        return as_minor(Decimal(value.replace(",", "") if isinstance(value, str) else value), "THB") or None
    except (ValueError, InvalidOperation):
        return None


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time in UTC; without a zone it is Thailand's. None for what is no time of a transfer."""
    try:
        time = datetime.fromisoformat(text(value))
        there = time if time.tzinfo else time.replace(tzinfo=_BANGKOK)
        return there.astimezone(UTC) if 2000 <= there.year < 2200 else None
    except (ValueError, OverflowError):
        return None


def accounts(*values: Any) -> tuple[str, ...]:
    """The texts among the values that show digits of a number, each once."""
    shown = (text(value) for value in values)
    return tuple(dict.fromkeys(number for number in shown if any(map(str.isdecimal, number))))
