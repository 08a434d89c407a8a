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
from guichet.experiences.answering.texts import is_unchanged, unfilled_holes
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


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Merci de votre avis.", True),
        ("  MERCI  de votre avis !", True),
        ("Merci de votre avis, madame.", False),
        ("", False),
    ],
)
def test_unchanged_but_for_blanks_case_and_punctuation(text, same):
    assert is_unchanged(text, ["Merci de votre avis.", "Autre"]) is same
