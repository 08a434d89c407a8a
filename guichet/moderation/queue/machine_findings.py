"""What the machine says of a text: marks, language, risk and why, near-duplicate bands.

Owns the putting together of the detection; refuses to write anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.moderation.chosen_names import without_chosen_name
from guichet.moderation.detection.dangers import Grade, danger_of
from guichet.moderation.detection.detector import found
from guichet.moderation.detection.insults import insult_words
from guichet.moderation.detection.language import language_of
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.detection.risk import risk_of
from guichet.moderation.detection.spans import Span
from guichet.moderation.models import ModeratedText, OriginalText
from guichet.moderation.near_duplicates import bands, signature
from guichet.moderation.redaction import Mark, Origin


@dataclass(frozen=True)
class Findings:
    """As `ModeratedText` keeps them; `danger_words` alert when there are any."""

    marks: tuple[Mark, ...] = ()
    language: str = ""
    risk: int = 0
    flags: tuple[str, ...] = ()
    danger_words: tuple[str, ...] = ()
    signature: tuple[int, ...] = ()
    bands: tuple[int, ...] = ()


def findings_of(text: ModeratedText, original: OriginalText) -> Findings:
    """Everything that the detection finds; loads the language model on its first call, in the
    worker alone."""
    return findings_by(found, Origin.MODEL, text, original)


def findings_without_model(text: ModeratedText, original: OriginalText) -> Findings:
    """What patterns and lists of words find, when the model is down."""
    return findings_by(found_by_patterns, Origin.PATTERN, text, original)


def findings_by(
    find: Callable[[str], list[Span]], origin: Origin, text: ModeratedText, original: OriginalText
) -> Findings:
    whole = whole_of(original)
    spans = [
        (part["name"], span)
        for part in original.parts
        for span in without_chosen_name(part["name"], part["text"], find(part["text"]))
    ]
    language, danger = language_of(whole), danger_of(whole)
    alerting = danger.words if danger.grade is Grade.ALERT else ()
    risk = risk_of(
        whole,
        spans=[span for _, span in spans],
        dangers=alerting,
        dangers_to_look_at=() if alerting else danger.words,
        insults=insult_words(whole),
        language=language,
        is_burst=text.is_burst,
    )
    signed = signature(whole)
    return Findings(
        marks=tuple(Mark(name, span.start, span.end, span.kind, origin) for name, span in spans),
        language=language,
        risk=risk.score,
        flags=risk.flags,
        danger_words=alerting,
        signature=signed,
        bands=bands(signed),
    )


def whole_of(original: OriginalText) -> str:
    return "\n".join(part["text"] for part in original.parts if part["text"])
