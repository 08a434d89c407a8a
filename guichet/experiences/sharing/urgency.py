"""The numbers to call when what somebody writes says a danger: at once, not when a moderator reads.

Owns how a long text is heard; refuses to judge it (`orientation.matching.alarms` does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guichet.orientation.answer_page import URGENT_NUMBERS, URGENT_TITLES
from guichet.orientation.matching.alarms import GRAVEST_FIRST, alarm_in
from guichet.orientation.models import Urgency

SENTENCE = re.compile(r"[^.!?\n]{3,200}")


@dataclass(frozen=True)
class Urgent:
    """A title and the numbers to call first ("3114 15 112")."""

    title: str
    numbers: str


def urgent_in(text: str) -> Urgent | None:
    """What the gravest danger said by a sentence calls for; None when none says any."""
    alarms = {alarm for sentence in SENTENCE.findall(text) if (alarm := alarm_in(sentence))}
    if not alarms:
        return None
    gravest = Urgency(min(alarms, key=GRAVEST_FIRST.index))
    return Urgent(URGENT_TITLES[gravest], URGENT_NUMBERS[gravest])
