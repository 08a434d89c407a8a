"""The one error that carries a sentence for a person."""

from __future__ import annotations


class RuleViolation(Exception):
    """A rule of the field forbids the write. The text is French and says how to mend it."""
