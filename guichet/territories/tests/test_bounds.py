import pytest

from guichet.territories.bounds import position_fault
from guichet.territories.distances import METRES_PER_DEGREE, distance_m


@pytest.mark.parametrize(
    ("departement", "latitude", "longitude", "problem"),
    [
        ("75", 48.86, 2.35, ""),
        ("974", -20.9, 55.5, ""),
        ("75", 2.35, 48.86, "inversées"),
        ("974", 55.5, -20.9, "inversées"),
        ("75", 0.0, 0.0, "0,0"),
        ("75", -20.9, 55.5, "hors du territoire"),
        ("75", float("nan"), 2.0, "hors du territoire"),
    ],
)
def test_a_position_that_cannot_be_there_is_told_apart(departement, latitude, longitude, problem):
    found = position_fault(departement, latitude, longitude)
    assert problem in found
    assert bool(found) == bool(problem)


def test_paris_and_marseille_are_661_km_apart():
    """Notre-Dame to the Vieux-Port, 660.5 km on the WGS 84 ellipsoid (Vincenty)."""
    assert distance_m((48.853, 2.3499), (43.2951, 5.3744)) == pytest.approx(660_500, rel=0.005)


def test_a_degree_of_latitude_is_111_km():
    assert distance_m((46, 2), (47, 2)) == pytest.approx(METRES_PER_DEGREE)
    assert round(METRES_PER_DEGREE) == 111_195


def test_antipodes_are_half_the_earth_away():
    assert distance_m((10, 20), (-10, -160)) == pytest.approx(180 * METRES_PER_DEGREE)
