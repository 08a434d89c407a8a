"""Words that say a danger to oneself or to others, as people in distress write them.

Owns the expressions (`reference/danger_expressions.txt`), chosen to miss as few as possible: a
person looks at each text at once. Refuses the figures of speech (« mourir de rire »).
"""

from __future__ import annotations

from guichet.moderation.detection.expressions import expressions_in


def danger_words(text: str) -> tuple[str, ...]:
    """The expressions found, as written, each once, in the order of the text."""
    return expressions_in(text, "danger_expressions")
