"""Days as people in Thailand count them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shop import periods
from shop.periods import Period, Step

DAY = date(2026, 11, 2)


def test_a_day_in_thailand_begins_seven_hours_before_one_in_greenwich():
    day = Period(DAY, DAY)
    assert day.start == datetime(2026, 11, 1, 17, tzinfo=UTC)
    assert day.end == datetime(2026, 11, 2, 17, tzinfo=UTC)
    assert periods.today(datetime(2026, 11, 1, 17, tzinfo=UTC)) == DAY
    assert periods.today(datetime(2026, 11, 1, 16, 59, tzinfo=UTC)) == date(2026, 11, 1)


def test_a_period_is_divided_so_that_a_chart_can_be_read():
    assert Period(DAY, DAY).step is Step.HOUR
    assert len(list(Period(DAY, DAY).marks())) == 24
    assert list(Period(date(2026, 2, 27), date(2026, 3, 1)).marks()) == [
        "2026-02-27",
        "2026-02-28",
        "2026-03-01",
    ]
    year = Period(date(2025, 11, 3), date(2026, 2, 9))
    assert list(year.marks()) == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-02", "2026-11-02"),
        ("yesterday", "2026-11-01", "2026-11-01"),
        ("week", "2026-10-27", "2026-11-02"),
        ("days30", "2026-10-04", "2026-11-02"),
        ("month", "2026-11-01", "2026-11-02"),
        ("last_month", "2026-10-01", "2026-10-31"),
    ],
)
def test_periods_have_names(name, first, last):
    assert periods.named(name, DAY) == Period(date.fromisoformat(first), date.fromisoformat(last))
    assert periods.named("ever", DAY) is None


def test_the_period_before_is_as_long_and_ends_where_this_one_begins():
    week = periods.named("week", DAY)
    assert week.before() == Period(date(2026, 10, 20), date(2026, 10, 26))
    assert week.before().end == week.start


def test_what_a_form_sends_is_read_or_refused():
    assert periods.between("2026-11-02", "2026-10-01") == Period(date(2026, 10, 1), DAY)
    assert periods.between("2569-10-01", "2569-11-02") == Period(date(2026, 10, 1), DAY)
    for first, last in (
        ("", "2026-11-02"),
        ("2026-11-31", "2026-11-02"),
        ("1990-01-01", "2026-01-01"),
        ("ก", "ข"),
    ):
        with pytest.raises(ValueError):
            periods.between(first, last)
