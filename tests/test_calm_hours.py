"""No test begins in the last moments of a day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.calm_hours import seconds_to_hold_back


@pytest.mark.parametrize(
    ("now", "is_long", "held_back"),
    [
        (datetime(2026, 12, 31, 23, 59, 51, tzinfo=UTC), False, 9),
        (datetime(2026, 12, 31, 22, 59, 51, tzinfo=UTC), False, 9),
        (datetime(2026, 12, 31, 20, 59, 51, tzinfo=UTC), False, 9),
        (datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC), False, 0),
        (datetime(2026, 12, 31, 22, 58, 1, tzinfo=UTC), True, 119),  # midnight in Paris
        (datetime(2026, 7, 14, 21, 59, tzinfo=UTC), True, 60),  # and in summer
        (datetime(2026, 12, 31, 20, 59, 51, tzinfo=UTC), True, 0),
        (datetime(2026, 12, 31, 0, 0, tzinfo=UTC), True, 0),
    ],
)
def test_a_test_ends_in_the_day_in_which_it_begins(now, is_long, held_back):
    assert seconds_to_hold_back(now.timestamp(), is_long=is_long) == pytest.approx(held_back)
