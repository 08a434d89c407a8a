"""Reads for pages and exports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import ErrorReport, Membership, SourceIdentifier, Structure
from guichet.directory.permissions import CAN_MANAGE, networks_led, powers_of, structures_covered
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


@dataclass(frozen=True)
class NetworkSummary:
    code: str
    name: str
    sites: int
    sites_without_hours: int
    sites_to_check: int


@dataclass(frozen=True)
class AgentOverview:
    """What an agent finds on arriving: own roles first, then what waits."""

    has_any_role: bool
    memberships: list[Membership]
    networks: list[NetworkSummary]
    reports: list[ErrorReport]
    structure_count: int


def agent_overview(user: User) -> AgentOverview:
    managed = structures_covered(user, CAN_MANAGE).filter(closed_on__isnull=True)
    powers = powers_of(user)
    return AgentOverview(
        has_any_role=powers.has_any,
        memberships=list(
            Membership.objects.current()
            .filter(user=user, structure__isnull=False)
            .select_related("structure__commune", "structure__kind")
            .order_by("structure__name")
        ),
        networks=[] if powers.is_administrator else network_summaries(user),
        reports=list(
            ErrorReport.objects.filter(settled_at__isnull=True, structure__in=managed)
            .select_related("structure")
            .order_by("reported_at")[:10]
        ),
        structure_count=managed.count(),
    )


def network_summaries(user: User) -> list[NetworkSummary]:
    year_ago = timezone.localdate().replace(day=1)
    year_ago = year_ago.replace(year=year_ago.year - 1)
    sites = (
        Structure.objects.receiving_public()
        .filter(network__in=networks_led(user))
        .values("network__code", "network__name")
        .annotate(
            sites=Count("pk"),
            without_hours=Count("pk", filter=Q(hours_known=False)),
            to_check=Count("pk", filter=Q(checked_on__isnull=True) | Q(checked_on__lt=year_ago)),
        )
        .order_by("network__name")
    )
    return [
        NetworkSummary(
            row["network__code"],
            row["network__name"],
            row["sites"],
            row["without_hours"],
            row["to_check"],
        )
        for row in sites
    ]
