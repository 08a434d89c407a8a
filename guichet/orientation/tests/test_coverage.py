"""Who lives near a site: an example worked by hand, and measuring everything against everything."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.orientation.coverage.reach import (
    LEAF_SITES,
    Access,
    Headcount,
    NearestSite,
    Settlement,
    Site,
    accesses,
    counted_once,
    headcounts,
)
from guichet.orientation.travel import driving_minutes
from guichet.territories.distances import distance_m

MAINLAND, ISLAND = "métropole", "Ouessant"


def settlement(code: str, population: int = 100, departement: str = "01", **fields) -> Settlement:
    fields = {"latitude": 46.0, "longitude": 5.0, "land": MAINLAND} | fields
    return Settlement(code=code, departement=departement, population=population, **fields)


# On a meridian, 0.1° is 11.1195 km (the earth's circumference of 40,030.23 km over 3600), hence
# 14.4554 km by road. All within 30 minutes but C (too far) and D (an island without a site):
# A  0 km                                                               2 min
# B  14.4554 km: 5 km at 30 km/h, 9.4554 km at 55 km/h, + 2    10 + 10.3150 + 2 = 22.3150 min
# C  28.9107 km: 5 km, 15 km at 55 km/h, 8.9107 km at 80 km/h  10 + 16.3636 + 6.6830 + 2 = 35.0467
# E  4.3366 km at 30 km/h, to the other site                   8.6732 + 2 = 10.6732 min
VILLAGES = [
    settlement("A", 5_000, "01"),
    settlement("B", 800, "01", latitude=46.1, is_approximate=True),
    settlement("C", 300, "39", latitude=45.8),
    settlement("D", 200, "29", latitude=46.05, land=ISLAND),
    settlement("E", 700, "39", latitude=46.97),
]
SITES = [Site("south", 46.0, 5.0, MAINLAND), Site("north", 47.0, 5.0, MAINLAND)]


def test_five_communes_two_sites_and_an_island():
    found = accesses(VILLAGES, SITES)
    assert [access.site for access in found] == ["south", "south", "south", "", "north"]
    assert [access.minutes for access in found] == [
        pytest.approx(2.0),
        pytest.approx(22.3150, abs=1e-3),
        pytest.approx(35.0467, abs=1e-3),
        None,
        pytest.approx(10.6732, abs=1e-3),
    ]
    counts = headcounts(found, 30)
    assert counts == {
        "01": Headcount(population=5_800, covered=5_800, communes=2, left_out=0, approximate=800),
        "39": Headcount(population=1_000, covered=700, communes=2, left_out=1),
        "29": Headcount(population=200, covered=0, communes=1, left_out=1),
    }
    nation = sum(counts.values(), Headcount())
    assert (nation.covered, nation.population) == (6_500, 7_000)
    assert nation.percent == Decimal("92.9")


def test_less_than_the_limit_is_strict():
    access = Access(VILLAGES[0], "south", 30.0)
    assert not access.is_within(30)
    assert access.is_within(30.1)


def test_an_island_with_a_site_is_reached_from_the_island_only():
    sites = [*SITES, Site("island", 46.0, 5.0, ISLAND)]
    found = {access.settlement.code: access.site for access in accesses(VILLAGES, sites)}
    assert found["D"] == "island"
    assert found["A"] == "south"


def test_no_site_at_all_leaves_everybody_out():
    found = accesses(VILLAGES, [])
    assert {(access.site, access.minutes) for access in found} == {("", None)}
    counts = headcounts(found, 30)
    assert sum(count.covered for count in counts.values()) == 0
    assert sum(count.left_out for count in counts.values()) == len(VILLAGES)
    with pytest.raises(ValueError, match="at least one"):
        NearestSite([])


LATITUDES = st.floats(-90, 90) | st.integers(-180, 180).map(lambda half: half / 2)
LONGITUDES = st.floats(-180, 180) | st.integers(-360, 360).map(lambda half: half / 2)
LANDS = st.sampled_from([MAINLAND, ISLAND, "974"])


@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES, LANDS), min_size=1, max_size=12),
    st.lists(st.tuples(LATITUDES, LONGITUDES, LANDS), max_size=LEAF_SITES * 8),
)
def test_the_same_as_measuring_every_site(homes, places):
    settlements = [
        settlement(str(number), latitude=latitude, longitude=longitude, land=land)
        for number, (latitude, longitude, land) in enumerate(homes)
    ]
    sites = [Site(f"s{number}", *place) for number, place in enumerate(places)]
    for access in accesses(settlements, sites):
        home = access.settlement
        ways = {
            site.code: distance_m((home.latitude, home.longitude), (site.latitude, site.longitude))
            for site in sites
            if site.land == home.land
        }
        if not ways:
            assert access == Access(home)
        else:
            assert ways[access.site] == pytest.approx(min(ways.values()), rel=1e-6, abs=0.5)
            assert access.minutes == driving_minutes(ways[access.site])


@given(st.integers(), st.sampled_from([0.02, 1.0, 12.0, 180.0]), st.integers(1, 400))
@settings(max_examples=40)
def test_a_crowd_of_sites_hides_no_nearer_one(seed, spread, count):
    """Hundreds of sites at random are what a search that cuts corners fails on."""
    random = Random(seed)

    def somewhere() -> tuple[float, float]:
        return random.uniform(-spread, spread) / 2, random.uniform(-spread, spread)

    sites = [Site(f"s{number}", *somewhere(), MAINLAND) for number in range(count)]
    search = NearestSite(sites)
    for _ in range(20):
        home = somewhere()
        found = search.of(*home)
        shortest = min(distance_m(home, (site.latitude, site.longitude)) for site in sites)
        way = distance_m(home, (found.latitude, found.longitude))
        assert way == pytest.approx(shortest, rel=1e-6, abs=0.5)


def test_sites_at_the_same_spot_are_told_apart_by_their_code():
    crowd = [Site(f"c{number:02}", 46.0, 5.0, MAINLAND) for number in reversed(range(30))]
    assert NearestSite(crowd).of(46.2, 5.1).code == "c00"


def test_the_antimeridian_does_not_separate():
    near, far = Site("near", -14.0, -179.9, "x"), Site("far", -14.0, 178.0, "x")
    assert NearestSite([near, far]).of(-14.0, 179.9) is near


class TestEverybodyIsCountedOnce:
    paris = settlement("75056", 300, "75")

    def test_arrondissements_take_the_place_of_their_commune(self):
        parts = [
            settlement("75101", 100, "75", parent="75056"),
            settlement("75102", 200, "75", parent="75056"),
        ]
        assert counted_once([self.paris, *parts]) == parts

    def test_the_commune_stays_when_its_parts_do_not_add_up(self):
        parts = [
            settlement("75101", 100, "75", parent="75056"),
            settlement("75102", 0, "75", parent="75056"),
        ]
        assert counted_once([self.paris, *parts]) == [self.paris]

    def test_the_commune_stays_when_its_parts_have_no_people(self):
        part = settlement("75101", 0, "75", parent="75056")
        assert counted_once([self.paris, part]) == [self.paris]

    def test_where_nobody_lives_is_left_aside(self):
        assert counted_once([settlement("55039", 0, "55"), self.paris]) == [self.paris]


@pytest.mark.parametrize(
    ("covered", "population", "percent"),
    [
        (1, 3, "33.3"),
        (1, 8, "12.5"),
        (125, 1_000_000, "0.1"),
        (1, 1_000_000, "0.1"),
        (0, 1_000_000, "0.0"),
        (999_999, 1_000_000, "99.9"),
        (1_000_000, 1_000_000, "100.0"),
        (2_005, 10_000, "20.1"),
    ],
)
def test_a_share_never_hides_those_who_are_left_out(covered, population, percent):
    assert Headcount(population=population, covered=covered).percent == Decimal(percent)


def test_there_is_no_share_where_nobody_lives():
    assert Headcount().percent is None
