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
    Case,
    CharField,
    F,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from guichet.directory.models import Competence, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.nearby import NEAREST_FIRST, Point, box_around, with_distance
from guichet.directory.reference_tables import with_former_kinds
from guichet.directory.schedules import with_hours
from guichet.directory.search import Found, described
from guichet.territories.models import Commune

TABLE = Path(__file__).parent / "reference" / "competence.csv"
PREFECTURE_OF_POLICE = {"prefecture": "paris_ppp", "sous_pref": "paris_ppp"}
PARIS = "75"
NEAR_KM = 80.0
"""Where a place is looked for first."""

FARTHEST_KM = 300.0
"""Beyond, a place is of no use: better say that none is known."""

WITH_ARRONDISSEMENTS = (PARIS, "13", "69")


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
    ANYWHERE = "anywhere"
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
    for kind in kinds:
        ranked.setdefault(kind, (Basis.UNKNOWN, []))
    keys = [key for _, some in ranked.values() for key in some]
    rows = with_distance(Structure.objects.filter(pk__in=keys), place.point)
    rows = with_hours(rows.select_related("kind", "network", "commune"), at)
    described_by_key = {
        structure.pk: described(structure, at) for structure in rows.prefetch_related("corrections")
    }
    return {
        kind: Competent(basis, tuple(described_by_key[key] for key in some))
        for kind, (basis, some) in ranked.items()
    }


def candidates(
    kinds: Sequence[str], place: Place, limit: int
) -> dict[str, tuple[Basis, list[int]]]:
    """For each kind that has any, the ground and the keys of its places, nearest first."""
    named = list(
        Competence.objects.filter(commune_codes__overlap=list(place.codes)).values_list(
            "pk", flat=True
        )
    )
    ranked = grounded(Basis.DECLARED, kinds, Q(pk__in=named), place, limit) if named else {}
    for scope, territory in territories_of(place).items():
        left = [kind for kind in kinds if kind not in ranked and scope_of(kind) is scope]
        if left:
            ranked |= grounded(Basis(scope.value), left, territory, place, limit)
    around = box_around(place.point, NEAR_KM)
    for basis, territory, count in (
        (Basis.ANYWHERE, around, limit),
        (Basis.NEAREST, around, 1),
        (Basis.NEAREST, box_around(place.point, FARTHEST_KM), 1),
    ):
        left = [kind for kind in kinds if kind not in ranked]
        if basis is Basis.ANYWHERE:
            left = [kind for kind in left if scope_of(kind) is Scope.ANYWHERE]
        if left:
            ranked |= grounded(basis, left, territory, place, count)
    return ranked


def grounded(
    basis: Basis, kinds: Sequence[str], territory: Q, place: Place, limit: int
) -> dict[str, tuple[Basis, list[int]]]:
    """The nearest of each kind within a territory, in one query."""
    whens = [When(kind__in=members(kind, place), then=Value(kind)) for kind in kinds]
    codes = [code for kind in kinds for code in members(kind, place)]
    rows = (
        with_distance(of_kinds(codes).filter(territory), place.point)
        .annotate(asked=Case(*whens, output_field=CharField()))
        .annotate(rank=Window(RowNumber(), partition_by=F("asked"), order_by=list(NEAREST_FIRST)))
        .filter(rank__lte=limit)
        .order_by("asked", "rank")
    )
    ranked: dict[str, tuple[Basis, list[int]]] = {}
    for asked, key in rows.values_list("asked", "pk"):
        ranked.setdefault(asked, (basis, []))[1].append(key)
    return ranked


def territories_of(place: Place) -> dict[Scope, Q]:
    own, communes = place.commune.pk, Commune.objects.order_by()
    return {
        Scope.COMMUNE: Q(commune=own)
        if place.departement not in WITH_ARRONDISSEMENTS
        else Q(commune__in=communes.filter(Q(pk=own) | Q(parent=own))),
        Scope.DEPARTEMENT: Q(commune__in=communes.filter(departement=place.departement)),
        Scope.REGION: Q(commune__in=communes.filter(departement__region=place.region)),
    }


def of_kinds(codes: Iterable[str]) -> StructureQuerySet:
    return Structure.objects.open_ones().filter(kind__in=list(codes))


def members(kind: str, place: Place) -> tuple[str, ...]:
    """The kinds to look for: `kind`, those that it replaced, and what stands for it in Paris."""
    codes = with_former_kinds(kind)
    if place.departement == PARIS and kind in PREFECTURE_OF_POLICE:
        return (*codes, *with_former_kinds(PREFECTURE_OF_POLICE[kind]))
    return codes


def scope_of(kind: str) -> Scope:
    return scopes().get(kind, Scope.DEPARTEMENT)


@lru_cache(maxsize=1)
def scopes() -> dict[str, Scope]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["kind"]: Scope(row["scope"]) for row in csv.DictReader(table)}
