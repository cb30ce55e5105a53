"""Stretches of days as people in Thailand count them, for figures and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.words import BANGKOK

#: Longer than a shop has existed; an own range beyond it is a slip of the thumb.
_MOST_DAYS = 366 * 20
_MOST_SINGLE_DAYS = 92
#: No year of ours is greater: such a one is counted from the Buddha.
_BUDDHIST = 2400


class Step(StrEnum):
    """How finely a stretch is divided."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, in Thailand's time; of the last one only what is before `until`.

    `by_month`: it is a month, or the beginning of one, and so is what it is compared with.
    """

    first: date
    last: date
    until: time | None = None
    by_month: bool = False

    @property
    def start(self) -> datetime:
        """The first moment, in UTC."""
        return datetime.combine(self.first, time(), BANGKOK).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        if self.until is not None:
            return datetime.combine(self.last, self.until, BANGKOK).astimezone(UTC)
        return datetime.combine(self.last + timedelta(days=1), time(), BANGKOK).astimezone(UTC)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        """Divided so that a chart of it can be read."""
        if self.days == 1:
            return Step.HOUR
        return Step.DAY if self.days <= _MOST_SINGLE_DAYS else Step.MONTH

    def before(self, now: datetime) -> Period:
        """The stretch to compare this one with: as long, ending where this one begins; of a month, the month before.

        What still runs at `now` is compared with the part of it that ended as long after its beginning, so that a
        morning is not held against a whole day. Of what has not begun that is nothing.
        """
        eve = self.first - timedelta(days=1)
        first = eve.replace(day=1) if self.by_month else self.first - timedelta(days=self.days)
        whole = Period(first, eve, by_month=self.by_month)
        if now >= self.end:
            return whole
        end = whole.start + max(now - self.start, timedelta())
        if end >= whole.end:
            return whole
        there = end.astimezone(BANGKOK)
        return replace(whole, last=there.date(), until=there.time())

    def marks(self) -> Iterator[str]:
        """What `mark` gives for each part of the period, in order: none is left out because nothing happened in it."""
        if self.step is Step.HOUR:
            yield from (f"{self.first} {hour:02}" for hour in range(24))
        elif self.step is Step.DAY:
            yield from (str(self.first + timedelta(days=number)) for number in range(self.days))
        else:
            months = range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month)
            yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in months)


def named(name: str, today: date) -> Period | None:
    """The period of this name as of today; None for a name that is none."""
    first_of_month = today.replace(day=1)
    last_month = first_of_month - timedelta(days=1)
    return {
        "today": Period(today, today),
        "yesterday": Period(today - timedelta(days=1), today - timedelta(days=1)),
        "week": Period(today - timedelta(days=6), today),
        "days30": Period(today - timedelta(days=29), today),
        "month": Period(first_of_month, today, by_month=True),
        "last_month": Period(last_month.replace(day=1), last_month, by_month=True),
    }.get(name)


def between(first: str, last: str) -> Period:
    """From and to as `day` reads them; the wrong way round is put right.

    Raises ValueError for what is no date, and for more than twenty years.
    """
    one, other = day(first), day(last)
    period = Period(min(one, other), max(one, other))
    if period.days > _MOST_DAYS or not 2000 <= period.first.year <= period.last.year <= 2200:
        raise ValueError("no period")
    return period


def day(typed: str) -> date:
    """A date as a form's date fields send it (ISO 8601), or the same with the Buddhist year that Thai people write.

    Raises ValueError.
    """
    year, rest = typed[:4], typed[4:]
    if year.isdecimal() and int(year) > _BUDDHIST:
        return date.fromisoformat(f"{int(year) - 543}{rest}")
    return date.fromisoformat(typed)


def today(now: datetime) -> date:
    """The day in Thailand at this moment."""
    return now.astimezone(BANGKOK).date()


_SQLITE = {Step.HOUR: "%Y-%m-%d %H", Step.DAY: "%Y-%m-%d", Step.MONTH: "%Y-%m"}
_POSTGRESQL = {Step.HOUR: "YYYY-MM-DD HH24", Step.DAY: "YYYY-MM-DD", Step.MONTH: "YYYY-MM"}


def mark(session: Session, moment: InstrumentedAttribute[datetime], step: Step) -> ColumnElement[str]:
    """In SQL: which part of a period a moment belongs to, as `Period.marks` names it."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime(_SQLITE[step], moment, "+7 hours")
    # a time without a zone, so that the server's own zone has no say
    return func.to_char(func.timezone("UTC", moment) + timedelta(hours=7), _POSTGRESQL[step])


def day_mark(session: Session, day: InstrumentedAttribute[date], step: Step) -> ColumnElement[str]:
    """In SQL: which part of a period a day in Thailand belongs to; not for a period that is divided by hours."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime(_SQLITE[step], day)
    return func.to_char(day, _POSTGRESQL[step])
