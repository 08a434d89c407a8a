"""Distances on the earth. Owns the formula; knows no place."""

from __future__ import annotations

import math

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG); the error against the ellipsoid stays under 0.5 %."""

METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))
