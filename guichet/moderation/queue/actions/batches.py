"""The same decision on several texts, each in its own transaction.

Owns which texts may be decided together; refuses to publish together what is not low-risk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.moderation.models import ModeratedText, RefusalReason
from guichet.moderation.queue.actions.deciding import accept, refuse
from guichet.moderation.queue.actions.taking import open_text

LOW_RISK = 30
"""Under this, of 100, texts may be published together once they were read one under the other."""

REFUSED_TOGETHER = (RefusalReason.DUPLICATE, RefusalReason.ADVERTISING)
MOST_TOGETHER = 20


@dataclass(frozen=True)
class BatchOutcome:
    """How many were decided, and for each of the others why not."""

    decided: int
    refused: tuple[str, ...]


def open_several(*, texts: Iterable[ModeratedText], by: User) -> list[ModeratedText]:
    """Take those that nobody else has in hand; each opening is recorded."""
    opened = []
    for text in list(texts)[:MOST_TOGETHER]:
        try:
            opened.append(open_text(text=text, by=by))
        except RuleViolation:
            continue
    return opened


def accept_several(*, texts: Iterable[ModeratedText], by: User) -> BatchOutcome:
    def publish(text: ModeratedText) -> None:
        if text.is_danger or text.risk >= LOW_RISK:
            raise RuleViolation(
                "Ce texte n'est pas de risque faible : il se publie seul, depuis sa page."
            )
        accept(text=text, by=by)

    return each(texts, publish)


def refuse_several(
    *, texts: Iterable[ModeratedText], by: User, reason: RefusalReason
) -> BatchOutcome:
    if reason not in REFUSED_TOGETHER:
        raise RuleViolation(
            "Seuls les textes déjà publiés et les publicités se refusent ensemble : les autres "
            "motifs demandent une explication à chacun."
        )

    def turn_away(text: ModeratedText) -> None:
        if text.is_danger:
            raise RuleViolation("Un texte qui dit un danger se décide à deux, depuis sa page.")
        refuse(text=text, by=by, reason=reason)

    return each(texts, turn_away)


def each(texts: Iterable[ModeratedText], decide: Callable[[ModeratedText], None]) -> BatchOutcome:
    decided, refused = 0, []
    for text in texts:
        try:
            decide(text)
            decided += 1
        except RuleViolation as error:
            refused.append(f"Texte {text} : {error}")
    return BatchOutcome(decided, tuple(refused))
