"""Who tells a danger reads the numbers to call at once: those of the gravest danger told."""

from __future__ import annotations

import pytest

from guichet.experiences.sharing.urgency import urgent_in

pytestmark = pytest.mark.django_db
HUNGER = "Mon fils n'a rien eu à manger."
DESPAIR = "Je n'en peux plus, je veux en finir."
LISTENING = "Écoute jour et nuit"
WAIT = "J'ai attendu deux heures."


def test_the_gravest_danger_is_answered_even_when_told_last():
    for text in (f"{WAIT} {HUNGER} {DESPAIR}", f"{DESPAIR} {HUNGER}"):
        urgent = urgent_in(text)
        assert urgent is not None
        assert "3114" in urgent.numbers.split()


def test_a_story_without_danger_calls_for_nothing():
    assert urgent_in(WAIT) is None
    assert urgent_in("") is None


@pytest.mark.parametrize(
    "page", ["", "je-ne-sais-pas/", "?morceau=trouve"], ids=["name", "need", "while-typing"]
)
def test_the_numbers_answer_a_danger_typed_where_a_service_is_asked(client, page):
    here = f"/experiences/partager/{page.partition('?')[0]}"
    asked = {"quoi": "je veux mourir", "ou": ""}
    asked |= {"morceau": "trouve"} if "morceau" in page else {}
    said = client.get(here, asked).content.decode()
    assert LISTENING in said.partition('id="trouve"')[2]
    assert "rien trouvé" not in said
    assert LISTENING not in client.get(here, asked | {"quoi": "zzzz"}).content.decode()


def test_the_numbers_are_on_the_page_that_follows_the_story(person):
    person.begins()
    person.press(channels_0=["desk"])
    page = person.press(description=f"{HUNGER} {DESPAIR}").content.decode()
    assert person.at.endswith("/ressenti/")
    assert 'href="tel:3114"' in page
