"""What a structure says, in public, of a figure that it contests.

Owns `FigureComment`; refuses a figure that is not the structure's own, and a second comment of the
same figure while one stands.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import without_controls
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.indicators.models import FigureComment, IndicatorVersion
from guichet.indicators.own_figures import has_figure

LONGEST = 1_000
SHORTEST = 10


@transaction.atomic
def comment_figure(
    *,
    structure: Structure,
    version: IndicatorVersion,
    period: str,
    text: str,
    signed_as: str,
    by: User,
) -> FigureComment:
    """Publish it: plain text, its lines kept, signed by a function."""
    refuse_stranger(by, structure)
    lines = [" ".join(without_controls(line).split()) for line in text.splitlines()]
    text = "\n".join(lines).strip()
    signed_as = " ".join(without_controls(signed_as).split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise RuleViolation(f"Écrivez de {SHORTEST} à {LONGEST} caractères.")
    if not signed_as:
        raise RuleViolation("Signez d'une fonction, comme « la direction de l'agence ».")
    if not has_figure(structure, version, period):
        raise RuleViolation("Cette structure n'a pas de chiffre pour cette période.")
    Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)
    standing = FigureComment.objects.filter(
        structure=structure, version=version, period=period, withdrawn_at__isnull=True
    )
    if standing.exists():
        raise RuleViolation("Ce chiffre a déjà un commentaire : retirez-le d'abord.")
    comment = FigureComment.objects.create(
        structure=structure,
        version=version,
        period=period,
        text=text,
        signed_as=signed_as[:150],
        by=by,
    )
    told(comment, by, "comment.published")
    return comment


@transaction.atomic
def withdraw_comment(*, comment: FigureComment, by: User) -> None:
    refuse_stranger(by, comment.structure)
    stored = FigureComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if stored.withdrawn_at is None:
        stored.withdrawn_at = timezone.now()
        stored.save(update_fields=["withdrawn_at"])
        told(stored, by, "comment.withdrawn")


def told(comment: FigureComment, by: User, action: str) -> None:
    after = {"indicator": str(comment.version), "period": comment.period, "text": comment.text}
    record(
        by=by,
        action=action,
        subject=comment.structure,
        scope=comment.structure.scope,
        after={**after, "signed_as": comment.signed_as},
    )


def refuse_stranger(by: User, structure: Structure) -> None:
    if not powers_of(by).may_respond(structure):
        raise RuleViolation("Seuls ceux qui répondent pour cette structure la commentent.")
