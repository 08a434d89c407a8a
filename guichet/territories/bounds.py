"""Where each territory lies, to catch a position that is wrong: swapped, at 0,0, or elsewhere.

Owns generous boxes of degrees by département; refuses nothing finer than a territory.
"""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """Limits in degrees, WGS 84."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


METROPOLITAN = Box(41.2, 51.2, -5.3, 9.7)
OVERSEAS = {
    "971": Box(15.8, 16.6, -61.9, -60.9),
    "972": Box(14.3, 15.0, -61.3, -60.7),
    "973": Box(2.0, 6.0, -54.7, -51.5),
    "974": Box(-21.5, -20.8, 55.1, 55.9),
    "975": Box(46.7, 47.2, -56.5, -56.0),
    "976": Box(-13.2, -12.5, 44.9, 45.4),
    "977": Box(17.8, 18.0, -63.0, -62.7),
    "978": Box(18.0, 18.2, -63.2, -62.9),
    "984": Box(-67.0, -11.0, 39.0, 141.0),
    "986": Box(-14.5, -13.0, -178.3, -176.0),
    "987": Box(-28.0, -7.5, -155.0, -134.0),
    "988": Box(-23.0, -17.5, 158.0, 172.5),
    "989": Box(10.2, 10.4, -109.3, -109.1),
}


def position_fault(departement: str, latitude: float, longitude: float) -> str:
    """Why this position cannot be in the département, in French, or an empty text."""
    box = OVERSEAS.get(departement, METROPOLITAN)
    if box.holds(latitude, longitude):
        return ""
    if latitude == 0 and longitude == 0:
        return "la position 0,0 est en mer, au large de l'Afrique"
    if box.holds(longitude, latitude):
        return "la latitude et la longitude sont inversées"
    return f"la position est hors du territoire ({departement})"
