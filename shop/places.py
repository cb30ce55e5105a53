"""Where a walk in the order of (moment, id) stopped, as it stands in the address of the next part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def named(at: datetime, id_: int) -> str:
    """The name of the place of the row with this moment and id."""
    return f"{(at - _EPOCH) // _MICROSECOND}-{id_}"


def read(name: str) -> tuple[datetime, int] | None:
    """Moment and id of the place; None for a name that is none."""
    moment, _, number = name.partition("-")
    if not (moment.isdecimal() and number.isdecimal() and len(moment) <= 17 and len(number) <= 10):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, int(number)
