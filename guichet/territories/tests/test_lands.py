import pytest

from guichet.territories.lands import land_of, roadless
from guichet.territories.models import Commune


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("59350", "13055", True),
        ("75056", "2A004", False),
        ("2A004", "2B033", True),
        ("56152", "56241", True),
        ("56152", "56186", False),
        ("97105", "97112", False),
        ("97302", "97353", False),
        ("97608", "97611", False),
        ("98735", "98729", False),
    ],
)
def test_a_road_joins_communes_of_one_land(one, other, joined):
    assert (land_of(one) == land_of(other)) is joined


@pytest.mark.django_db
@pytest.mark.usefixtures("load_reference_territories")
def test_every_commune_of_the_table_exists():
    known = set(Commune.objects.values_list("insee_code", flat=True))
    assert set(roadless()) - known == set()
