import pytest
from django.utils import timezone

from guichet.directory.models import Competence, StructureKind
from guichet.directory.tests.factories import KindFactory, StructureFactory, lille
from guichet.orientation.competence import Basis, Place, competent_places, scope_of, scopes
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]


@pytest.fixture
def place(no_territories):
    return Place(lille())


def site(code, kind, commune=None, **fields):
    kind = StructureKind.objects.get(code=kind)
    return StructureFactory(code=code, kind=kind, commune=commune or lille(), **fields)


def elsewhere(code="62041", departement="62", **fields):
    fields = {"latitude": 50.29, "longitude": 2.78, "name": f"Commune {code}"} | fields
    region = lille().departement.region
    return CommuneFactory(
        insee_code=code,
        departement=DepartementFactory(code=departement, name=departement, region=region),
        **fields,
    )


def found(place, *kinds):
    competent = competent_places(kinds, place, timezone.now())
    return {
        kind: (one.basis, [each.structure.code for each in one.found])
        for kind, one in competent.items()
    }


def test_places_whose_source_names_the_commune_go_before_nearer_ones(place):
    near = site("near", "caf")
    far = site("far", "caf", elsewhere(), latitude=50.29, longitude=2.78)
    Competence.objects.create(structure=far, commune_codes=["59350", "62041"])
    assert found(place, "caf") == {"caf": (Basis.DECLARED, ["far"])}
    far.delete()
    assert found(place, "caf") == {"caf": (Basis.DEPARTEMENT, [near.code])}


def test_the_departement_goes_before_a_nearer_place_across_its_border(place):
    site("across", "caf", elsewhere(), latitude=50.631, longitude=3.047)
    site("within", "caf", latitude=50.4, longitude=3.5)
    assert found(place, "caf") == {"caf": (Basis.DEPARTEMENT, ["within"])}


def test_without_any_in_the_departement_the_nearest_is_said_to_be_so(place):
    site("across", "caf", elsewhere(), latitude=50.3, longitude=2.8)
    assert found(place, "caf") == {"caf": (Basis.NEAREST, ["across"])}


def test_a_town_hall_answers_for_its_commune_alone(place):
    site("hall", "mairie")
    site("neighbour", "mairie", elsewhere("59512", "59"), latitude=50.6312, longitude=3.0469)
    assert found(place, "mairie") == {"mairie": (Basis.COMMUNE, ["hall"])}


def test_one_may_choose_among_houses_wherever_they_are(place):
    site("b", "france_services", elsewhere(), latitude=50.5, longitude=3.0)
    site("a", "france_services", latitude=50.62, longitude=3.05)
    assert found(place, "france_services") == {"france_services": (Basis.ANYWHERE, ["a", "b"])}


def test_former_kinds_answer_under_what_replaced_them(place):
    KindFactory(code="pole_emploi")
    site("old", "pole_emploi")
    assert found(place, "france_travail")["france_travail"] == (Basis.DEPARTEMENT, ["old"])


def test_closed_places_are_never_given(place):
    site("gone", "caf", gone=True)
    assert found(place, "caf") == {"caf": (Basis.UNKNOWN, [])}


def test_three_nearest_at_most(place):
    for rank in range(5):
        site(f"s{rank}", "caf", latitude=50.63 + rank / 100)
    assert found(place, "caf")["caf"][1] == ["s0", "s1", "s2"]


def test_paris_has_its_prefecture_of_police(no_territories):
    paris = elsewhere("75056", "75", name="Paris", latitude=48.86, longitude=2.35)
    first = elsewhere("75101", "75", parent=paris, kind="arrondissement")
    site("ppp", "paris_ppp", first, latitude=48.85, longitude=2.34)
    site("hall", "mairie", first, latitude=48.86, longitude=2.34)
    answers = found(Place(paris), "prefecture", "mairie")
    assert answers["prefecture"] == (Basis.DEPARTEMENT, ["ppp"])
    assert answers["mairie"] == (Basis.COMMUNE, ["hall"])


def test_an_arrondissement_has_its_own_town_hall_alone(no_territories):
    paris = elsewhere("75056", "75", name="Paris", latitude=48.86, longitude=2.35)
    first = elsewhere("75101", "75", parent=paris, kind="arrondissement")
    second = elsewhere("75102", "75", parent=paris, kind="arrondissement")
    site("hall-1", "mairie", first)
    site("hall-2", "mairie", second)
    assert found(Place(second), "mairie")["mairie"] == (Basis.COMMUNE, ["hall-2"])


def test_what_is_an_ocean_away_is_not_given(place):
    noumea = elsewhere("98818", "988", latitude=-22.27, longitude=166.45)
    site("far", "caf", noumea, latitude=-22.27, longitude=166.45)
    assert found(place, "caf") == {"caf": (Basis.UNKNOWN, [])}


def test_queries_do_not_grow_with_the_kinds(place, django_assert_max_num_queries):
    kinds = ["caf", "cpam", "mairie", "france_services", "carsat", "gendarmerie"]
    for kind in kinds:
        site(kind, kind)
    with django_assert_max_num_queries(10):
        competent_places(kinds, place, timezone.now())


def test_every_kind_of_the_table_is_known(place):
    assert set(scopes()) - set(StructureKind.objects.values_list("code", flat=True)) == set()
    assert scope_of("caf").value == "departement"
