"""What an agent's screen proposes: the answer's places, one by its name, one of a named kind."""

from __future__ import annotations

import pytest

from guichet.directory.models import StructureKind
from guichet.orientation.actions.handovers import LONGEST
from guichet.orientation.answers import Outcome
from guichet.orientation.handovers.offer import HOUSE_WHY, HandoverWish, offer_of
from guichet.orientation.tests.factories import ProcedureFactory
from guichet.orientation.tests.handovers.conftest import site

RSA = "je veux demander le RSA"


@pytest.fixture
def roubaix(caf):
    return site("caf-roubaix", "caf", name="CAF de Roubaix", latitude=50.69, longitude=3.18)


def codes(offer):
    return [one.code for one in offer.choices]


def test_the_best_service_comes_first_nearest_first(house, caf, roubaix):
    offer = offer_of(house, HandoverWish(text=RSA, where="Lille"))
    assert offer.subject == "Demander le RSA"
    assert codes(offer).index("caf-lille") < codes(offer).index("caf-roubaix")
    best = offer.choices[0]
    assert best.structure.kind_id == "caf"
    assert offer.why == best.why == "La CAF étudie votre demande et verse le RSA."
    assert "Une pièce d'identité ou un titre de séjour" in offer.documents


def test_a_choice_says_how_far_and_whether_it_is_open(house, caf):
    offer = offer_of(house, HandoverWish(text=RSA, where="Lille"))
    hint = offer.choice("caf-lille").hint
    assert hint.startswith("À ")
    assert "environ" in hint
    assert "Ouvert" in hint or "Fermé" in hint


def test_a_name_that_does_not_say_the_kind_is_told_it(house):
    site("x", "caf", name="Accueil des familles")
    offer = offer_of(house, HandoverWish(text=RSA, where="Lille"))
    assert offer.choice("x").hint.startswith("Caisse d'allocations familiales (CAF)")


def test_a_house_is_proposed_in_any_case_but_never_the_sender(house, caf):
    nearest = site("maison-2", "france_services", name="France services de Wazemmes")
    offer = offer_of(caf, HandoverWish(text="mot sans aucun sens zzyzx", where="Lille"))
    assert {"maison-lille", "maison-2"} & set(codes(offer))
    assert offer.choices[-1].why == HOUSE_WHY
    from_house = offer_of(house, HandoverWish(text=RSA, where="Lille"))
    assert "maison-lille" not in codes(from_house)
    assert nearest.code not in codes(from_house)[:1]


def test_closed_places_are_not_proposed(house, caf):
    site("fermee", "caf", name="CAF fermée", gone=True)
    assert "fermee" not in codes(offer_of(house, HandoverWish(text=RSA, where="Lille")))


def test_a_place_is_found_by_its_name_and_comes_first(house, caf, roubaix, cpam):
    offer = offer_of(house, HandoverWish(text=RSA, where="Lille", place_name="CAF de Roubaix"))
    assert codes(offer)[0] == "caf-roubaix"
    assert offer.why == "La CAF étudie votre demande et verse le RSA."
    other = offer_of(house, HandoverWish(text=RSA, where="Lille", place_name="cpam de lille"))
    assert codes(other)[0] == "cpam-lille"
    assert other.why == ""


def test_a_name_may_say_where(house, caf):
    here = site("mairie-lille", "mairie", name="Mairie de Lille")
    offer = offer_of(house, HandoverWish(place_name="mairie de Lille", where="Lille"))
    assert codes(offer)[0] == here.code


def test_the_kind_that_a_service_named_is_proposed_first_and_says_who_named_it(caf, cpam):
    offer = offer_of(caf, HandoverWish(kind="cpam", where="Lille", subject="Demander le RSA"))
    assert codes(offer)[0] == "cpam-lille"
    assert offer.why == "D'après « CAF de Lille », c'est ce service qui peut vous répondre."
    assert offer.subject == "Demander le RSA"


def test_an_unknown_kind_or_no_commune_proposes_nothing_of_it(caf, cpam):
    assert "cpam-lille" not in codes(offer_of(caf, HandoverWish(kind="licorne", where="Lille")))
    assert codes(offer_of(caf, HandoverWish(kind="cpam"))) == []


def test_when_it_is_not_sure_the_other_meanings_are_one_click_away(house, caf):
    offer = offer_of(house, HandoverWish(text="papiers", where="Lille (59)"))
    assert offer.answer.outcome is Outcome.CHOICE
    assert offer.other_subjects
    for link in offer.other_subjects:
        assert "besoin=" in link.url
        assert "commune=Lille+%2859%29" in link.url
    assert offer.subject not in [link.label for link in offer.other_subjects]


def test_services_without_an_address_are_named_rather_than_hidden(house, caf):
    offer = offer_of(house, HandoverWish(text=RSA, where="Lille"))
    assert any("Mutualité sociale agricole" in label for label in offer.without_place)


def test_what_a_sheet_takes_is_cut_to_its_length(house, caf):
    title = "Une démarche frouzbi " * 12
    ProcedureFactory(code="F999999", title=title[:300], kinds=["caf"])
    assert StructureKind.objects.filter(code="caf").exists()
    offer = offer_of(house, HandoverWish(need="F999999", where="Lille"))
    assert len(offer.subject) == LONGEST["subject"]
    assert offer.subject.endswith("…")
    assert len(offer.why) <= LONGEST["why"]
