"""The detection itself, with its language model, behind the queue."""

from __future__ import annotations

import pytest
from django.core import mail

from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions import Part, accept, arrivals, machine_reading, submit
from guichet.moderation.queue.actions.arrivals import pattern_marks
from guichet.moderation.queue.machine_findings import findings_of
from guichet.moderation.queue.text_page import full_text, near_duplicates_of
from guichet.moderation.tasks import read_moderated_text
from guichet.moderation.tests.queue.conftest import SOURCE

pytestmark = pytest.mark.django_db
STORY = (
    "Je suis allée trois fois à la caisse pour ma demande de logement. Madame Martine Lefebvre m'a "
    "dit d'appeler le 06 12 34 56 78, mais personne ne répond jamais et mon dossier n'avance pas."
)


@pytest.fixture(autouse=True)
def real_machine(machine, monkeypatch):
    """Undoes the stand-in of the other tests of this folder."""
    monkeypatch.setattr(arrivals, "pattern_marks", pattern_marks)
    monkeypatch.setattr(machine_reading, "findings_of", findings_of)


def came_in(words, reference="7"):
    parts = [Part("title", "Titre", "Sans réponse"), Part("description", "Récit", words)]
    text = submit(source=SOURCE, reference=reference, parts=parts)
    read_moderated_text(text_id=text.pk)
    return ModeratedText.objects.get(pk=text.pk)


def test_a_story_is_marked_described_and_published_without_names(told, ana):
    text = came_in(STORY)
    assert text.language == "fr"
    assert 0 < text.risk < 60
    assert any("données personnelles" in flag for flag in text.flags)
    published = accept(text=text, by=ana).text.published("description")
    assert "[nom] m'a dit d'appeler le [téléphone]" in published
    assert "Lefebvre" not in published


def test_a_danger_alerts(told, ana):
    text = came_in("On me refuse tout depuis des mois, ce soir je vais me suicider.")
    assert text.is_danger
    assert text.risk == 100
    assert [one.to for one in mail.outbox] == [[ana.email]]


def test_an_insult_weighs_and_is_quoted_to_moderators(told):
    insulted = came_in(STORY + " Quelle bande de connards.")
    assert any(flag.startswith("insulte possible : « ") for flag in insulted.flags)
    assert insulted.risk > came_in(STORY, reference="8").risk
    assert not insulted.is_danger


def test_another_language_is_told(told):
    words = "I waited three hours at the desk and nobody was able to answer my question there."
    text = came_in(words)
    assert text.language == "en"
    assert "autre langue que le français (en)" in text.flags


def test_a_story_sent_twice_finds_its_like(told):
    first = came_in(STORY)
    second = came_in(STORY.replace("trois", "quatre"), reference="8")
    alike = near_duplicates_of(full_text(second.pk))
    assert [one.pk for one in alike] == [first.pk]
    assert alike[0].percent > 60
