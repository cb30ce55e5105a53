"""When to try again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import SendError, retry_delay

SENTENCE = {"th": "ขัดข้อง", "en": "trouble"}


def error(**changes: object) -> SendError:
    fields = {"meaning": "temporary", "permanent": False, "sentence": SENTENCE, "attempts": 8}
    return SendError(**(fields | changes))  # type: ignore[arg-type]


def test_the_pause_doubles_up_to_five_minutes() -> None:
    pauses = [retry_delay(attempt, error(attempts=None), 0.5) for attempt in range(1, 11)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_permanent_error_is_given_up_at_once() -> None:
    assert retry_delay(1, error(permanent=True)) is None


def test_a_temporary_one_after_its_attempts() -> None:
    assert retry_delay(7, error()) is not None
    assert retry_delay(8, error()) is None


def test_without_a_number_of_attempts_it_is_never_given_up() -> None:
    assert retry_delay(10**9, error(attempts=None), 1.0) == 375


@given(st.integers(1, 100), st.floats(0, 1), st.floats(0, 86_400))
def test_the_platforms_own_pause_is_never_undercut(attempt: int, jitter: float, wait: float) -> None:
    delay = retry_delay(attempt, error(attempts=None, retry_after=wait), jitter)
    assert delay is not None and delay >= wait


def test_jitter_spreads_the_pauses_of_many() -> None:
    delays = {retry_delay(3, error()) for _ in range(20)}
    assert len(delays) > 10
    assert all(delay is not None and 6 <= delay <= 10 for delay in delays)


def test_an_error_says_what_and_by_which_numbers() -> None:
    assert str(error(code=10, subcode=2018278, detail="outside")) == "temporary 10/2018278 outside"
    with pytest.raises(SendError):
        raise error()
