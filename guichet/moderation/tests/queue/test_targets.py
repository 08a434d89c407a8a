"""How a delay that was chosen is told: exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guichet.moderation.queue.targets import delay_in_words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "1\u00a0heure"),
        (1.5, "90\u00a0minutes"),
        (24, "24\u00a0heures"),
        (48, "2\u00a0jours"),
        (60, "60\u00a0heures"),
        (72, "3\u00a0jours"),
    ],
)
def test_a_delay_is_told_without_rounding(hours, words):
    assert delay_in_words(timedelta(hours=hours)) == words
