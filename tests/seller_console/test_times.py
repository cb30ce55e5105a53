"""How times are told that people compare with the present."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seller_console import rendering
from tests.factories import NOW

#: Twenty past one in the night, in Thailand.
NIGHT = NOW.replace(hour=18, minute=20)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "thai", "english", "exact"),
    [
        (NIGHT, "01:20", "01:20", "01:20"),
        (NIGHT - 3 * HOUR, "เมื่อวาน 22:20", "yesterday 22:20", "yesterday 22:20"),
        (NIGHT + 23 * HOUR, "พรุ่งนี้ 00:20", "tomorrow 00:20", "tomorrow 00:20"),
        (NIGHT - 27 * HOUR, "1 พ.ย. 2569", "1 Nov 2026", "1 Nov 2026, 22:20"),
    ],
)
def test_a_time_around_now_has_the_clock_in_it_also_after_midnight(monkeypatch, at, thai, english, exact):
    monkeypatch.setattr(rendering, "utc_now", lambda: NIGHT)
    assert rendering.recent(at, "th") == thai
    assert rendering.recent(at, "en") == english
    assert rendering.recent(at, "en", exact=True) == exact
