"""Reads for pages and exports."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.agent_lists import WITHOUT_KNOWN_HOURS, needing_check
from guichet.directory.models import ErrorReport, Membership, SourceIdentifier, Structure
from guichet.directory.models.structures import oldest_recent_check
from guichet.directory.network_pages import NetworkNumbers, numbers_of
from guichet.directory.permissions import (
    CAN_MANAGE,
    CAN_RESPOND,
    networks_led,
    powers_of,
    structures_covered,
)
from guichet.directory.schedules import with_hours

LATEST_REPORTS = 5
SOURCE_NAMES = {
    "dila": "Annuaire de l'administration (DILA)",
    "dila2016": "Annuaire de l'administration (DILA), édition de 2016",
    "france-services": "Carte des France services (ANCT), septembre 2020",
    "manual": "Équipe du programme",
    "demonstration": "Démonstration (lieu fictif)",
}


@dataclass(frozen=True)
class ShownContacts:
    """What may be shown: a telephone or e-mail that nobody vouched for in the past twelve months
    is hidden, be it a source's or an agent's."""

    phones: list[dict[str, str]]
    emails: list[str]
    are_hidden: bool


def shown_contacts(structure: Structure) -> ShownContacts:
    """`structure` prefetched with its corrections (one more query otherwise)."""
    today = timezone.localdate()
    recent = oldest_recent_check(today)
    corrected_on = {one.field: timezone.localdate(one.at) for one in structure.corrections.all()}

    def is_vouched_for(field: str) -> bool:
        on = corrected_on.get(field, structure.checked_on)
        return on is not None and on >= recent

    phones = structure.phones if is_vouched_for("phones") else []
    emails = structure.emails if is_vouched_for("emails") else []
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
class WorkLeft:
    """How many open structures one manages, and how many of them want something."""

    structures: int
    without_hours: int
    to_check: int
    reports: int


@dataclass(frozen=True)
class AgentOverview:
    """What an agent finds on arriving: own roles first, then what waits."""

    has_any_role: bool
    memberships: list[Membership]
    networks: list[NetworkNumbers]
    reports: list[ErrorReport]
    work: WorkLeft


def agent_overview(user: User) -> AgentOverview:
    managed = structures_covered(user, CAN_MANAGE).open_ones()
    powers = powers_of(user)
    waiting = ErrorReport.objects.filter(
        settled_at__isnull=True, structure__in=structures_covered(user, CAN_RESPOND)
    )
    counts = managed.aggregate(
        structures=Count("pk"),
        without_hours=Count("pk", filter=WITHOUT_KNOWN_HOURS),
        to_check=Count("pk", filter=needing_check()),
    )
    return AgentOverview(
        has_any_role=powers.has_any,
        memberships=list(
            Membership.objects.current()
            .filter(user=user)
            .select_related("structure", "network")
            .order_by("structure__name", "network__name", "pk")
        ),
        networks=[] if powers.is_administrator else numbers_of(networks_led(user)),
        reports=list(waiting.select_related("structure").order_by("reported_at")[:LATEST_REPORTS]),
        work=WorkLeft(**counts, reports=waiting.count()),
    )
