"""Who comes second is told why, and finds again what they had typed."""

from __future__ import annotations

from html import unescape

import pytest

from guichet.moderation.models import Alert, ModeratedText
from guichet.moderation.queue.actions import accept, raise_alert, reopen
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db
QUEUE = "/agents/moderation/"


@pytest.fixture
def as_bo(client, bo):
    client.force_login(bo)
    return client


def posted(client, address, **values):
    response = client.post(f"{QUEUE}{address}", values, follow=True)
    assert response.status_code == 200
    return unescape(response.text)


def test_a_note_on_a_danger_is_not_written_over_by_who_did_not_read_it(as_bo, ana, waiting):
    raise_alert(text=waiting, by=ana)
    address = f"{waiting.pk}/suite/"
    posted(as_bo, address, seen="", outcome="15 appelé à 14 h 05")
    page = posted(as_bo, address, seen="", outcome="17 appelé à 14 h 10")
    assert Alert.objects.get().outcome == "15 appelé à 14 h 05"
    assert "Quelqu'un a noté entre-temps\u00a0: «\u00a015 appelé à 14 h 05\u00a0»" in page
    assert "Votre note n'est pas enregistrée\u00a0: «\u00a017 appelé à 14 h 10\u00a0»" in page
    assert 'name="seen" value="15 appelé à 14 h 05"' in page
    both = "15 appelé à 14 h 05, 17 à 14 h 10"
    assert "C'est noté" in posted(as_bo, address, seen="15 appelé à 14 h 05", outcome=both)
    assert Alert.objects.get().outcome == both


def test_a_note_that_cannot_be_taken_is_given_back(as_bo, ana, bo, waiting):
    raise_alert(text=waiting, by=ana)
    page = posted(as_bo, f"{waiting.pk}/suite/", outcome="15 appelé", clore="oui")
    assert "attend une décision" in page
    assert "n'est pas enregistrée\u00a0: «\u00a015 appelé\u00a0»" in page


def test_words_to_mask_are_given_back_when_somebody_else_has_the_text(as_bo, ana, waiting):
    open_text(text=waiting, by=ana)
    page = posted(
        as_bo, f"{waiting.pk}/masques/", acte="ajouter", words="personne ne répond", kind="name"
    )
    assert "Ana Roux lit ce texte" in page
    assert "Ce que vous vouliez masquer\u00a0: «\u00a0personne ne répond\u00a0»" in page


def test_why_a_decision_is_taken_again_is_given_back_to_who_comes_second(as_bo, ana, waiting):
    accept(text=waiting, by=ana)
    reopen(text=waiting, by=ana, note="Un nom est resté")
    page = posted(as_bo, f"{waiting.pk}/reprendre/", note="Une adresse est restée")
    assert "Aucune décision n'est à reprendre sur ce texte" in page
    assert "Une adresse est restée</textarea>" in page


def test_texts_that_left_ones_hands_are_named_among_those_decided_together(as_bo, ana, told):
    mine, hers = arrived("Un", reference="1"), arrived("Deux", reference="2")
    ticked = {f"texte-{one.pk}": one.pk for one in (mine, hers)}
    posted(as_bo, "ouvrir/", **ticked)
    open_text(text=hers, by=ana, takes_over=True)
    page = posted(as_bo, "lot/decider/", decision="publier", **ticked)
    assert "1\u00a0texte publié" in page
    assert f"Texte n°\u00a0{hers.pk}\u00a0: il n'est plus entre vos mains" in page
    assert ModeratedText.objects.get(pk=hers.pk).decided_at is None


def test_texts_that_somebody_else_reads_are_said_to_be_left_aside(as_bo, ana, told):
    texts = [arrived(words, reference=words) for words in ("1", "2", "3")]
    ticked = {f"texte-{each.pk}": each.pk for each in texts}
    open_text(text=texts[1], by=ana)
    page = posted(as_bo, "ouvrir/", **ticked)
    assert "1\u00a0texte coché est laissé de côté\u00a0: déjà décidé, ou lu par" in page
    open_text(text=texts[2], by=ana, takes_over=True)
    page = posted(as_bo, "ouvrir/", **ticked)
    assert "2\u00a0textes cochés sont laissés de côté\u00a0: déjà décidés, ou lus par" in page
