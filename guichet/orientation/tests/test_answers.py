"""Words and a place become services, why, and where: on the shipped needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.models import StructureKind
from guichet.directory.tests.factories import KindFactory, StructureFactory, lille
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.catalogue import catalogue, catalogue_changed
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.models import Need, Procedure, Synonym
from guichet.orientation.tests.factories import ProcedureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]


def site(code, kind, **fields):
    kind = StructureKind.objects.get(code=kind)
    return StructureFactory(code=code, kind=kind, commune=lille(), **fields)


@pytest.fixture
def lille_services(no_territories):
    site("caf-lille", "caf", with_hours=True)
    site("hall", "mairie")
    site("house", "france_services")


def test_rsa_in_lille_is_for_the_caf(lille_services):
    answer = answer_to(Question("je veux demander le RSA", "Lille"))
    assert answer.is_sure
    (subject,) = answer.subjects
    assert subject.title == "Demander le RSA"
    best = subject.doors[0]
    assert (best.kind, best.label) == ("caf", "Caisse d'allocations familiales (CAF)")
    assert best.why.startswith("La CAF")
    assert [place.found.structure.code for place in best.places] == ["caf-lille"]
    assert best.places[0].minutes == pytest.approx(2.3, abs=0.8)
    assert answer.house.found.structure.code == "house"


def test_an_identity_card_is_not_made_in_every_town_hall(lille_services):
    answer = answer_to(Question("refaire ma carte d'identité", "Lille"))
    best = answer.subjects[0].doors[0]
    assert best.kind == "mairie"
    assert best.only_some
    assert best.find_url == "https://rendezvouspasseport.ants.gouv.fr/"
    assert "mairie" in answer.subjects[0].advice


def test_without_a_place_services_come_without_addresses(lille_services):
    answer = answer_to(Question("je veux demander le RSA"))
    assert answer.is_sure
    assert all(door.places == () for door in answer.subjects[0].doors)
    assert answer.house is None
    assert not answer.place_is_unknown


def test_an_unknown_place_is_said(lille_services):
    assert answer_to(Question("rsa", "Zzyzx")).place_is_unknown


@pytest.mark.parametrize("where", ["Lille", "lile", "59000", "LILLE (59)"])
def test_a_place_is_read_as_people_type_it(lille_services, where):
    assert answer_to(Question("rsa", where)).place.commune.insee_code == "59350"


def test_a_place_hardly_like_what_was_typed_is_asked_not_taken(lille_services):
    answer = answer_to(Question("rsa", "Lilas"))
    assert answer.place is None
    assert answer.place_is_unknown
    assert [place.name for place in answer.other_places] == ["Lille"]


def test_a_code_is_not_read_as_a_postal_code(lille_services):
    assert answer_to(Question("rsa", insee_code="59350")).place.commune.name == "Lille"


def test_a_position_gives_its_commune(lille_services):
    answer = answer_to(Question("rsa", position=(50.63, 3.05)))
    assert answer.place.commune.name == "Lille"


def test_a_private_matter_is_out_of_scope_and_says_where_to_turn():
    answer = answer_to(Question("mon forfait sfr ne marche plus"))
    assert answer.out_of_scope
    assert "service client" in answer.subjects[0].advice


@pytest.mark.parametrize("text", ["", "asdfgh", "?????", "12345", "bonjour"])
def test_what_says_nothing_is_answered_by_nothing(text):
    answer = answer_to(Question(text))
    assert answer.outcome is Outcome.MISSED
    assert answer.subjects == ()


def test_danger_is_recognised():
    assert answer_to(Question("mon mari me frappe")).urgent == "violences"
    assert answer_to(Question("je veux mourir")).urgent == "suicide"
    assert answer_to(Question("je dors dehors ce soir")).urgent == "sans-abri"


def test_a_need_that_was_picked_needs_no_words():
    answer = answer_to(Question(need="demander-rsa"))
    assert answer.is_sure
    assert answer.subjects[0].code == "demander-rsa"


def test_an_unknown_code_falls_back_on_the_words():
    assert answer_to(Question("rsa", need="nothing-such")).subjects[0].code == "demander-rsa"


def test_what_only_a_sheet_knows_is_answered_by_the_sheet():
    KindFactory(code="fdc", label="Fédération départementale des chasseurs")
    ProcedureFactory(
        code="F99001",
        title="Élever des autruches d'agrément",
        organisms=[{"title": "Chasseurs", "kind": "fdc", "note": "", "url": ""}],
        kinds=["fdc"],
        keywords="autruche élevage agrément",
    )
    catalogue_changed()
    answer = answer_to(Question("élever des autruches d'agrément"))
    assert answer.subjects[0].doors[0].kind == "fdc"
    assert "Élever des autruches" in answer.subjects[0].doors[0].why
    assert answer.subjects[0].sheet.code == "F99001"
    assert answer_to(Question(need="F99001")).is_sure


def test_a_sheet_read_more_than_a_year_ago_is_to_be_checked():
    today = timezone.localdate()
    old = Procedure(edition=today - timedelta(days=400), updated_on=None)
    recent = Procedure(edition=today - timedelta(days=30), updated_on=today - timedelta(days=900))
    assert old.needs_check()
    assert not recent.needs_check()


def test_a_new_synonym_is_read_at_once():
    Synonym.objects.create(typed="frouzbi", means="revenu de solidarité active")
    catalogue_changed()
    assert answer_to(Question("mon frouzbi")).subjects[0].code == "demander-rsa"


def test_an_inactive_need_is_not_proposed():
    Need.objects.filter(code="demander-rsa").update(is_active=False)
    catalogue_changed()
    subjects = answer_to(Question("je veux demander le rsa")).subjects
    assert "demander-rsa" not in {one.code for one in subjects}
    assert answer_to(Question(need="demander-rsa")).outcome is Outcome.MISSED


def test_a_catalogue_that_was_rolled_back_is_never_met_again():
    before = catalogue()
    catalogue_changed()
    assert catalogue() is not before


def test_a_hundred_odd_texts_are_safe():
    for text in ("\0", "'; DROP TABLE--", "é" * 900, "%%%", "<script>", "\ud800", "𝕊𝕆𝕊"):
        answer_to(Question(text, text, text, (1e9, 0)))


def test_an_answer_takes_few_queries(lille_services, django_assert_max_num_queries):
    answer_to(Question("je veux demander le rsa", "Lille"))
    with django_assert_max_num_queries(24):
        answer_to(Question("je veux demander le rsa", "Lille"))


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("je perds du sang et je suis enceinte", "sante"),
        ("je veux en finir", "suicide"),
        ("je sens une odeur de gaz dans l'immeuble", "secours"),
        ("j'ai pris trop de médicaments", "sante"),
        ("on veut me marier au bled", "violences"),
    ],
)
def test_an_alarm_is_never_refused_and_its_needs_come_first(text, urgency):
    answer = answer_to(Question(text))
    assert answer.urgent == urgency
    assert answer.outcome in {Outcome.SURE, Outcome.CHOICE}
    assert answer.subjects[0].urgent
