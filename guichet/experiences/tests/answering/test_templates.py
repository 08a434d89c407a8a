"""Templates: who keeps them, who may start from which, how they end."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering.templates import (
    end_template,
    save_template,
    templates_for,
    templates_managed,
)
from guichet.experiences.answering.texts import own_words, unfilled_holes
from guichet.experiences.models import AnswerTemplate

WORDS = "Votre attente de [durée] n'est pas normale : [ce qui change]."


def kept(by, title="Attente", text=WORDS, **where):
    return save_template(template=AnswerTemplate(), by=by, title=title, text=text, **where)


def test_a_lead_keeps_templates_for_the_network_and_a_manager_for_the_subtree(
    lead, manager, network, head, site, elsewhere
):
    of_network = kept(lead, network=network)
    of_head = kept(manager, title="Nord", structure=head)
    assert list(templates_for(site)) == [of_network, of_head]
    assert list(templates_for(elsewhere)) == []
    assert list(templates_for(None)) == []
    assert set(templates_managed(manager)) == {of_head}
    assert set(templates_managed(lead)) == {of_network, of_head}


def test_an_ended_template_is_proposed_no_more_nor_changed(lead, network, site):
    template = kept(lead, network=network)
    end_template(template=template, by=lead)
    assert not templates_for(site).exists()
    template.refresh_from_db()
    with pytest.raises(RuleViolation, match="n'est plus utilisé"):
        save_template(template=template, by=lead, title="Attente", text=WORDS)
    assert AuditEvent.objects.filter(action="answer_template.ended").count() == 1


def test_the_pages_create_change_and_end(client, manager, head):
    client.force_login(manager)
    new = reverse("new_answer_template")
    assert "CAF du Nord et ce qui en dépend" in text_of(client.get(new))
    form = {"title": "Attente", "scope": f"s{head.pk}", "text": WORDS}
    client.post(new, form)
    template = AnswerTemplate.objects.get()
    assert (template.structure, template.by) == (head, manager)
    edit = reverse("edit_answer_template", args=[template.pk])
    assert "[durée]" in text_of(client.get(edit))
    client.post(edit, {"title": "Attente longue", "text": WORDS})
    assert "Attente longue" in text_of(client.get(reverse("answer_templates")))
    client.post(reverse("end_answer_template", args=[template.pk]))
    assert "Aucun modèle" in text_of(client.get(reverse("answer_templates")))


def test_a_refused_template_comes_back_as_typed(client, manager, head):
    client.force_login(manager)
    form = {"title": "Court", "scope": f"s{head.pk}", "text": "Merci."}
    answer = client.post(reverse("new_answer_template"), form)
    assert "20 caractères au moins" in text_of(answer)
    assert "Merci." in text_of(answer)


def test_nobody_keeps_a_template_elsewhere(client, manager, elsewhere, lead, network):
    client.force_login(manager)
    form = {"title": "Ailleurs", "scope": f"s{elsewhere.pk}", "text": WORDS}
    client.post(reverse("new_answer_template"), form)
    client.post(reverse("new_answer_template"), {**form, "scope": f"r{network.pk}"})
    assert not AnswerTemplate.objects.exists()


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        (WORDS, ["[durée]", "[ce qui change]"]),
        ("[x] et [x]", ["[x]"]),
        ("Rien à remplir, même ] ou [ seul", []),
        ("[]", []),
        ("[une\nligne]", []),
    ],
)
def test_holes(text, holes):
    assert unfilled_holes(text) == holes


THANKS = (
    "Nous avons lu votre récit avec attention et en avons parlé en réunion avec toute l'équipe "
    "du guichet."
)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (THANKS, True),
        (f"  {THANKS.upper()}  ", True),
        (THANKS.replace("récit", "témoignage") + " Madame.", True),
        (f"{THANKS} Nous vous remercions de votre confiance.", True),
        (f"{THANKS} Le guichet ouvre maintenant à huit heures.", False),
        (f"{THANKS} " * 3 + "Le guichet ouvre maintenant à huit heures.", True),
        ("Le guichet ouvre maintenant à huit heures.", False),
        ("Merci.", False),
        ("", False),
    ],
)
def test_a_template_with_hardly_a_word_of_ones_own_is_too_little(text, refused):
    assert own_words(text, [THANKS, "Autre modèle", ""]).are_too_few is refused


def test_words_of_ones_own_are_neither_of_the_template_nor_stock_phrases():
    text = f"Bonjour. {THANKS} Nous vous remercions de votre confiance."
    found = own_words(text, [THANKS])
    assert (found.total, found.from_template, found.own) == (26, 19, 1)
