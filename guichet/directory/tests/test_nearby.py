"""The nearest of a point: the same as measuring every distance, by the index, in two queries."""

from __future__ import annotations

import math
import re

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guichet.directory.models import Structure
from guichet.directory.nearby import Point, nearest, radius_holding, within_box
from guichet.directory.tests.factories import KindFactory, StructureFactory
from guichet.territories.distances import distance_m

pytestmark = pytest.mark.django_db

LILLE = Point(50.63, 3.06)
WALLIS = Point(-13.3, -176.2)


def degrees(least, most):
    """To the centimetre: PostgreSQL refuses the square of 1e-200."""
    return st.floats(least, most).map(lambda angle: round(angle, 7))


anywhere = st.tuples(degrees(-90, 90), degrees(-180, 180))
around_france = st.tuples(degrees(42, 51), degrees(-5, 8))
pacific = st.tuples(degrees(-25, -5), degrees(160, 180) | degrees(-180, -140))
poles = st.tuples(degrees(88, 90) | degrees(-90, -88), degrees(-180, 180))
positions = around_france | pacific | poles | anywhere


@pytest.fixture
def kind():
    return KindFactory(code="essai", label="Lieu d'essai")


def placed(kind, points):
    """Structures at these latitudes and longitudes, without the cost of the factory."""
    return Structure.objects.bulk_create(
        Structure(
            code=f"lieu-{number}",
            name=f"Lieu {number}",
            kind=kind,
            path="0",
            source="essai",
            latitude=latitude,
            longitude=longitude,
        )
        for number, (latitude, longitude) in enumerate(points)
    )


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
)
@given(points=st.lists(positions, max_size=30), origin=positions, limit=st.integers(1, 12))
@example(points=[(-13.3, 179.9), (-13.3, -179.9), (-14, -178)], origin=(-13.3, -179.99), limit=2)
@example(points=[(-13.3, 179.9), (-13.3, -179.9), (-14, 178)], origin=(-13.3, 179.99), limit=2)
@example(points=[(89.99, 0), (89.99, 180), (89, 90)], origin=(89.999, -90), limit=1)
@example(points=[(89.945, 0), (89.99, 180)], origin=(89.98, 0), limit=1)  # beyond the pole
@example(points=[(77.1267, 0), (80.415, 16.7)], origin=(80, 0), limit=1)  # where the circle widens
@example(points=[(-50.63, -176.94)], origin=(50.63, 3.06), limit=3)
@example(points=[(50.63, 3.06)] * 4, origin=(50.63, 3.06), limit=2)
def test_the_growing_box_finds_what_measuring_everything_finds(kind, points, origin, limit):
    structures = placed(kind, points)
    found = [
        each.distance_m for each in nearest(kind.structures.all(), Point(*origin), limit=limit)
    ]
    measured = sorted(distance_m(origin, point) for point in points)[:limit]
    Structure.objects.filter(pk__in=[each.pk for each in structures]).delete()
    assert len(found) == len(measured)
    for one, other in zip(found, measured, strict=True):
        assert math.isclose(one, other, rel_tol=1e-9, abs_tol=0.01)


def test_structures_without_a_position_are_left_out(kind):
    StructureFactory(kind=kind, latitude=None, longitude=None, position_source="")
    assert list(nearest(kind.structures.all(), LILLE, limit=5)) == []


def test_equal_distances_are_settled_by_name_so_that_pages_never_shuffle(kind):
    for code, name in (("b", "Beta"), ("c", "Alpha"), ("a", "Beta")):
        StructureFactory(code=code, name=name, kind=kind, latitude=50, longitude=3)
    found = nearest(kind.structures.all(), LILLE, limit=3)
    assert [structure.code for structure in found] == ["c", "a", "b"]


@pytest.mark.parametrize("origin", [LILLE, WALLIS, Point(90, 0)])
def test_two_queries_wherever_the_point_is(kind, origin, django_assert_num_queries):
    placed(kind, [(50.6, 3.1), (48.8, 2.3), (-22.3, 166.4)])
    with django_assert_num_queries(2):
        assert len(nearest(kind.structures.all(), origin, limit=2)) == 2


def test_nothing_at_all_is_found_of_no_kind():
    assert list(nearest(Structure.objects.filter(kind__in=[]), LILLE, limit=3)) == []


def test_the_circle_is_the_smallest_that_holds_enough(kind):
    placed(kind, [(50.63, 3.07), (50.9, 3.06), (48.85, 2.35)])
    structures = kind.structures.all()
    assert [radius_holding(structures, LILLE, limit) for limit in (1, 2, 3, 4)] == [
        5,
        40,
        320,
        None,
    ]


def plan_of(structures):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_structure")
        sql, parameters = structures.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.fixture
def many(kind):
    """Two thousand places all over France, one in ten of the kind that is searched."""
    structures = placed(kind, [(42 + n % 90 / 10, n % 101 / 10 - 3) for n in range(2000)])
    common = KindFactory(code="courant", label="Lieu courant")
    ordinary = [structure.pk for structure in structures if structure.pk % 10]
    Structure.objects.filter(pk__in=ordinary).update(kind=common)


def test_the_nearest_of_a_kind_are_read_by_the_index(many):
    open_ones = Structure.objects.open_ones().filter(kind="essai")
    for structures in (nearest(open_ones, LILLE, limit=20), within_box(open_ones, LILLE, 40)):
        assert "structure_nearest_of_kind" in plan_of(structures)


def test_without_a_kind_the_index_of_positions_is_read(many):
    open_ones = Structure.objects.open_ones()
    for structures in (nearest(open_ones, LILLE, limit=5), within_box(open_ones, LILLE, 5)):
        assert re.search(r"structure_nearest\b", plan_of(structures))
