"""Positions of places in France: read, checked, put the right way round.

Owns the boxes of the French territories; refuses positions that lie in none of them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Verdict = Literal["good", "absent", "unreadable", "zero", "swapped", "outside"]


class Box(NamedTuple):
    """Degrees WGS 84, bounds included."""

    south: float
    north: float
    west: float
    east: float


# Generous outlines of each territory (IGN, extents rounded outwards to a tenth of a degree).
FRENCH_BOXES: dict[str, Box] = {
    "France métropolitaine": Box(41.2, 51.2, -5.3, 9.7),
    "Guadeloupe": Box(15.7, 16.6, -61.9, -60.9),
    "Martinique": Box(14.3, 15.0, -61.3, -60.7),
    "Guyane": Box(2.0, 6.0, -54.7, -51.5),
    "La Réunion": Box(-21.5, -20.8, 55.1, 55.9),
    "Mayotte": Box(-13.1, -12.5, 44.9, 45.4),
    "Saint-Pierre-et-Miquelon": Box(46.6, 47.2, -56.6, -56.0),
    "Saint-Barthélemy et Saint-Martin": Box(17.8, 18.2, -63.2, -62.7),
    "Polynésie française": Box(-28.0, -7.5, -155.0, -134.0),
    "Nouvelle-Calédonie": Box(-23.0, -17.5, 158.0, 172.5),
    "Wallis-et-Futuna": Box(-14.6, -13.0, -178.4, -175.9),
}


class Position(NamedTuple):
    """Latitude and longitude in degrees, or None for both, and why."""

    latitude: float | None
    longitude: float | None
    verdict: Verdict


def in_france(latitude: float, longitude: float) -> bool:
    """Whether a point lies in the box of a French territory, overseas included."""
    for south, north, west, east in FRENCH_BOXES.values():
        if south <= latitude <= north and west <= longitude <= east:
            return True
    return False


def read_position(latitude: object, longitude: object, *, abroad: bool = False) -> Position:
    """Reads two coordinates written as numbers or text (decimal comma accepted).

    A pair that lies in France only once swapped is swapped back; the boxes leave no pair that
    lies in France both ways. `abroad` accepts any point of the Earth (embassies).
    """
    if _is_blank(latitude) and _is_blank(longitude):
        return Position(None, None, "absent")
    first, second = _number(latitude), _number(longitude)
    if first is None or second is None:
        return Position(None, None, "unreadable")
    if first == 0 and second == 0:
        return Position(None, None, "zero")
    if in_france(first, second):
        return Position(first, second, "good")
    if abroad:
        on_earth = -90 <= first <= 90 and -180 <= second <= 180
        return Position(first, second, "good") if on_earth else Position(None, None, "outside")
    if in_france(second, first):
        return Position(second, first, "swapped")
    return Position(None, None, "outside")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _number(value: object) -> float | None:
    if isinstance(value, str):
        value = value.strip().replace(",", ".").replace("\u2212", "-")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if -1000 < number < 1000 else None
