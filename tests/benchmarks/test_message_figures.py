"""The arithmetic behind the benchmark's table; the measuring itself is run by hand."""

from __future__ import annotations

import pytest

from benchmarks.messages.figures import HEAD, Result, Times, load_rows, percentile, ratio
from benchmarks.report import table


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1.0), (1, 1.0), (50, 50.0), (50.5, 51.0), (99, 99.0), (100, 100.0)]
)
def test_a_percentile_is_the_value_at_its_nearest_rank(percent: float, expected: float) -> None:
    assert percentile([float(value) for value in range(1, 101)], percent) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert [percentile([7.0], percent) for percent in (0, 50, 99)] == [7.0, 7.0, 7.0]


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        Times.of([])


def test_times_are_sorted_before_they_are_ranked() -> None:
    assert Times.of([30, 10, 20]) == Times(p50=20, p99=30)


def test_a_ratio_to_nothing_is_left_out() -> None:
    assert [ratio(10, 4), ratio(300, 2), ratio(1, 0)] == ["2.5x", "150x", "-"]


def test_the_table_says_how_many_times_better_each_figure_is() -> None:
    stock = Result(2.0, Times(500, 900), Times(480, 800), 40, {"rasa": 60.0, "actions": 4.0})
    talad = Result(50.0, Times(5, 9), Times(48, 100), 500, {"rasa": 12.0, "actions": 4.0})
    *_, better = load_rows("Graph 100 ms, 1 in flight", stock, talad)
    assert better == ("", "better by", "25.0x", "100x / 100x", "10.0x / 8.0x", "", "4.0x")


def test_the_table_is_markdown_with_aligned_columns() -> None:
    result = Result(2.0, Times(500, 900), Times(480, 800), 40)
    lines = table(HEAD, load_rows("a load", result, result)).splitlines()
    assert len(lines) == 5
    assert {len(line) for line in lines} == {len(lines[0])}
    assert lines[0].count("|") == len(HEAD) + 1
