"""Reads for pages and exports."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from guichet.directory.models import SourceIdentifier, Structure
from guichet.directory.schedules import with_hours

SOURCE_NAMES = {
    "dila": "Annuaire de l'administration (DILA)",
    "dila2016": "Annuaire de l'administration (DILA), édition de 2016",
    "france-services": "Carte des France services (ANCT), septembre 2020",
    "manual": "Équipe du programme",
    "demonstration": "Démonstration (lieu fictif)",
}


@dataclass(frozen=True)
class ShownContacts:
    """What may be shown: an old source's telephone and e-mail are hidden, unless corrected."""

    phones: list[dict[str, str]]
    emails: list[str]
    are_hidden: bool


def shown_contacts(structure: Structure) -> ShownContacts:
    """`structure` prefetched with its corrections (one more query otherwise)."""
    corrected = {correction.field for correction in structure.corrections.all()}
    is_old = structure.needs_check(timezone.localdate())
    phones = structure.phones if not is_old or "phones" in corrected else []
    emails = structure.emails if not is_old or "emails" in corrected else []
    return ShownContacts(
        phones=phones,
        emails=emails,
        are_hidden=(phones, emails) != (structure.phones, structure.emails),
    )


def public_structure(code: str) -> Structure | None:
    """A structure by its code, with all that its page shows; closed and merged ones too."""
    return (
        with_hours(Structure.objects.all())
        .select_related("kind", "network", "commune__departement", "parent", "merged_into")
        .prefetch_related("corrections")
        .filter(code=code)
        .first()
    )


def code_known_elsewhere(value: str) -> str | None:
    """The code of the structure that some source calls `value`, to redirect an old address."""
    return (
        SourceIdentifier.objects.filter(value=value)
        .values_list("structure__code", flat=True)
        .first()
    )


def source_name(source: str) -> str:
    return SOURCE_NAMES.get(source, source)
