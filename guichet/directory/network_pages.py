"""A network as its lead sees it: numbers, sites to act on, what was announced for all.

Owns reads and their words; refuses HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from guichet.core.words import counted
from guichet.directory.actions.closures import DifferingDays, days_of
from guichet.directory.agent_lists import needing_check
from guichet.directory.models import (
    Announcement,
    ExceptionalHours,
    Level,
    Membership,
    Network,
    ReceptionKind,
    Role,
    Structure,
)
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.opening_words import day_in_words

LATEST_ANNOUNCEMENTS = 10
LISTED_SITES = 10
SURCHARGED = Q(structures__phones__contains=[{"cost": "surcharged"}])


@dataclass(frozen=True)
class NetworkNumbers:
    """How many open sites, and how many of them wait for something."""

    network: Network
    sites: int
    without_hours: int
    to_check: int
    surcharged: int


@dataclass(frozen=True)
class AnnouncementLine:
    """Days announced for many sites; `sites` still hold them."""

    announcement: Announcement
    words: str
    sites: int


@dataclass(frozen=True)
class Preview:
    """What an announcement would do: `told_already` sites announced exactly these days."""

    sentence: str
    total: int
    told_already: int
    otherwise: int
    first_names: list[str]

    @property
    def others(self) -> int:
        return self.total - len(self.first_names)


def numbers_of(networks: list[Network]) -> list[NetworkNumbers]:
    """In one query, by name."""
    open_site = Q(structures__closed_on__isnull=True, structures__level=Level.SITE)
    check = Q(pk__in=[])
    for child in needing_check().children:
        name, value = child  # type: ignore[misc]
        check |= Q((f"structures__{name}", value))
    with_counts = Network.objects.filter(pk__in=[network.pk for network in networks]).annotate(
        sites=Count("structures", filter=open_site),
        without_hours=Count("structures", filter=open_site & Q(structures__hours_known=False)),
        to_check=Count("structures", filter=open_site & check),
        surcharged=Count("structures", filter=open_site & SURCHARGED),
    )
    return [
        NetworkNumbers(one, one.sites, one.without_hours, one.to_check, one.surcharged)
        for one in with_counts.order_by("name")
    ]


def sites_of(network: Network) -> StructureQuerySet:
    """Its sites, closed ones too."""
    return Structure.objects.filter(network=network, level=Level.SITE)


def leads_of(network: Network) -> QuerySet[Membership]:
    return (
        Membership.objects.current()
        .filter(network=network, role=Role.LEAD)
        .select_related("user", "given_by")
        .order_by("user__full_name", "user__email")
    )


def latest_announcements(network: Network) -> list[AnnouncementLine]:
    """In three queries; an announcement that every site withdrew is left out."""
    announcements = list(
        Announcement.objects.filter(network=network, days__isnull=False)
        .annotate(sites=Count("days__structure", distinct=True), one=Min("days__structure"))
        .select_related("by")
        .order_by("-at")[:LATEST_ANNOUNCEMENTS]
    )
    rows: dict[int, list[ExceptionalHours]] = {}
    held = Q(pk__in=[])
    for announcement in announcements:
        held |= Q(announcement=announcement.pk, structure=announcement.one)
    for row in ExceptionalHours.objects.filter(held).order_by("opens"):
        rows.setdefault(row.announcement_id or 0, []).append(row)
    return [
        AnnouncementLine(one, days_in_words(days_of(rows[one.pk]), one.sites), one.sites)
        for one in announcements
    ]


def announcement_line(announcement: Announcement) -> AnnouncementLine | None:
    """None when no site holds it any more."""
    first = announcement.days.order_by("structure", "opens").first()
    if first is None:
        return None
    rows = list(announcement.days.filter(structure=first.structure_id).order_by("opens"))
    sites = announcement.days.aggregate(n=Count("structure", distinct=True))["n"]
    return AnnouncementLine(announcement, days_in_words(days_of(rows), sites), sites)


def preview(sites: list[Structure], days: DifferingDays, told_already: int) -> Preview:
    """`sites` named; `otherwise`: those that say something else of one of these days."""
    otherwise = (
        ExceptionalHours.objects.filter(
            structure__in=sites, first_day__lte=days.last_day, last_day__gte=days.first_day
        )
        .exclude(first_day=days.first_day, last_day=days.last_day, kind=days.kind)
        .aggregate(n=Count("structure", distinct=True))["n"]
    )
    return Preview(
        sentence=days_in_words(days, len(sites) - told_already),
        total=len(sites),
        told_already=told_already,
        otherwise=otherwise,
        first_names=[site.name for site in sites[:LISTED_SITES]],
    )


def days_in_words(days: DifferingDays, sites: int) -> str:
    """« 1 042 sites seront fermés le vendredi 15 mai 2026 »."""
    one = sites < 2
    when = period_in_words(days.first_day, days.last_day)
    reason = f" ({days.reason})" if days.reason else ""
    subject = counted(sites, "site", "sites")
    if days.kind:
        kind = ReceptionKind(days.kind).label
        verb = "recevra" if one else "recevront"
        if days.closed:
            return f"{subject} ne {verb} personne {kind} {when}{reason}"
        return f"{subject} {verb} {kind} {when} : {days.hours_in_words}{reason}"
    verb = "sera" if one else "seront"
    if days.closed:
        return f"{subject} {verb} {'fermé' if one else 'fermés'} {when}{reason}"
    opened = "ouvert" if one else "ouverts"
    return f"{subject} {verb} {opened} {when} : {days.hours_in_words}{reason}"


def period_in_words(first_day: date, last_day: date) -> str:
    """« le vendredi 15 mai 2026 », « du … au … »."""
    if first_day == last_day:
        return f"le {day_in_words(first_day)} {first_day.year}"
    return (
        f"du {day_in_words(first_day)} {first_day.year} au {day_in_words(last_day)} {last_day.year}"
    )
