"""One story at a time: whoever writes about it holds its row, then its service's.

Owns the order of the locks; refuses what is not published any more.
"""

from __future__ import annotations

from guichet.core.errors import RuleViolation
from guichet.experiences.models import Addressee, Experience

NOT_PUBLISHED = "Ce récit n'est plus publié : on ne peut plus y répondre."


def hold(addressee: Addressee) -> Addressee:
    """The same addressee as it stands now, locked until the transaction ends, with its story,
    service and network; the story must be published."""
    experience = Experience.objects.select_for_update().get(pk=addressee.experience_id)
    held = (
        Addressee.objects.select_for_update(of=("self",))
        .select_related("structure__network", "network", "assigned_to")
        .get(pk=addressee.pk)
    )
    held.experience = experience
    if not experience.is_published:
        raise RuleViolation(NOT_PUBLISHED)
    return held


def scope_of(held: Addressee) -> str | None:
    """Where the audit of a held addressee belongs: its service, or the programme."""
    return held.structure.scope if held.structure else None


def touch(experience: Experience, *fields: str) -> None:
    """Save `fields` and say that what the public reads has changed."""
    experience.save(update_fields=[*fields, "changed_at"])
