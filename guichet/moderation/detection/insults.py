"""Insults and words of hatred: few, whole words, shown to the moderator.

Owns the list (`reference/insults.txt`); refuses strong language that aims at nobody (« merde »).
"""

from __future__ import annotations

from guichet.moderation.detection.expressions import expressions_in


def insult_words(text: str) -> tuple[str, ...]:
    """The insults found, as written, each once."""
    return expressions_in(text, "insults")
