"""What is counted when coverage is measured from the directory, and what is kept."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import KindFactory
from guichet.orientation.coverage.measures import (
    inhabited_settlements,
    measure_common_kinds,
    measure_coverage,
)
from guichet.orientation.models import CoverageMeasure
from guichet.orientation.tasks import measure_coverage as measure_every_night
from guichet.orientation.tests.coverage_country import FRANCE_SERVICES, house, make_country
from guichet.territories.models import Commune
from guichet.territories.tests.factories import (
    ArrondissementFactory,
    CommuneFactory,
    DepartementFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(no_territories):
    return make_country()


def row(measure: CoverageMeasure, code: str) -> dict[str, object]:
    return next(one for one in measure.departements if one["code"] == code)


def test_the_worked_example_is_kept_by_departement(houses):
    measure = measure_coverage(FRANCE_SERVICES)
    assert row(measure, "01") == {
        "code": "01",
        "population": 5_800,
        "covered": 5_800,
        "communes": 2,
        "left_out": 0,
        "approximate": 800,
        "places": 1,
        "at_centre": 0,
        "to_check": 1,
        "sources": {"france-services": 1},
    }
    assert row(measure, "39")["covered"] == 700
    assert row(measure, "984")["communes"] == 0
    assert measure.far == [
        {
            "insee_code": "39001",
            "departement": "39",
            "population": 300,
            "minutes": 36,
            "place": "south",
        },
        {
            "insee_code": "29155",
            "departement": "29",
            "population": 200,
            "minutes": None,
            "place": "",
        },
    ]
    assert (measure.oldest_source, measure.newest_source) == (date(2020, 1, 1), date(2020, 9, 1))


def test_a_measure_replaces_the_one_before_of_the_same_kind_and_limit(houses):
    first = measure_coverage(FRANCE_SERVICES)
    house("island", "29155", 46.05)
    second = measure_coverage(FRANCE_SERVICES)
    other = measure_coverage(FRANCE_SERVICES, 40)
    assert second.pk == first.pk
    assert second.measured_at > first.measured_at
    assert [one["insee_code"] for one in second.far] == ["39001"]
    assert other.far == []
    assert CoverageMeasure.objects.count() == 2


def test_former_kinds_count_under_todays(houses):
    house("former", "29155", 46.05, kind=KindFactory(code="msap", label="MSAP"))
    assert measure_coverage(FRANCE_SERVICES).places == 3
    assert measure_coverage("msap").kind_id == FRANCE_SERVICES


def test_closed_places_do_not_count(houses):
    house("closed", "29155", 46.05, gone=True)
    assert measure_coverage(FRANCE_SERVICES).places == 2


def test_places_without_position_are_left_aside_and_counted(houses):
    house("nowhere", "29155", None)
    measure = measure_coverage(FRANCE_SERVICES)
    assert (measure.places, measure.places_without_position) == (2, 1)
    assert row(measure, "29")["left_out"] == 1


def test_places_at_the_centre_of_their_commune_count_and_are_told(houses):
    house("centre", "29155", 46.05, position_source="commune")
    measure = measure_coverage(FRANCE_SERVICES)
    assert (row(measure, "29")["places"], row(measure, "29")["at_centre"]) == (1, 1)
    assert row(measure, "29")["covered"] == 200


def test_a_place_without_commune_stands_on_the_land_of_the_nearest_one(houses):
    house("unknown", None, 46.051)
    measure = measure_coverage(FRANCE_SERVICES)
    assert row(measure, "29")["covered"] == 200
    assert row(measure, "29")["places"] == 1


def test_a_place_far_from_every_commune_has_no_position_that_counts(houses):
    house("abroad", None, 0.0)
    measure = measure_coverage(FRANCE_SERVICES)
    assert (measure.places, measure.places_without_position) == (2, 1)


def test_recent_places_are_told_from_those_to_check(houses):
    yesterday = timezone.localdate() - timedelta(days=1)
    house("recent", "01001", 46.0, checked_on=yesterday)
    measure = measure_coverage(FRANCE_SERVICES)
    assert (row(measure, "01")["places"], row(measure, "01")["to_check"]) == (2, 1)
    assert measure.newest_source == yesterday


def test_a_place_that_nobody_vouches_for_leaves_the_oldest_day_unknown(houses):
    house("undated", "01001", 46.0, checked_on=None)
    measure = measure_coverage(FRANCE_SERVICES)
    assert (measure.oldest_source, measure.newest_source) == (None, date(2020, 9, 1))
    assert row(measure, "01")["to_check"] == 2


def test_fictional_places_never_mix_with_real_ones(houses):
    house("fiction", "29155", 46.05, is_fictional=True, source="demonstration")
    assert measure_coverage(FRANCE_SERVICES).places == 2
    for one in houses.values():
        one.closed_on = timezone.localdate()
        one.save()
    measure = measure_coverage(FRANCE_SERVICES)
    assert (measure.places, row(measure, "29")["sources"]) == (1, {"demonstration": 1})


def test_nothing_is_kept_when_no_place_is_left(houses):
    measure_coverage(FRANCE_SERVICES)
    for one in houses.values():
        one.closed_on = timezone.localdate()
        one.save()
    assert measure_coverage(FRANCE_SERVICES) is None
    assert not CoverageMeasure.objects.exists()


@pytest.mark.parametrize("minutes", [0, -30, 241])
def test_a_limit_that_makes_no_sense_is_refused(houses, minutes):
    with pytest.raises(RuleViolation, match="de 1 à 240"):
        measure_coverage(FRANCE_SERVICES, minutes)


def test_an_unknown_kind_is_refused(houses):
    with pytest.raises(RuleViolation, match="« pizzeria »"):
        measure_coverage("pizzeria")


def test_without_communes_the_way_out_is_told(no_territories):
    KindFactory(code=FRANCE_SERVICES, label="France services")
    with pytest.raises(RuleViolation, match="import_territories"):
        measure_coverage(FRANCE_SERVICES)


def test_communes_without_people_cannot_be_measured(no_territories):
    KindFactory(code=FRANCE_SERVICES, label="France services")
    CommuneFactory(population=0)
    with pytest.raises(RuleViolation, match="habitée"):
        measure_coverage(FRANCE_SERVICES)


def test_a_town_is_measured_by_arrondissement(houses):
    paris = CommuneFactory(
        insee_code="75056",
        name="Paris",
        departement=DepartementFactory(code="75", name="Paris"),
        population=1_000,
        latitude=46.0,
        longitude=5.0,
    )
    near = {"parent": paris, "latitude": 46.0, "longitude": 5.0}
    ArrondissementFactory(insee_code="75101", name="Paris 1er", population=600, **near)
    far = {"parent": paris, "latitude": 48.9, "longitude": 2.3}
    ArrondissementFactory(insee_code="75120", name="Paris 20e", population=400, **far)
    measured = row(measure_coverage(FRANCE_SERVICES), "75")
    assert [measured[name] for name in ("population", "covered", "communes", "left_out")] == [
        1_000,
        600,
        2,
        1,
    ]


def test_the_shipped_communes_hold_everybody_once(load_reference_territories):
    settlements = inhabited_settlements()
    whole = Commune.objects.whole().aggregate(total=Sum("population"))["total"]
    assert sum(one.population for one in settlements) == whole
    assert sum(one.code.startswith("751") for one in settlements) == 20
    assert not {"75056", "69123", "13055"} & {one.code for one in settlements}


def test_no_route_service_is_called(houses, settings, monkeypatch):
    settings.ROUTE_URL = "http://127.0.0.1:9/"

    def refuse(*args, **kwargs):
        raise AssertionError("coverage must not call a route service")

    monkeypatch.setattr(requests, "get", refuse)
    assert measure_coverage(FRANCE_SERVICES) is not None


def test_every_night_measures_the_common_kinds_and_france_services_first(houses):
    load_reference()
    house("office", "29155", 46.05, kind=StructureKind.objects.get(code="mairie"))
    measured = {kind.code: measure for kind, measure in measure_common_kinds()}
    assert next(iter(measured)) == FRANCE_SERVICES
    assert measured["caf"] is None
    assert measured["mairie"].places == 1
    CoverageMeasure.objects.all().delete()
    measure_every_night(timestamp=0)
    measure_every_night(timestamp=0)
    assert set(CoverageMeasure.objects.values_list("kind", "minutes")) == {
        (FRANCE_SERVICES, 30),
        ("mairie", 30),
    }


class TestCommand:
    def run(self, *arguments: str) -> str:
        output = io.StringIO()
        call_command("measure_coverage", *arguments, stdout=output)
        return output.getvalue()

    def test_json_tells_exact_counts(self, houses):
        assert json.loads(self.run("--json")) == [
            {
                "kind": FRANCE_SERVICES,
                "measured": True,
                "minutes": 30,
                "places": 2,
                "places_without_position": 0,
                "population": 7_000,
                "covered": 6_500,
                "percent": "92.9",
                "communes": 5,
                "left_out": 2,
            }
        ]

    def test_kind_and_limit_are_taken(self, houses):
        self.run("--kind", "msap", "--minutes", "40", "--json")
        assert list(CoverageMeasure.objects.values_list("kind", "minutes")) == [
            (FRANCE_SERVICES, 40)
        ]

    def test_all_tells_what_is_not_measured(self, houses, capsys):
        load_reference()
        self.run("--all")
        told = capsys.readouterr().out
        assert "92,9" in told
        assert "aucun lieu ouvert n'a de position" in " ".join(told.split())

    def test_a_mistake_is_told_in_words(self, houses):
        with pytest.raises(CommandError, match="pizzeria"):
            self.run("--kind", "pizzeria")
        with pytest.raises(CommandError, match="sans --kind"):
            self.run("--all", "--minutes", "20")
