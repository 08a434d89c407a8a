"""The nearest structures of a point: a box that grows until it holds enough.

Owns distances; refuses to know why somebody searches.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import ExpressionWrapper, F, FloatField, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from guichet.directory.models.structures import StructureQuerySet
from guichet.territories.distances import EARTH_RADIUS_M, METRES_PER_DEGREE

FIRST_RADIUS_KM = 4.0
LAST_RADIUS_KM = 20_040.0


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    latitude: float
    longitude: float


def with_distance(structures: StructureQuerySet, origin: Point) -> StructureQuerySet:
    """Annotate `distance_m`, the great-circle distance in metres (haversine)."""
    latitude = Radians(F("latitude"))
    half_north = (latitude - Radians(Value(origin.latitude))) / 2
    half_east = (Radians(F("longitude")) - Radians(Value(origin.longitude))) / 2
    chord = Power(Sin(half_north), 2) + Cos(latitude) * Cos(
        Radians(Value(origin.latitude))
    ) * Power(Sin(half_east), 2)
    return structures.annotate(
        distance_m=ExpressionWrapper(
            2 * EARTH_RADIUS_M * ASin(Least(Value(1.0), Sqrt(chord))), output_field=FloatField()
        )
    )


def within_box(structures: StructureQuerySet, origin: Point, radius_km: float) -> StructureQuerySet:
    """Those in the smallest box of degrees that holds the circle; uses the position indexes."""
    north = radius_km * 1000 / METRES_PER_DEGREE
    farthest = min(89.9, abs(origin.latitude) + north)
    east = north / math.cos(math.radians(farthest))
    if east >= 180 or abs(origin.latitude) + north >= 90:
        return structures.located()
    structures = structures.filter(
        latitude__range=(origin.latitude - north, origin.latitude + north)
    )
    west_end, east_end = origin.longitude - east, origin.longitude + east
    if west_end < -180:
        return structures.exclude(longitude__range=(east_end, west_end + 360))
    if east_end > 180:
        return structures.exclude(longitude__range=(east_end - 360, west_end))
    return structures.filter(longitude__range=(west_end, east_end))


def nearest(structures: StructureQuerySet, origin: Point, *, limit: int) -> StructureQuerySet:
    """The `limit` nearest of `structures`, nearest first, each with `distance_m`.

    Equal distances are settled by name, then code, so that pages never shuffle.
    """
    radius_km = radius_holding(structures, origin, limit)
    candidates = with_distance(within_box(structures, origin, radius_km), origin)
    if radius_km < LAST_RADIUS_KM:
        candidates = candidates.filter(distance_m__lte=radius_km * 1000)
    return candidates.order_by("distance_m", "name", "code")[:limit]


def radius_holding(structures: StructureQuerySet, origin: Point, limit: int) -> float:
    """The first radius of the growing series whose circle holds `limit` structures, in km."""
    for radius_km in growing_radii():
        inside = with_distance(within_box(structures, origin, radius_km), origin).filter(
            distance_m__lte=radius_km * 1000
        )
        if inside.order_by()[:limit].count() >= limit:
            return radius_km
    return LAST_RADIUS_KM


def growing_radii() -> Iterator[float]:
    radius_km = FIRST_RADIUS_KM
    while radius_km < LAST_RADIUS_KM:
        yield radius_km
        radius_km *= 2.5
