"""The numbers to call when what somebody writes says a danger: at once, not when a moderator reads.

Owns how a long text is heard; refuses to judge it (`orientation.matching.alarms` does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guichet.orientation.answer_page import URGENT_NUMBERS, URGENT_TITLES
from guichet.orientation.matching.alarms import alarm_in
from guichet.orientation.models import Urgency

SENTENCE = re.compile(r"[^.!?\n]{3,200}")


@dataclass(frozen=True)
class Urgent:
    """A title and the numbers to call first ("3114 15 112")."""

    title: str
    numbers: str


def urgent_in(text: str) -> Urgent | None:
    """What the first sentence that says a danger calls for; None when none does."""
    for sentence in SENTENCE.findall(text):
        if alarm := alarm_in(sentence):
            return Urgent(URGENT_TITLES[Urgency(alarm)], URGENT_NUMBERS[Urgency(alarm)])
    return None
