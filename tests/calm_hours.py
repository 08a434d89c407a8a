"""When a test may begin, so that the day and the hour it begins in are those it ends in.

Owns how long before the end of an hour, or of a day, a test is held back. Many tests say « today »
as the code does; both would be right, and differ, over midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HOUR_S = 3600
SHORT_TEST_S = 10
LONG_TEST_S = 120
ZONES = (UTC, ZoneInfo("Europe/Paris"))


def seconds_to_hold_back(now: float, *, is_long: bool) -> float:
    """How long a test that would begin `now` (seconds since 1970) waits: until the next hour when
    it could not end before it, a long one before midnight only."""
    left = HOUR_S - now % HOUR_S
    if left > (LONG_TEST_S if is_long else SHORT_TEST_S):
        return 0.0
    next_hour = datetime.fromtimestamp(round(now + left), UTC)
    is_midnight = any(next_hour.astimezone(zone).hour == 0 for zone in ZONES)
    return left if is_midnight or not is_long else 0.0
