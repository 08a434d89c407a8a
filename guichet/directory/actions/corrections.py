"""An agent corrects what a source says of a structure; the correction outlives re-imports.

Owns `Correction` rows; refuses changes to what identifies the structure (its code, its source).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded, one_line
from guichet.directory.actions import weekly_hours
from guichet.directory.actions.source_values import keep_source_value
from guichet.directory.actions.weekly_hours import Interval, correct_hours
from guichet.directory.entries import refuse_surcharged
from guichet.directory.models import Correction, Structure

__all__ = [
    "CORRECTABLE_FIELDS",
    "Interval",
    "confirm_structure",
    "correct_hours",
    "correct_structure",
    "withdraw_correction",
]

ONE_LINE_FIELDS = ("name", "acronym", "postal_code", "town", "relay_phone")
CORRECTABLE_FIELDS = (
    "name",
    "acronym",
    "address_lines",
    "postal_code",
    "town",
    "latitude",
    "longitude",
    "accessibility",
    "accessibility_note",
    "phones",
    "relay_phone",
    "emails",
    "websites",
    "contact_form",
    "appointment_url",
    "chat_url",
    "video_url",
    "social_links",
    "hours_text",
    "information",
    "partners",
)
POSITION = ("latitude", "longitude")
VOUCHED_FIELDS = ("phones", "emails")


@transaction.atomic
def correct_structure(*, structure: Structure, by: User | None, **values: Any) -> list[str]:
    """Set the fields that differ and return their names; the source's value is kept beside.

    `RuleViolation` for a field that may not be corrected, half a position, or a telephone number
    that is surcharged (none is allowed since 1 January 2021: law 2018-727, article 28).
    """
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    unknown = set(values) - set(CORRECTABLE_FIELDS)
    if unknown:
        raise RuleViolation(f"Ces champs ne se corrigent pas ici : {', '.join(sorted(unknown))}.")
    refuse_surcharged(values.get("phones", []))
    values |= {name: one_line(values[name]) for name in ONE_LINE_FIELDS if name in values}
    changed = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if not changed:
        return []
    before = {name: getattr(stored, name) for name in changed}
    for name in sorted(with_whole_position(set(changed))):
        keep_source_value(stored, name, getattr(stored, name), by)
    for name, value in changed.items():
        setattr(stored, name, value)
    if set(POSITION) & set(changed):
        stored.position_source = "correction" if stored.latitude is not None else ""
    if (stored.latitude is None) != (stored.longitude is None):
        raise RuleViolation("Indiquez la latitude et la longitude, ou aucune des deux.")
    stored.search_name = search_name(stored)
    stored.save()
    record(
        by=by,
        action="structure.corrected",
        subject=stored,
        scope=stored.scope,
        before=before,
        after=changed,
    )
    return sorted(changed)


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: User) -> None:
    """Give the source's value back, and let the next imports change it.

    The two halves of a position go together. `RuleViolation` for the place in the tree, which
    the programme team changes.
    """
    structure = Structure.objects.select_for_update().get(pk=correction.structure_id)
    if correction.field == weekly_hours.FIELD:
        before, after = weekly_hours.restore(structure, correction.source_value)
        record_withdrawal(structure, by, before, after)
        correction.delete()
        return
    if correction.field not in CORRECTABLE_FIELDS:
        raise RuleViolation("Le rattachement se change dans les pages de l'équipe du programme.")
    together = structure.corrections.filter(field__in=with_whole_position({correction.field}))
    restored = {one.field: one.source_value for one in together}
    before = {name: getattr(structure, name) for name in restored}
    for name, value in restored.items():
        setattr(structure, name, value)
    if set(POSITION) & set(restored):
        structure.position_source = source_of_position(structure)
    structure.search_name = search_name(structure)
    structure.save()
    record_withdrawal(structure, by, before, restored)
    together.delete()


def record_withdrawal(
    structure: Structure, by: User, before: dict[str, Any], after: dict[str, Any]
) -> None:
    record(
        by=by,
        action="structure.correction_withdrawn",
        subject=structure,
        scope=structure.scope,
        before=before,
        after=after,
    )


@transaction.atomic
def confirm_structure(*, structure: Structure, by: User) -> None:
    """Somebody who answers for it vouches that all that is shown is right today.

    Telephones and e-mails of an old source are shown again, and stay through re-imports.
    """
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    refuse_surcharged(stored.phones)
    before = stored.checked_on
    stored.checked_on = timezone.localdate()
    stored.save(update_fields=["checked_on"])
    for name in VOUCHED_FIELDS:
        keep_source_value(stored, name, getattr(stored, name), by)
    record(
        by=by,
        action="structure.confirmed",
        subject=stored,
        scope=stored.scope,
        before={"checked_on": before},
        after={"checked_on": stored.checked_on},
    )


def with_whole_position(names: set[str]) -> set[str]:
    return names | set(POSITION) if names & set(POSITION) else names


def source_of_position(structure: Structure) -> str:
    """Where a position given back to its source comes from: the source, or only the commune."""
    commune = structure.commune
    if structure.latitude is None:
        return ""
    if commune and (structure.latitude, structure.longitude) == (
        commune.latitude,
        commune.longitude,
    ):
        return "commune"
    return structure.source


def search_name(structure: Structure) -> str:
    return folded(f"{structure.name} {structure.acronym} {structure.former_name}".strip())
