"""The page of past decisions: what was decided, by whom, and in what time."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue.actions import accept, raise_alert, refuse, reopen
from guichet.moderation.tests.queue.conftest import SOURCE, arrived, page

pytestmark = pytest.mark.django_db
QUEUE = "/agents/moderation/"


def test_decisions_are_listed_and_counted(as_ana, ana, bo, told, waiting):
    accept(text=waiting, by=ana)
    other = arrived("Achetez chez Zed", reference="8")
    ModeratedText.objects.filter(pk=other.pk).update(
        received_at=timezone.now() - timedelta(days=5), due_at=timezone.now() - timedelta(days=3)
    )
    refuse(text=other, by=bo, reason="advertising", note="encore Zed")
    response = as_ana.get(f"{QUEUE}decisions/")
    figures = response.context["figures"]
    assert (figures.total, figures.within, figures.median) == (2, "50\xa0%", "2\xa0jours")
    assert [(one.label, one.count) for one in figures.reasons] == [("publicité", 1)]
    words = response.content.decode()
    assert "Bo Petit" in words
    assert "encore Zed" in words
    assert "5\xa0jours" in words


def test_a_decision_taken_again_leaves_the_delays_as_they_were(as_ana, ana, bo, told):
    late = arrived("Achetez chez Zed", reference="8")
    ModeratedText.objects.filter(pk=late.pk).update(
        received_at=timezone.now() - timedelta(days=5), due_at=timezone.now() - timedelta(days=3)
    )
    refuse(text=late, by=bo, reason="advertising")
    reopen(text=late, by=ana, note="Ce n'est pas une publicité.")
    accept(text=late, by=ana)
    figures = as_ana.get(f"{QUEUE}decisions/").context["figures"]
    assert (figures.total, figures.within, figures.median) == (1, "0\xa0%", "5\xa0jours")
    assert {one.label: one.count for one in figures.verbs} == {"publier": 1, "refuser": 1}


def test_the_days_shown_stand_in_their_fields(as_ana, told):
    today = timezone.localdate()
    words = page(as_ana, f"{QUEUE}decisions/")
    for day in (today, today - timedelta(days=29)):
        assert f'value="{day.isoformat()}"' in words


def test_the_first_of_two_people_is_listed_as_awaiting_the_second(as_ana, ana, bo, told, waiting):
    raise_alert(text=waiting, by=ana)
    accept(text=waiting, by=ana)
    accept(text=waiting, by=bo)
    assert page(as_ana, f"{QUEUE}decisions/").count("Publier (avis à confirmer)") == 1
    assert "texte publié" in page(as_ana, f"{QUEUE}alertes/")


@pytest.mark.parametrize("query", ["du=2000-01-01&au=2000-02-01", "du=0001-01-01&au=9999-12-31"])
def test_days_without_decision_say_so(as_ana, told, query):
    assert "Aucune décision ces jours-là" in page(as_ana, f"{QUEUE}decisions/?{query}")


def test_a_text_has_one_number_wherever_it_is_named(as_ana, ana, bo, told):
    ModeratedText.objects.create(
        source=SOURCE, reference="autre", due_at=timezone.now(), state=TextState.REFUSED
    )
    text = arrived("Je veux en finir", reference="86420")
    raise_alert(text=text, by=ana)
    refuse(text=text, by=ana, reason="insult")
    for address in (f"{text.pk}/", f"{text.pk}/refuser/", "decisions/", "alertes/", ""):
        words = unescape(page(as_ana, f"{QUEUE}{address}"))
        assert "86420" not in words
        assert not address or f"Texte n°\xa0{text.pk}" in words
