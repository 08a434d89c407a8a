"""Which places answer for a commune: those whose source says so, else those of its territory.

Owns the rule and says which one was applied (`Basis`); refuses to call the nearest place the
competent one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from guichet.directory.models import Competence, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.nearby import NEAREST_FIRST, Point, nearest, with_distance
from guichet.directory.reference_tables import with_former_kinds
from guichet.directory.schedules import with_hours
from guichet.directory.search import Found, described
from guichet.territories.models import Commune

TABLE = Path(__file__).parent / "reference" / "competence.csv"
PREFECTURE_OF_POLICE = {"prefecture": "paris_ppp", "sous_pref": "paris_ppp"}
PARIS = "75"


class Scope(StrEnum):
    """How far a kind of place answers, when no source says for which communes."""

    COMMUNE = "commune"
    DEPARTEMENT = "departement"
    REGION = "region"
    ANYWHERE = "anywhere"


class Basis(StrEnum):
    """Why these places and not others."""

    DECLARED = "declared"
    COMMUNE = "commune"
    DEPARTEMENT = "departement"
    REGION = "region"
    FREE_CHOICE = "free_choice"
    NEAREST = "nearest"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """Where the person lives: a commune, or an arrondissement of Paris, Lyon or Marseille."""

    commune: Commune

    @property
    def point(self) -> Point:
        return Point(self.commune.latitude, self.commune.longitude)

    @property
    def codes(self) -> tuple[str, ...]:
        """Its INSEE code, and that of the commune it is an arrondissement of."""
        codes = (self.commune.insee_code, self.commune.parent_id)
        return tuple(code for code in codes if code)

    @property
    def departement(self) -> str:
        return self.commune.departement_id

    @property
    def region(self) -> str:
        return self.commune.departement.region_id


@dataclass(frozen=True)
class Competent:
    """The places of a kind that answer for somewhere, nearest first, and on what ground."""

    basis: Basis
    found: tuple[Found, ...] = ()


def competent_places(
    kinds: Sequence[str], place: Place, at: datetime, *, limit: int = 3
) -> dict[str, Competent]:
    """For each kind, at most `limit` places. Ten queries at most, however many kinds."""
    ranked = candidates(kinds, place, limit)
    missing = [kind for kind in kinds if kind not in ranked]
    for kind in missing:
        near = nearest(of_kinds(members(kind, place)), place.point, limit=1)
        ranked[kind] = (Basis.NEAREST, [structure.pk for structure in near])
    keys = [key for _, some in ranked.values() for key in some]
    rows = with_distance(Structure.objects.filter(pk__in=keys), place.point)
    rows = with_hours(rows.select_related("kind", "network", "commune"), at)
    described_by_key = {
        structure.pk: described(structure, at) for structure in rows.prefetch_related("corrections")
    }
    return {
        kind: Competent(
            basis if some else Basis.UNKNOWN, tuple(described_by_key[key] for key in some)
        )
        for kind, (basis, some) in ranked.items()
    }


def candidates(
    kinds: Sequence[str], place: Place, limit: int
) -> dict[str, tuple[Basis, list[int]]]:
    """For each kind that has any, the ground and the keys of its places, nearest first."""
    ranked: dict[str, tuple[Basis, list[int]]] = {}
    free = [kind for kind in kinds if scope_of(kind) is Scope.ANYWHERE]
    for kind in free:
        near = nearest(of_kinds(members(kind, place)), place.point, limit=limit)
        if keys := [structure.pk for structure in near]:
            ranked[kind] = (Basis.FREE_CHOICE, keys)
    bound = [kind for kind in kinds if kind not in free]
    if not bound:
        return ranked
    rows = within_territory(bound, place, limit)
    for asked, is_declared, key in rows:
        declared = bool(is_declared)
        basis, keys = ranked.setdefault(
            asked, (Basis.DECLARED if declared else ground_of(asked), [])
        )
        if declared == (basis is Basis.DECLARED):
            keys.append(key)
    return ranked


def within_territory(kinds: Sequence[str], place: Place, limit: int) -> list[tuple[str, bool, int]]:
    """(kind asked, whether its source names the commune, key), the declared and nearest first."""
    declared = Competence.objects.filter(commune_codes__overlap=list(place.codes))
    keys = list(declared.values_list("pk", flat=True)[:2000])
    territory = Q(pk__in=keys)
    for kind in kinds:
        territory |= Q(kind__in=members(kind, place)) & within(scope_of(kind), place)
    whens = [When(kind__in=members(kind, place), then=Value(kind)) for kind in kinds]
    rows = (
        with_distance(
            of_kinds(code for kind in kinds for code in members(kind, place)), place.point
        )
        .filter(territory)
        .annotate(
            asked=Case(*whens, output_field=CharField()),
            is_declared=ExpressionWrapper(Q(pk__in=keys), output_field=BooleanField()),
        )
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by=F("asked"),
                order_by=[F("is_declared").desc(), *NEAREST_FIRST[:1], F("name"), F("code")],
            )
        )
        .filter(rank__lte=limit)
        .order_by("asked", "rank")
    )
    return list(rows.values_list("asked", "is_declared", "pk"))


def within(scope: Scope, place: Place) -> Q:
    if scope is Scope.COMMUNE:
        return Q(commune__in=place.codes) | Q(commune__parent__in=place.codes)
    if scope is Scope.REGION:
        return Q(commune__departement__region=place.region)
    return Q(commune__departement=place.departement)


def of_kinds(codes: Iterable[str]) -> StructureQuerySet:
    return Structure.objects.open_ones().filter(kind__in=list(codes))


def members(kind: str, place: Place) -> tuple[str, ...]:
    """The kinds to look for: `kind`, those that it replaced, and what stands for it in Paris."""
    codes = with_former_kinds(kind)
    if place.departement == PARIS and kind in PREFECTURE_OF_POLICE:
        return (*codes, *with_former_kinds(PREFECTURE_OF_POLICE[kind]))
    return codes


def ground_of(kind: str) -> Basis:
    return Basis(scope_of(kind).value)


def scope_of(kind: str) -> Scope:
    return scopes().get(kind, Scope.DEPARTEMENT)


@lru_cache(maxsize=1)
def scopes() -> dict[str, Scope]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["kind"]: Scope(row["scope"]) for row in csv.DictReader(table)}
