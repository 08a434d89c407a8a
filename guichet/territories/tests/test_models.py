from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from guichet.territories.models import Commune
from guichet.territories.tests.factories import (
    ArrondissementFactory,
    CommuneFactory,
    DepartementFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db


def commune_of(code, departement, region, **more):
    departement = DepartementFactory(
        code=departement, name=departement, region=RegionFactory(code=region, name=region)
    )
    return CommuneFactory(insee_code=code, departement=departement, **more)


def test_a_commune_has_its_legal_time():
    assert commune_of("97411", "974", "04").time_zone == ZoneInfo("Indian/Reunion")


def test_public_holidays_are_those_of_the_departement():
    strasbourg = commune_of("67482", "67", "44")
    good_friday = date(2026, 4, 3)
    assert strasbourg.public_holiday(good_friday) == "Vendredi saint"
    assert commune_of("75056", "75", "11").public_holiday(good_friday) is None
    assert strasbourg.departement.public_holiday(date(2026, 7, 14)) == "Fête nationale"


def test_search_forms_follow_the_name_and_the_postal_codes():
    commune = CommuneFactory(name="L'Haÿ-les-Roses", postal_codes=["94240"])
    commune.name = "Le Kremlin-Bicêtre"
    commune.save()
    commune.refresh_from_db()
    assert commune.search_name == "le kremlin bicetre"
    assert commune.bare_name == "kremlin bicetre"
    assert Commune.objects.with_postal_code("942").filter(pk=commune.pk).exists()
    assert not Commune.objects.with_postal_code("4240").filter(pk=commune.pk).exists()


def test_an_arrondissement_stands_for_the_city_that_it_divides():
    arrondissement = ArrondissementFactory(insee_code="01901", parent__insee_code="01900")
    ours = Commune.objects.filter(insee_code__in=["01900", "01901"])
    assert [commune.insee_code for commune in ours.whole()] == ["01900"]
    assert list(ours.finest()) == [arrondissement]


@pytest.mark.parametrize(
    "wrong", [{"latitude": 91.0}, {"longitude": -181.0}, {"kind": "arrondissement"}]
)
def test_the_database_refuses_what_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        CommuneFactory(**wrong)
