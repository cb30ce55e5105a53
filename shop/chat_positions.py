"""Where an entry stands in a conversation, which is made of two tables: what a customer did, and what the shop said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Select, literal, tuple_

from shop.models.base import BigId, UtcDateTime

T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_ID = 2**62


@dataclass(frozen=True, order=True)
class Position:
    """An entry's place: of one moment, what customers did comes before what the shop said."""

    at: datetime
    is_ours: bool
    id: int

    @classmethod
    def read(cls, name: str) -> Position | None:
        """The place that an entry's id names; None for what is no id."""
        parts = name.split("-")
        if len(parts) != 3 or parts[1] not in ("in", "out"):
            return None
        moment, _, number = parts
        if not (moment.isdecimal() and number.isdecimal() and len(moment) <= 17 and len(number) <= 18):
            return None
        return cls(_EPOCH + int(moment) * _MICROSECOND, parts[1] == "out", int(number))

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{'out' if self.is_ours else 'in'}-{self.id}"


#: After everything.
LAST = Position(datetime.max.replace(tzinfo=UTC), True, _MOST_ID)


def part(
    query: Select[T], end: Position | None, at: Any, id_: Any, *, ours: bool, onwards: bool = False
) -> Select[T]:
    """The query's rows before the position, newest first, or from it `onwards`; in index order, so that no other row is
    looked at.
    """
    if end is not None:
        # Of one moment, what customers did comes first.
        same_moment = end.id if ours == end.is_ours else 0 if ours else _MOST_ID
        here = tuple_(literal(end.at, UtcDateTime()), literal(same_moment, BigId))
        query = query.where(tuple_(at, id_) >= here if onwards else tuple_(at, id_) < here)
    return query.order_by(at, id_) if onwards else query.order_by(at.desc(), id_.desc())
