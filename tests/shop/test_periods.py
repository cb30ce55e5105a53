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
    found = periods.named(name, DAY)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert periods.named("ever", DAY) is None


NOW = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)  # 10:30 in Thailand


def test_the_period_before_is_as_long_and_ends_where_this_one_begins():
    days = Period(date(2026, 10, 27), date(2026, 10, 30))
    assert days.before(NOW) == Period(date(2026, 10, 23), date(2026, 10, 26))
    assert days.before(NOW).end == days.start


@pytest.mark.parametrize(
    ("period", "first", "end"),
    [
        (periods.named("today", DAY), "2026-11-01", datetime(2026, 11, 1, 3, 30, tzinfo=UTC)),
        (periods.named("week", DAY), "2026-10-20", datetime(2026, 10, 26, 3, 30, tzinfo=UTC)),
        (periods.named("month", DAY), "2026-10-01", datetime(2026, 10, 2, 3, 30, tzinfo=UTC)),
        (Period(DAY, date(2026, 11, 5)), "2026-10-29", datetime(2026, 10, 29, 3, 30, tzinfo=UTC)),
    ],
    ids=["today", "week", "month", "beyond today"],
)
def test_what_still_runs_is_compared_with_the_same_part_of_what_was_before(period, first, end):
    before = period.before(NOW)
    assert before.first == date.fromisoformat(first) and before.end == end


def test_a_month_is_compared_with_the_month_before_it_however_long_that_was():
    october = periods.named("last_month", DAY).before(NOW)
    assert (october.first, october.last) == (date(2026, 9, 1), date(2026, 9, 30))
    last_of_march = date(2026, 3, 31)
    before = periods.named("month", last_of_march).before(datetime(2026, 3, 31, 3, tzinfo=UTC))
    assert (before.first, before.last, before.until) == (date(2026, 2, 1), date(2026, 2, 28), None)
    february = periods.named("last_month", last_of_march).before(datetime(2026, 2, 28, 17, 5, tzinfo=UTC))
    assert (february.first, february.last, february.until) == (date(2026, 1, 1), date(2026, 1, 31), None)


def test_what_has_not_begun_is_compared_with_nothing():
    before = Period(date(2026, 11, 5), date(2026, 11, 6)).before(NOW)
    assert before.start == before.end


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
