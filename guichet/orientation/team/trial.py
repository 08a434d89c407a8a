"""« Essayer »: what the search answers to a text, with the catalogue as it is now.

Owns the short telling of an answer; refuses to count it: the team's trials are nobody's questions.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.core.text import search_text
from guichet.orientation.answers import Question, Subject, subjects_of, understand
from guichet.orientation.catalogue import catalogue
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.models import Need

OUTCOMES = {
    Outcome.SURE: ("Réponse sûre", "success"),
    Outcome.CHOICE: ("Choix proposé", "info"),
    Outcome.OUT_OF_SCOPE: ("Hors du service public", "info"),
    Outcome.MISSED: ("Rien trouvé", "warning"),
}
MOST_LIKELY = 6


@dataclass(frozen=True)
class TriedSubject:
    """A need (its `code` leads to its page) or a sheet, and the services that it sends to."""

    title: str
    code: str
    services: str
    is_need: bool


@dataclass(frozen=True)
class Trial:
    text: str
    outcome: str
    badge_kind: str
    subjects: tuple[TriedSubject, ...]
    unknown: tuple[str, ...]


def trial(text: str) -> Trial | None:
    """What `text` is answered; None for an empty one."""
    text = search_text(text)
    if not text:
        return None
    outcome, keys, reading = understand(Question(text=text))
    label, kind = OUTCOMES[Outcome(outcome)]
    return Trial(
        text=text,
        outcome=label,
        badge_kind=kind,
        subjects=tuple(tried(one) for one in subjects_of(keys)),
        unknown=reading.unknown if reading else (),
    )


def tried(subject: Subject) -> TriedSubject:
    return TriedSubject(
        title=subject.title,
        code=subject.code,
        services=", puis ".join(door.label for door in subject.doors),
        is_need=subject.key.startswith("need:"),
    )


def likely_needs(text: str) -> list[Need]:
    """The needs that the words of `text` come closest to, the likeliest first."""
    found = catalogue().needs.read(search_text(text)).found[:MOST_LIKELY]
    keys = [int(one.key.partition(":")[2]) for one in found]
    needs = Need.objects.active().in_bulk(keys)
    return [needs[key] for key in keys if key in needs]
