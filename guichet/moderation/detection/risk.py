"""How much a text needs a moderator's eye, and why, in words shown to moderators.

Owns the weights; refuses to decide anything: the order of the queue only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guichet.moderation.detection.dangers import SEVERAL_WORDS
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

HIGHEST = 100
DANGER_FLAG = "danger possible"
"""How a flag begins that quotes what alerts, or what is to be looked at."""
LOOK_FLAG = f"{DANGER_FLAG}, à regarder"
LOOK_WEIGHT = 70
"""Of a text with signs of danger that do not alert, or in another language than French, where
only the plainest are known: before every text without."""
SENSITIVE = frozenset({Kind.NIR, Kind.IBAN, Kind.ADDRESS, Kind.PHONE})
SHORT_TEXT = 40
"""Characters under which a text can hardly tell a story."""
MANY_LETTERS = 60
CAPITALS_SHARE = 0.7
SHOWN_WORDS = 3


@dataclass(frozen=True)
class Risk:
    """`score` 0 (none) to 100; `flags` say why, the gravest first."""

    score: int
    flags: tuple[str, ...]


def risk_of(
    text: str,
    *,
    spans: Sequence[Span] = (),
    dangers: Sequence[str] = (),
    dangers_to_look_at: Sequence[str] = (),
    insults: Sequence[str] = (),
    language: str = "fr",
    is_burst: bool = False,
) -> Risk:
    """`spans` is the personal data found; `dangers` and `insults` the expressions found,
    `dangers_to_look_at` those that do not alert; `language` a code of ISO 639-1, empty when
    unsure."""
    clues = (
        (100, _quoted(DANGER_FLAG, dangers)),
        (LOOK_WEIGHT, _quoted(LOOK_FLAG, dangers_to_look_at)),
        (min(60, 30 + 15 * len(insults)), _quoted("insulte possible", insults)),
        (_weight_of_personal(spans), _said_personal(spans)),
        (25, "reçu en rafale" if is_burst else ""),
        (LOOK_WEIGHT, _said_language(text, language)),
        (15, "contient une adresse internet" if "http" in text or "www." in text else ""),
        (10, "écrit en capitales" if _is_in_capitals(text) else ""),
        (10, "très court" if len(text.strip()) < SHORT_TEXT else ""),
    )
    raised = [(weight, flag) for weight, flag in clues if flag]
    return Risk(
        min(HIGHEST, sum(weight for weight, _ in raised)), tuple(flag for _, flag in raised)
    )


def _quoted(label: str, expressions: Sequence[str]) -> str:
    """Words of the text between quotation marks; what stands for them, without."""
    shown = ", ".join(
        one if one == SEVERAL_WORDS else f"« {one} »" for one in expressions[:SHOWN_WORDS]
    )
    return f"{label} : {shown}" if shown else ""


def _weight_of_personal(spans: Sequence[Span]) -> int:
    sensitive = sum(span.kind in SENSITIVE for span in spans)
    return min(40, 5 * len(spans) + 5 * sensitive)


def _said_personal(spans: Sequence[Span]) -> str:
    if not spans:
        return ""
    return "1 donnée personnelle" if len(spans) == 1 else f"{len(spans)} données personnelles"


def _said_language(text: str, language: str) -> str:
    if language == "fr" or len(text.strip()) < SHORT_TEXT:
        return ""
    return f"autre langue que le français ({language})" if language else "langue non reconnue"


def _is_in_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    upper = sum(letter.isupper() for letter in letters)
    return len(letters) >= MANY_LETTERS and upper >= CAPITALS_SHARE * len(letters)
