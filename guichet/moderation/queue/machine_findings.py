"""What the machine says of a text: marks, language, risk and why, near-duplicate bands.

Owns the putting together of the detection; refuses to write anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from guichet.moderation.models import ModeratedText, OriginalText
from guichet.moderation.redaction import Mark, Origin


@dataclass(frozen=True)
class Findings:
    marks: tuple[Mark, ...] = ()
    language: str = ""
    risk: int = 0
    flags: tuple[str, ...] = ()
    danger_words: tuple[str, ...] = ()
    signature: tuple[int, ...] = ()
    bands: tuple[int, ...] = ()


def findings_of(text: ModeratedText, original: OriginalText) -> Findings:
    """Everything that the detection finds; loads the language model on its first call."""
    whole = "\n".join(part["text"] for part in original.parts)
    return Findings(
        marks=tuple(
            Mark(part["name"], span.start, span.end, span.kind, Origin.MODEL)
            for part in original.parts
            for span in found("detector", "found", part["text"])
        ),
        language=found("language", "language_of", whole) or "",
        danger_words=tuple(found("dangers", "danger_words", whole)),
    )


def found(module: str, name: str, text: str) -> Any:
    try:
        search: Callable[[str], Any] = getattr(
            import_module(f"guichet.moderation.detection.{module}"), name
        )
    except ImportError:
        return ()
    return search(text)


def likeness_of(one: Sequence[int], other: Sequence[int]) -> float:
    """0..1, from two signatures."""
    try:
        near = import_module("guichet.moderation.near_duplicates")
    except ImportError:
        return 0.0
    return float(near.likeness(one, other))
