"""Each step keeps what was answered; back works; nothing is asked twice; long or odd texts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guichet.experiences.models import Draft, Experience
from guichet.experiences.sharing.story import story_of
from guichet.experiences.tests.sharing.person import AUTHOR, FEELING, STORY
from guichet.moderation.models import OriginalText

HOME = "/experiences/partager/"


def at(person, step):
    return f"{HOME}{person.draft.key}/{step}/"


def test_each_step_says_where_one_stands(person):
    person.begins()
    for number, values in enumerate(
        ({"channels_0": ["desk"]}, STORY, FEELING, {**AUTHOR, "follow_by": "code"}), start=1
    ):
        page = person.open(person.at).content.decode()
        assert f"Étape {number} sur 5" in page
        person.press(**values)
    assert "Étape 5 sur 5" in person.open(person.at).content.decode()


def test_what_was_answered_is_there_when_one_comes_back(person):
    person.tells()
    assert STORY["description"].replace("'", "&#x27;") in (
        person.open(at(person, "recit")).content.decode()
    )
    feeling = person.open(at(person, "ressenti")).content.decode()
    assert 'value="negative"' in feeling
    assert "checked" in feeling
    assert "claude@exemple.fr" in person.open(at(person, "vous")).content.decode()


def test_the_link_opens_where_one_stopped(person):
    person.begins()
    person.press(channels_0=["desk"])
    person.press(**STORY)
    person.open(f"{HOME}{person.draft.key}/")
    assert person.at == at(person, "ressenti")


def test_a_part_changed_from_the_review_leads_back_to_it(person):
    person.tells()
    person.press(f"{at(person, 'recit')}?relire=oui", description="Autre chose.")
    assert person.at == at(person, "relecture")
    assert story_of(person.draft).description == "Autre chose."


def test_the_review_waits_for_what_is_missing(person):
    person.begins()
    person.open(at(person, "relecture"))
    assert person.at == at(person, "recit")


def test_the_departement_is_guessed_from_the_service(person):
    person.begins()
    page = person.open(at(person, "vous")).content.decode()
    assert '<option value="59" selected>' in page


def test_a_story_without_title_takes_its_first_sentence(person):
    review = person.tells(title="").content.decode()
    assert "<strong>J&#x27;ai attendu deux heures au guichet</strong>" in review


def test_an_empty_story_says_how_to_mend_it(person):
    person.begins()
    person.press(channels_0=["desk"])
    page = person.press(description=" \n\u200b ".replace("\u200b", "")).content.decode()
    assert "Racontez ce qui s&#x27;est passé, même en une phrase." in page


def test_a_hundred_thousand_characters_are_given_back_whole(person):
    person.begins()
    person.press(channels_0=["desk"])
    long = "é" * 99_999 + "F"
    page = person.press(description=long).content.decode()
    assert "Votre texte fait 100\u202f000 caractères" in page
    assert "Enlevez-en 95\u202f000" in page
    assert long in page
    assert story_of(person.draft).description == ""


def test_markup_emoji_and_other_languages_are_kept_as_written(person):
    written = "<script>alert(1)</script> 😀 شكرا جزيلا\n\nThank you & goodbye"
    review = person.tells(description=written, follow_by="code", email="").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 😀 شكرا جزيلا" in review
    assert "<script>alert" not in review
    person.sends()
    parts = {one["name"]: one["text"] for one in OriginalText.objects.get().parts}
    assert parts["description"] == written


def test_a_draft_of_nobody_is_gone(person):
    page = person.open(f"{HOME}{'x' * 43}/recit/")
    assert page.status_code == 404
    assert "Ce lien ne mène plus à un récit" in page.content.decode()


def test_what_two_windows_write_is_not_lost(person):
    person.begins()
    person.press(at(person, "ressenti"), **FEELING)
    person.press(at(person, "recit"), **STORY)
    said = story_of(Draft.objects.get())
    assert (said.feeling, said.title) == ("negative", STORY["title"])


def test_who_writes_a_danger_is_given_the_number_to_call_before_sending(person):
    long = "J'ai attendu. " * 40
    person.tells()
    said = person.press(at(person, "recit"), description=f"{long}Je veux mourir. {long}")
    assert person.at.endswith("/ressenti/")
    assert "Vous souffrez, ou un proche souffre" in said.content.decode()
    first = person.open(at(person, "services")).content.decode()
    assert "Vous souffrez, ou un proche souffre" in first
    for step in ("vous", "relecture"):
        later = person.open(at(person, step)).content.decode()
        assert "Vous souffrez" not in later
        assert "Les numéros à appeler</a>" in later
    calm = person.press(f"{at(person, 'recit')}?relire=oui", description=long).content.decode()
    assert "Les numéros à appeler</a>" not in calm


def test_an_unknown_answer_is_refused(person):
    person.begins()
    page = person.press(at(person, "ressenti"), feeling="furious")
    assert page.status_code == 200
    assert story_of(Draft.objects.get()).feeling == ""


@pytest.mark.parametrize("step", ["services", "recit", "ressenti", "vous", "plus-tard"])
def test_no_page_of_a_draft_may_be_kept_by_a_cache_or_an_index(person, step):
    person.begins()
    response = person.client.get(at(person, step))
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_the_story_is_dated_of_its_confirmation(person):
    person.tells(follow_by="code", email="")
    person.sends()
    experience = Experience.objects.get()
    assert experience.written_on == timezone.localdate()
    assert experience.written_as == "user"
