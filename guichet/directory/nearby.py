"""The nearest structures of a point: a box that grows until it holds enough.

Owns distances; refuses to know why somebody searches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, FloatField, Func, Q
from django.db.models.sql.compiler import SQLCompiler

from guichet.directory.models.structures import StructureQuerySet
from guichet.territories.distances import EARTH_RADIUS_M, METRES_PER_DEGREE

RADII_KM = (5.0, 40.0, 320.0, 2_500.0, 6_000.0)
"""Where enough is looked for, before the whole earth. Polynesia is 3,500 km from Wallis."""

NEAREST_FIRST = (F("distance_m").asc(nulls_last=True), "name", "code")
"""Equal distances are settled by name, then code, so that pages never shuffle."""

MARGIN_DEGREES = 1e-6
"""The box is drawn a little wider than the circle, so that rounding never leaves an edge out."""


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    latitude: float
    longitude: float


class DistanceFrom(Func):
    """Great-circle distance in metres between a point and two columns in degrees (haversine)."""

    output_field = FloatField()

    def __init__(self, origin: Point, latitude: Any, longitude: Any) -> None:
        super().__init__(latitude, longitude)
        self.origin = origin

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: Any, **options: Any
    ) -> tuple[str, tuple[float, ...]]:
        (latitude, _), (longitude, _) = map(compiler.compile, self.get_source_expressions())
        formula = (
            "%s::float8 * asin(least(1.0, sqrt("
            f"power(sin(radians({latitude} - %s::float8) / 2), 2) + cos(radians({latitude}))"
            f" * %s::float8 * power(sin(radians({longitude} - %s::float8) / 2), 2))))"
        )
        at = self.origin
        narrowing = math.cos(math.radians(at.latitude))
        return formula, (2 * EARTH_RADIUS_M, at.latitude, narrowing, at.longitude)


def with_distance(structures: StructureQuerySet, origin: Point) -> StructureQuerySet:
    """Annotate `distance_m`, in metres; null where the position is."""
    return structures.annotate(distance_m=DistanceFrom(origin, F("latitude"), F("longitude")))


def within_box(structures: StructureQuerySet, origin: Point, radius_km: float) -> StructureQuerySet:
    """Those in the smallest box of degrees that holds the circle; uses the position indexes."""
    return structures.filter(box_around(origin, radius_km))


def box_around(origin: Point, radius_km: float) -> Q:
    """The smallest box of degrees that holds the circle, as a condition; at least a position."""
    north = radius_km * 1000 / METRES_PER_DEGREE + MARGIN_DEGREES
    farthest = min(89.9, abs(origin.latitude) + north)
    east = north / math.cos(math.radians(farthest))
    if east >= 180 or abs(origin.latitude) + north >= 90:
        return Q(latitude__isnull=False)
    inside = Q(latitude__range=(origin.latitude - north, origin.latitude + north))
    west_end, east_end = origin.longitude - east, origin.longitude + east
    if west_end < -180:
        return inside & ~Q(longitude__gt=east_end, longitude__lt=west_end + 360)
    if east_end > 180:
        return inside & ~Q(longitude__gt=east_end - 360, longitude__lt=west_end)
    return inside & Q(longitude__range=(west_end, east_end))


def nearest(structures: StructureQuerySet, origin: Point, *, limit: int) -> StructureQuerySet:
    """The `limit` nearest of `structures`, nearest first, each with `distance_m`.

    Two queries, wherever the point is; the second runs when the result is read.
    """
    radius_km = radius_holding(structures, origin, limit)
    if radius_km is None:
        return by_distance(structures, origin)[:limit]
    candidates = with_distance(within_box(structures, origin, radius_km), origin)
    within = candidates.filter(Q(distance_m__lte=radius_km * 1000))
    return within.order_by(*NEAREST_FIRST)[:limit]


def by_distance(structures: StructureQuerySet, origin: Point) -> StructureQuerySet:
    """All the located ones, nearest first: without a box, for a choice that is already narrow."""
    located = with_distance(structures.located(), origin)
    return located.order_by(*NEAREST_FIRST)


def radius_holding(structures: StructureQuerySet, origin: Point, limit: int) -> float | None:
    """The first of `RADII_KM` whose circle holds `limit` structures, None when none does.

    One query: PostgreSQL counts a circle only when the smaller ones did not hold enough, and
    stops counting at `limit`.
    """
    cases: list[str] = []
    parameters: list[Any] = []
    for radius_km in RADII_KM:
        inside = with_distance(within_box(structures, origin, radius_km), origin).filter(
            Q(distance_m__lte=radius_km * 1000)
        )
        try:
            counted, values = inside.order_by().values("pk")[:limit].query.sql_with_params()
        except EmptyResultSet:
            return None
        cases.append(f"WHEN (SELECT count(*) FROM ({counted}) AS inside) >= %s THEN %s::float8")
        parameters += [*values, limit, radius_km]
    with connections[structures.db].cursor() as cursor:
        cursor.execute(f"SELECT CASE {' '.join(cases)} END", parameters)
        found: float | None = cursor.fetchone()[0]
    return found
