"""Which service: by name, by what the person wanted to do, by a link, or written because it is not
in the list."""

from __future__ import annotations

from html import unescape

import pytest

from guichet.directory.tests.factories import KindFactory, StructureFactory
from guichet.experiences.models import Draft, Experience
from guichet.experiences.sharing import actions
from guichet.experiences.sharing.story import ChosenService, services_of, story_of
from guichet.experiences.tests.factories import DraftFactory
from guichet.orientation.tests.factories import NeedFactory, ProcedureFactory

HOME = "/experiences/partager/"


def test_reading_the_first_page_keeps_nothing(person):
    for query in ("", "?quoi=caf&ou=lille", "?service=caf-lille", "?id_demarche=F1"):
        assert person.open(f"{HOME}{query}").status_code == 200
    assert not Draft.objects.exists()


def test_a_service_is_found_by_its_name_and_town(person):
    page = person.open(f"{HOME}?quoi=agence+de+lille&ou=").content.decode()
    assert "CAF du Nord, agence de Lille" in page
    assert 'name="service" value="caf-lille"' in page


def test_who_types_is_sent_what_is_found_and_nothing_around(person):
    found = person.open(f"{HOME}?quoi=agence+de+lille&seen=jeton&morceau=trouve")
    piece = found.content.decode()
    assert piece.strip().startswith('<div id="trouve">')
    assert "<html" not in piece
    assert 'name="service" value="caf-lille"' in piece
    assert 'name="seen" value="jeton"' in piece
    assert "morceau" not in piece
    assert "noindex" in found.headers["X-Robots-Tag"]
    person.begins()
    more = person.open(f"{person.at}?quoi=agence+de+lille&morceau=trouve").content.decode()
    assert more.strip().startswith('<div id="trouve">')
    assert f'action="/experiences/partager/{person.draft.key}/services/"' in more


def test_words_that_find_nothing_are_told(person):
    assert "Nous n'avons rien trouvé".replace("'", "&#x27;") in person.open(
        f"{HOME}?quoi=zzzzqq"
    ).content.decode().replace("n'avons", "n&#x27;avons")


def test_an_unknown_town_is_told(person):
    page = person.open(f"{HOME}?quoi=caf&ou=Zzxqwk").content.decode()
    assert "Nous n'avons pas trouvé cette ville" in page


def test_what_the_person_wanted_to_do_leads_to_places(person, caf):
    NeedFactory(code="demander-frouzbi", title="Demander le frouzbi", kinds=["caf"])
    page = person.open(f"{HOME}je-ne-sais-pas/?quoi=demander+le+frouzbi&ou=Lille")
    assert 'value="caf-lille"' in page.content.decode()
    person.press(HOME, service="caf-lille")
    assert services_of(person.draft)[0].code == "caf-lille"


def test_a_link_names_the_service_and_one_press_begins(person):
    page = person.open(f"{HOME}?service=caf-lille").content.decode()
    assert "CAF du Nord, agence de Lille" in page
    assert "Commencer mon récit" in page
    person.press(service="caf-lille")
    assert person.at.endswith("/services/")


def test_a_link_to_a_merged_place_names_what_it_became(person, caf):
    StructureFactory(code="ancienne", gone=True, merged_into=caf)
    assert caf.name in person.open(f"{HOME}?service=ancienne").content.decode()


def test_a_link_to_a_closed_place_says_so_and_lets_search(person):
    StructureFactory(code="fermee", gone=True)
    page = person.open(f"{HOME}?service=fermee").content.decode()
    assert "n'est plus dans l'annuaire" in page


def test_a_procedure_in_the_address_proposes_its_services_near_the_town(person, caf):
    sheet = ProcedureFactory(
        code="F19778", kinds=[caf.kind_id], title="Demander une aide au logement"
    )
    page = person.open(f"{HOME}?id_demarche=F19778").content.decode()
    assert "Demander une aide au logement" in page
    page = person.open(f"{HOME}?id_demarche=F19778&ou=Lille").content.decode()
    assert 'value="caf-lille"' in page
    person.press(f"{HOME}?id_demarche=F19778&ou=Lille", service="caf-lille")
    assert story_of(person.draft).procedure == sheet.code


def test_a_procedure_of_another_catalogue_is_kept_as_it_was_given(person):
    person.press(f"{HOME}?id_demarche=2217&service=caf-lille", service="caf-lille")
    assert story_of(person.draft).procedures_entered == "Démarche 2217"
    for words in ("<b>a b</b>", "Jean-Dupont-ment", "0612345678"):
        person.press(f"{HOME}?service=caf-lille", service="caf-lille", id_demarche=words)
        assert story_of(person.draft).procedures_entered == ""


def test_a_service_that_is_not_in_the_list_keeps_its_name_and_goes_to_the_programme(person):
    person.press(HOME, name="Régie des eaux", place="Arras")
    person.press(channels_0=["phone"])
    person.press(description="L'eau était coupée trois jours.")
    person.press(feeling="negative")
    person.press(written_as="user", follow_by="code")
    person.press()
    addressee = Experience.objects.get().addressees.get()
    assert addressee.name_entered == "Régie des eaux (Arras)"
    assert (addressee.structure, addressee.network) == (None, None)


def test_three_services_each_with_its_channels(person):
    for number in (2, 3, 4):
        StructureFactory(code=f"site-{number}x", name=f"Site {number}")
    person.begins()
    for code in ("site-2x", "site-3x"):
        person.press(channels_0=["desk"], autre="oui")
        person.press(service=code)
    assert [one.code for one in services_of(person.draft)] == ["caf-lille", "site-2x", "site-3x"]
    assert services_of(person.draft)[0].channels == ("desk",)
    page = person.press(service="site-4x").content.decode()
    assert "3 services au plus" in page
    person.press(f"{HOME}{person.draft.key}/services/", drop="1", channels_2=["phone", "online"])
    chosen = services_of(person.draft)
    assert [one.code for one in chosen] == ["caf-lille", "site-3x"]
    assert chosen[1].channels == ("phone", "online")


@pytest.mark.parametrize("rank", ["²", "9" * 5_000, "-1", "3"])
def test_a_rank_that_no_service_has_drops_none(person, rank):
    person.begins()
    sent = person.client.post(f"{HOME}{person.draft.key}/services/", {"drop": rank})
    assert sent.status_code == 303
    assert [one.code for one in services_of(person.draft)] == ["caf-lille"]


def test_the_same_service_twice_is_one(db):
    draft = DraftFactory()
    for name in ("Régie des eaux", "régie des EAUX"):
        actions.add_service(draft, ChosenService(name=name, place="Arras"))
    assert len(services_of(draft)) == 1


def test_no_service_no_next_step(person):
    person.begins()
    person.press(drop="0")
    assert "Choisissez d'abord un service" in person.press(at="").content.decode().replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize("code", ["nulle-part", "a\0b", "x" * 3000])
def test_a_code_that_is_nobodys_is_told(person, code):
    page = person.press(HOME, service=code)
    assert page.status_code == 200
    assert not Draft.objects.exists()


def test_the_kind_of_place_is_enough(person):
    KindFactory(code="mairie", label="Mairie")
    StructureFactory(code="mairie-lille", name="Mairie de Lille", kind_id="mairie")
    assert 'value="mairie-lille"' in person.open(f"{HOME}?quoi=mairie&ou=Lille").content.decode()


def test_a_list_is_spoken_of_once_there_is_one(person):
    before = unescape(person.open(HOME).content.decode())
    assert "Écrire moi-même le nom du service" in before
    assert "pas dans la liste" not in before
    after = unescape(person.open(f"{HOME}?quoi=agence+de+lille&ou=").content.decode())
    assert "Mon service n'est pas dans la liste" in after
