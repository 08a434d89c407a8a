"""Measures coverage from the directory, and keeps the last measure of each kind and limit.

Owns which places count; refuses to mix fictional places with real ones, and to keep a measure that
no place stands behind.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Structure, StructureKind
from guichet.directory.models.structures import StructureQuerySet, oldest_recent_check
from guichet.directory.reference_tables import current_kind, with_former_kinds
from guichet.orientation.coverage.reach import (
    Access,
    Headcount,
    Settlement,
    Site,
    accesses,
    counted_once,
    headcounts,
)
from guichet.orientation.models import CoverageMeasure
from guichet.territories.lands import land_of
from guichet.territories.models import Commune, Departement, PositionSource
from guichet.territories.queries import nearest_commune

FRANCE_SERVICES = "france_services"
USUAL_MINUTES = 30
LONGEST_MINUTES = 240
COMMUNE_CENTRE = "commune"


@dataclass
class PlaceCount:
    """Places of a département: all with a position, those of them only at their commune's centre,
    those that nobody vouched for in the past twelve months, and how many by source."""

    places: int = 0
    at_centre: int = 0
    to_check: int = 0
    sources: dict[str, int] = field(default_factory=dict)


@dataclass
class CountedPlaces:
    """The places of a kind: `sites` have a position; the others are `without_position`.

    `oldest` is the oldest day that a source vouches for, None when one has no day.
    """

    sites: list[Site] = field(default_factory=list)
    without_position: int = 0
    oldest: date | None = None
    newest: date | None = None
    by_departement: dict[str, PlaceCount] = field(default_factory=lambda: defaultdict(PlaceCount))


def measure_coverage(
    kind: str, minutes: int = USUAL_MINUTES, *, inhabited: Sequence[Settlement] | None = None
) -> CoverageMeasure | None:
    """Measure, and replace the measure kept before; `inhabited` spares reading the communes again.

    None, and nothing kept, where no open place of the kind has a position. Raises `RuleViolation`.
    """
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise RuleViolation(f"La limite se donne en minutes, de 1 à {LONGEST_MINUTES}.")
    code = current_kind(kind)
    if not StructureKind.objects.filter(code=code).exists():
        raise RuleViolation(
            f"Aucun type de lieu n'a le code « {kind} ». Les codes sont ceux de l'annuaire de "
            "l'administration : france_services, caf, mairie…"
        )
    settlements = inhabited_settlements() if inhabited is None else inhabited
    if not settlements:
        raise RuleViolation(
            "Aucune commune habitée n'est connue : lancez d'abord « guichet import_territories »."
        )
    places = counted_places(code)
    if not places.sites:
        CoverageMeasure.objects.filter(kind=code, minutes=minutes).delete()
        return None
    found = accesses(settlements, places.sites)
    measure, _ = CoverageMeasure.objects.update_or_create(
        kind_id=code,
        minutes=minutes,
        defaults={
            "measured_at": timezone.now(),
            "places": len(places.sites),
            "places_without_position": places.without_position,
            "oldest_source": places.oldest,
            "newest_source": places.newest,
            "departements": departement_rows(headcounts(found, minutes), places.by_departement),
            "far": far_rows(found, minutes),
        },
    )
    return measure


def measure_common_kinds() -> Iterator[tuple[StructureKind, CoverageMeasure | None]]:
    """France services, then the kinds proposed first, at the usual limit."""
    settlements = inhabited_settlements()
    common = StructureKind.objects.filter(is_common=True) | StructureKind.objects.filter(
        code=FRANCE_SERVICES
    )
    for kind in sorted(common, key=lambda kind: (kind.code != FRANCE_SERVICES, kind.label)):
        yield kind, measure_coverage(kind.code, inhabited=settlements)


def inhabited_settlements() -> list[Settlement]:
    """Where everybody lives, each once."""
    rows = Commune.objects.order_by("insee_code").values_list(
        "insee_code",
        "departement_id",
        "population",
        "latitude",
        "longitude",
        "parent_id",
        "position_source",
    )
    return counted_once(
        [
            Settlement(
                code=code,
                departement=departement,
                population=population,
                latitude=latitude,
                longitude=longitude,
                land=land_of(code),
                parent=parent or "",
                is_approximate=source == PositionSource.APPROXIMATE,
            )
            for code, departement, population, latitude, longitude, parent, source in rows
        ]
    )


def counted_places(kind: str) -> CountedPlaces:
    """Open places of `kind` and of the kinds that it replaced; fictional ones count only where
    the directory has no real one. A position far from any commune is none."""
    counted = CountedPlaces()
    recent = oldest_recent_check(timezone.localdate())
    days: list[date | None] = []
    for row in open_places(kind).order_by("code").select_related("commune"):
        commune = row.commune
        if row.latitude is not None and row.longitude is not None:
            commune = commune or nearest_commune(row.latitude, row.longitude)
        if row.latitude is None or row.longitude is None or commune is None:
            counted.without_position += 1
            continue
        land = land_of(commune.insee_code)
        counted.sites.append(Site(row.code, row.latitude, row.longitude, land))
        count = counted.by_departement[commune.departement_id]
        count.places += 1
        count.at_centre += row.position_source == COMMUNE_CENTRE
        count.to_check += row.checked_on is None or row.checked_on < recent
        count.sources[row.source] = count.sources.get(row.source, 0) + 1
        days.append(row.checked_on)
    known = [day for day in days if day is not None]
    counted.newest = max(known, default=None)
    counted.oldest = min(known, default=None) if len(known) == len(days) else None
    return counted


def open_places(kind: str) -> StructureQuerySet:
    structures = Structure.objects.open_ones().filter(kind__in=with_former_kinds(kind))
    real = structures.filter(is_fictional=False)
    return (real if real.exists() else structures).only(
        "code",
        "latitude",
        "longitude",
        "position_source",
        "source",
        "checked_on",
        "commune__departement",
    )


def departement_rows(
    counts: dict[str, Headcount], by_departement: dict[str, PlaceCount]
) -> list[dict[str, Any]]:
    """One for each département that there is, measured or not."""
    return [
        {"code": code}
        | asdict(counts.get(code, Headcount()))
        | asdict(by_departement.get(code, PlaceCount()))
        for code in Departement.objects.order_by("code").values_list("code", flat=True)
    ]


def far_rows(found: list[Access], limit: float) -> list[dict[str, Any]]:
    """Settlements left out, the most peopled first."""
    left_out = [access for access in found if not access.is_within(limit)]
    left_out.sort(key=lambda access: (-access.settlement.population, access.settlement.code))
    return [
        {
            "insee_code": access.settlement.code,
            "departement": access.settlement.departement,
            "population": access.settlement.population,
            "minutes": None if access.minutes is None else whole_minutes(access.minutes),
            "place": access.site,
        }
        for access in left_out
    ]


def whole_minutes(minutes: float) -> int:
    """Rounded up, so that what is left out never reads as within the limit."""
    return math.ceil(minutes)
