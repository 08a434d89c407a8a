"""Stories are found by their words, whatever their accents and plurals."""

from __future__ import annotations

import pytest

from guichet.core import limits
from guichet.directory.tests.factories import StructureFactory
from guichet.experiences.models import State
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.reading.search import index, query_of


def found(words):
    return [one.pk for one in listed(ListWish(words=words)).items]


@pytest.mark.parametrize(
    "words",
    ["démarches", "demarche", "DÉMARCHE", "bénéficiaires", "beneficiaire", "demarche compliquee"],
)
def test_accents_and_plurals_do_not_matter(tell, words):
    story = tell(title="Une démarche compliquée", description="Pour chaque bénéficiaire.")
    tell(title="Autre chose", description="Rien de commun.")
    assert found(words) == [story.pk]


def test_a_phrase_is_searched_whole(tell):
    whole = tell(description="Trois heures dans la file d'attente.")
    tell(description="L'attente dans une file qui n'avance pas.")
    assert found('"file d\'attente"') == [whole.pk]
    assert len(found("file attente")) == 2


def test_a_word_is_left_out_by_a_dash(tell):
    tell(description="La carte grise est arrivée.")
    other = tell(description="La carte vitale est arrivée.")
    assert found("carte -grise") == [other.pk]


def test_a_story_is_found_by_its_service_and_its_town(tell):
    story = tell(StructureFactory(name="Sous-préfecture de Cambrai"))
    tell(StructureFactory(name="Mairie de Douai"))
    assert found("sous-préfecture cambrai") == [story.pk]


@pytest.mark.parametrize("words", ["-guichet", "-carte -grise", "carte or -grise", "le -guichet"])
def test_words_to_leave_out_alone_look_for_nothing_and_ask_for_one(tell, client, words):
    tell()
    assert query_of(words) == ""
    page = client.get("/experiences/", {"q": words}).content.decode()
    assert "Ajoutez un mot à chercher" in page


def test_words_without_meaning_are_told(tell):
    tell()
    assert query_of("le de la") == ""
    assert listed(ListWish(words="le de la")).has_words is False


@pytest.mark.parametrize("words", ["'", "\\", "& | !", "a" * 200, "::*", "<script>", "(((", "𝄞 🎉"])
def test_any_text_is_safe(tell, words):
    tell()
    assert listed(ListWish(words=words)).items == []


def test_a_story_taken_back_has_no_words_left(tell):
    story = tell(title="Introuvable ensuite")
    story.state = State.WITHDRAWN
    story.save()
    index(story)
    story.refresh_from_db()
    assert story.search is None


def test_a_story_is_read_in_the_departement_of_its_author_else_of_its_service(tell):
    of_service = tell(StructureFactory())
    of_author = tell(StructureFactory(), departement=other_departement())
    of_nobody = tell()
    for story in (of_service, of_author, of_nobody):
        story.refresh_from_db()
    assert of_service.read_in_id == "59"
    assert of_author.read_in_id == "29"
    assert of_nobody.read_in_id is None


def other_departement():
    from guichet.territories.tests.factories import DepartementFactory

    return DepartementFactory(code="29", name="Finistère")


@pytest.mark.parametrize("address", ["/experiences/?q=accueil", "/services/?quoi=mairie"])
def test_one_search_too_many_in_a_minute_says_to_wait(client, db, monkeypatch, address):
    monkeypatch.setattr(limits, "SEARCHES_A_MINUTE", 2)
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(address)
    assert refused.headers["Retry-After"] == "60"
    assert "Trop de recherches en peu de temps" in refused.content.decode()
    assert not refused.cookies
    assert client.get("/experiences/?ressenti=negative").status_code == 200
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
