import pytest

from guichet.territories.models import Commune
from guichet.territories.queries import commune_of_code, current_codes, nearest_commune

pytestmark = pytest.mark.usefixtures("load_reference_territories")


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("59350", "59350"),
        ("59355", "59350"),
        ("50602", "50129"),
        ("97123", "97701"),
        ("97127", "97801"),
        ("75112", "75112"),
        ("2a004", "2A004"),
        (" 69123 ", "69123"),
    ],
)
def test_a_code_of_today_or_of_the_past_gives_the_commune_of_today(code, today):
    assert commune_of_code(code).insee_code == today


@pytest.mark.parametrize("code", ["", "00000", "59000000", "Lille", "\x00" * 5, "5935", "é" * 5])
def test_an_unknown_code_gives_nothing(code):
    assert commune_of_code(code) is None


def test_all_former_codes_are_given_at_once():
    former = current_codes()
    assert former["59355"] == "59350"
    assert not set(former) & set(Commune.objects.values_list("insee_code", flat=True))


@pytest.mark.parametrize(
    ("position", "insee_code"),
    [
        ((45.7797, 3.0868), "63113"),
        ((48.8412, 2.3876), "75112"),
        ((-20.8789, 55.4481), "97411"),
        ((-22.27, 166.45), "98818"),
        ((44.8378, -0.5792), "33063"),
    ],
)
def test_the_nearest_commune_of_a_point_is_found_finest_first(position, insee_code):
    assert nearest_commune(*position).insee_code == insee_code


@pytest.mark.parametrize(
    "position", [(0.0, -30.0), (float("nan"), 2.0), (91.0, 0.0), (48.0, 181.0), (90.0, 0.0)]
)
def test_a_point_at_sea_or_off_the_earth_has_no_commune(position):
    assert nearest_commune(*position) is None


def test_the_nearest_is_searched_in_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        nearest_commune(48.8412, 2.3876)
