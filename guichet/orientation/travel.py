"""How long a journey takes, estimated from the distance as the crow flies.

Owns the method, which pages state (`METHOD`); refuses to pass an estimate for a measure.
"""

from __future__ import annotations

ROAD_FACTOR = 1.3
"""Kilometres by road for one as the crow flies: a convention, between dense towns (1.2) and relief
or estuaries (1.5 and more)."""

START_MINUTES = 2.0
"""To leave and to park."""

STAGES = ((5.0, 30.0), (20.0, 55.0), (float("inf"), 80.0))
"""Speeds in km/h up to so many kilometres of road: in town, on local roads, then faster."""

WALKING_KMH = 4.5
LONGEST_WALK_KM = 1.5

METHOD = (
    "Temps estimé en voiture : distance à vol d'oiseau × 1,3 pour la route ; 30 km/h sur les "
    "5 premiers kilomètres, 55 km/h jusqu'à 20 km, 80 km/h au-delà ; 2 minutes pour partir et se "
    "garer. Ni bouchons, ni relief, ni transports en commun."
)


def road_km(distance_m: float) -> float:
    """Kilometres by road, estimated, for metres as the crow flies."""
    return distance_m / 1000 * ROAD_FACTOR


def driving_minutes(distance_m: float) -> float:
    """Minutes by car, estimated, for metres as the crow flies over land."""
    left, minutes, from_km = road_km(distance_m), START_MINUTES, 0.0
    for to_km, speed in STAGES:
        part = min(left, to_km - from_km)
        minutes += part / speed * 60
        left -= part
        from_km = to_km
        if left <= 0:
            break
    return minutes


def walking_minutes(distance_m: float) -> float | None:
    """Minutes on foot, None when it is too far to be proposed."""
    kilometres = road_km(distance_m)
    return kilometres / WALKING_KMH * 60 if kilometres <= LONGEST_WALK_KM else None


def reach_m(minutes: float) -> float:
    """Metres as the crow flies that `minutes` by car reach: `driving_minutes`, turned round."""
    left, kilometres, from_km = minutes - START_MINUTES, 0.0, 0.0
    for to_km, speed in STAGES:
        part = min(max(left, 0.0) * speed / 60, to_km - from_km)
        kilometres += part
        left -= part / speed * 60
        from_km = to_km
    return kilometres / ROAD_FACTOR * 1000
