"""What is pointed out while writing never stops who writes."""

from __future__ import annotations

import pytest

from guichet.experiences.sharing.cautions import (
    author_cautions,
    caution_mark,
    corrected_email,
    looks_like_a_full_name,
    story_cautions,
)
from guichet.experiences.sharing.story import story_of
from guichet.experiences.tests.sharing.person import AUTHOR

NUMBER = "06 39 98 12 34"
TEXT = f"J'ai dit de me rappeler au {NUMBER}, personne ne l'a fait."


def to_the_story(person):
    person.begins()
    person.press(channels_0=["desk"])
    return person.at


def test_a_number_is_quoted_with_what_to_do_and_the_text_is_kept(person):
    here = to_the_story(person)
    page = person.press(description=TEXT).content.decode()
    assert person.at == here
    assert f"<strong>{NUMBER}</strong>" in page
    assert "numéro de téléphone" in page
    assert "le service ne rappelle pas" in page
    assert story_of(person.draft).description == TEXT


def test_pressed_again_the_text_passes_as_it_is(person):
    here = to_the_story(person)
    person.press(description=TEXT)
    mark = caution_mark(story_cautions({"description": TEXT}))
    person.press(description=TEXT, heeded=mark)
    assert person.at != here


def test_another_number_is_pointed_out_anew(person):
    here = to_the_story(person)
    mark = caution_mark(story_cautions({"description": TEXT}))
    page = person.press(description=TEXT.replace("12 34", "56 78"), heeded=mark)
    assert person.at == here
    assert "06 39 98 56 78" in page.content.decode()


def test_a_text_without_any_passes_at_once(person):
    here = to_the_story(person)
    person.press(description="J'ai attendu deux heures.")
    assert person.at != here


def test_the_piece_of_page_for_javascript_keeps_nothing(person):
    here = to_the_story(person)
    answer = person.client.post(f"{here}verifier/", {"description": TEXT})
    assert NUMBER in answer.content.decode()
    assert story_of(person.draft).description == ""
    assert person.client.post(f"{here}verifier/", {"description": "Rien."}).content.strip() == b""
    assert person.client.get(f"{here}verifier/").status_code == 405


def test_what_stands_around_is_quoted():
    words = "alors ici tout est long quand personne ne sait répondre"
    (caution,) = story_cautions({"description": f"{words} {NUMBER} {words}"})
    assert caution.before == "…ne sait répondre "
    assert caution.found == NUMBER
    assert caution.after == " alors ici tout est…"
    (caution,) = story_cautions({"description": f"Au {NUMBER}."})
    assert (caution.before, caution.after) == ("Au ", ".")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a.b@gmial.com", "a.b@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@hotmial.fr", "a@hotmail.fr"),
        ("a@orange.f", "a@orange.fr"),
        ("a@Wanado.fr", "a@wanadoo.fr"),
        ("a@gmail.com", ""),
        ("a@mail.com", ""),
        ("a@mairie-lille.fr", ""),
        ("a@live.com", ""),
        ("", ""),
    ],
)
def test_a_slip_in_a_common_domain_is_seen(written, meant):
    assert corrected_email(written) == meant


@pytest.mark.parametrize("name", ["Marie Dupont", "Jean-Paul Le Goff", "MARTIN Claude"])
def test_a_first_name_with_a_last_name_is_seen(name):
    if name == "Jean-Paul Le Goff":
        assert not looks_like_a_full_name(name)
        return
    assert looks_like_a_full_name(name)


@pytest.mark.parametrize(
    "name", ["", "Marie", "Un habitant de Lille", "Grand-mère du Nord", "Maman Solo", "usager59"]
)
def test_a_nickname_is_none(name):
    assert not looks_like_a_full_name(name)


def test_a_slip_in_the_address_is_proposed_and_mended_by_one_press(person):
    to_the_story(person)
    person.press(description="J'ai attendu.")
    person.press(feeling="negative")
    here = person.at
    page = person.press(**{**AUTHOR, "email": "claude@gmial.com"}).content.decode()
    assert person.at == here
    assert "claude@gmail.com" in page
    person.press(**{**AUTHOR, "email": "claude@gmial.com", "corriger": "oui"})
    assert person.draft.email == "claude@gmail.com"
    assert person.at.endswith("/relecture/")


def test_an_odd_address_passes_when_it_is_confirmed(person):
    to_the_story(person)
    person.press(description="J'ai attendu.")
    person.press(feeling="negative")
    odd = {**AUTHOR, "email": "claude@gmial.com"}
    person.press(**odd)
    person.press(**odd, heeded=caution_mark(author_cautions(AUTHOR["pseudonym"], odd["email"])))
    assert person.draft.email == "claude@gmial.com"
    assert person.at.endswith("/relecture/")


def test_a_real_name_is_pointed_out_once(person):
    to_the_story(person)
    person.press(description="J'ai attendu.")
    person.press(feeling="negative")
    named = {**AUTHOR, "pseudonym": "Marie Dupont"}
    page = person.press(**named).content.decode()
    assert "<strong>Marie Dupont</strong>" in page
    person.press(**named, heeded=caution_mark(author_cautions("Marie Dupont", AUTHOR["email"])))
    assert person.at.endswith("/relecture/")


def test_a_first_name_chosen_as_pseudonym_is_not_pointed_out():
    assert author_cautions("Kamel", "") == []
    assert author_cautions("Kamel Benali", "") != []


@pytest.mark.parametrize("pseudonym", ["Josiane Petit", "Kamel Benali", "josiane petit"])
def test_who_signs_with_their_own_name_is_offered_a_nickname(pseudonym):
    told = author_cautions(pseudonym, "")
    assert [one.advice for one in told if "surnom" not in one.advice] == []
    assert "ma voisine" not in "".join(one.advice for one in told)


@pytest.mark.parametrize(
    "story",
    [
        "Bonjour, je m'appelle Josiane Petit. J'ai attendu.",
        "Je suis Mme Josiane Petit et j'ai attendu.",
        "J'ai attendu.\nCordialement,\nJosiane Petit",
    ],
)
def test_who_gives_their_own_name_reads_that_it_is_not_needed(story):
    (caution,) = story_cautions({"description": story})
    assert "un prénom ou un pseudonyme suffit" in caution.advice
    assert "ma voisine" not in caution.advice


def test_ones_own_name_is_known_wherever_it_stands_and_others_keep_their_advice():
    texts = {
        "description": "Je m'appelle Josiane Petit. J'ai vu M. Karim Benali.",
        "title": "Josiane Petit attend",
    }
    told = {(one.found, one.where): one.advice for one in story_cautions(texts)}
    assert len(told) == 3
    assert [found for (found, _), advice in told.items() if "suffit" in advice] == [
        "Josiane Petit",
        "Josiane Petit",
    ]
