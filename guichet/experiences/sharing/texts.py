"""The texts of a story: how long each may be, and a title for one that has none. Plain Python."""

from __future__ import annotations

import re

from guichet.core.text import one_line

LONGEST_TITLE = 150
LONGEST_STORY = 5_000
LONGEST_WISH = 2_000
LONGEST_PSEUDONYM = 60
LONGEST_SERVICE_NAME = 200
DERIVED_TITLE = 80

END_OF_SENTENCE = re.compile(r"[.!?…](?=\s|$)|\n")


def title_from(story: str) -> str:
    """The first sentence of a story without a title, 80 characters at most, cut at a word."""
    found = END_OF_SENTENCE.search(story)
    sentence = one_line(story[: found.start()] if found else story)
    if len(sentence) <= DERIVED_TITLE:
        return sentence
    cut = sentence[:DERIVED_TITLE].rpartition(" ")[0] or sentence[: DERIVED_TITLE - 1]
    return f"{cut.rstrip(' ,;:')}…"
