"""Moderation: texts before and after redaction, what was decided of them, and alerts."""

from guichet.moderation.models.decisions import Alert, Decision, RefusalReason, Verb, Witness
from guichet.moderation.models.texts import (
    ModeratedText,
    OriginalText,
    TextState,
)

__all__ = [
    "Alert",
    "Decision",
    "ModeratedText",
    "OriginalText",
    "RefusalReason",
    "TextState",
    "Verb",
    "Witness",
]
