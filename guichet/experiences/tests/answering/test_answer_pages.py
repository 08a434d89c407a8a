"""The agents' page of a story: write, keep, read again, publish; what was typed is never lost."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering import actions
from guichet.experiences.models import Promise, Reply, ReplyDraft, SecondWord
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.ui.components.content import written_moment


def typed(text=TEXT, version=0, act="draft", **more):
    return {"text": text, "signature": SIGNATURE, "version": version, "act": act, **more}


def at(name, story, *more):
    return reverse(name, args=[story.pk, *more])


def test_the_page_shows_the_story_its_aspects_and_when_the_answer_is_due(as_agent, story):
    page = text_of(as_agent.get(at("answer_story", story)))
    assert "J'ai attendu deux heures au guichet" in page
    assert "Information et explications" in page
    assert "Avant le" in page
    assert "suivi par « CAF de Lille »" in page
    assert "personne@exemple.fr" not in page


def test_a_draft_is_kept_then_read_again_and_published(as_agent, story):
    answer = as_agent.post(at("save_answer", story), typed(act="review"))
    assert answer.url == at("review_answer", story)
    page = text_of(as_agent.get(answer.url))
    assert TEXT in page
    assert SIGNATURE in page
    version = ReplyDraft.objects.get().version
    sent = {"version": version, "anyway": "1"}
    answer = as_agent.post(at("publish_answer", story), sent, follow=True)
    assert "La réponse est publiée" in text_of(answer)
    assert Reply.objects.get().text == TEXT


def test_a_template_is_inserted_after_what_was_typed(as_agent, story, manager, network):
    from guichet.experiences.answering.templates import save_template
    from guichet.experiences.models import AnswerTemplate

    template = save_template(
        template=AnswerTemplate(),
        by=manager,
        title="Attente",
        text="Votre attente de [durée] n'est pas normale.",
        network=network,
    )
    as_agent.post(
        at("save_answer", story), typed(text="Bonjour,", act="insert", modele=template.pk)
    )
    assert ReplyDraft.objects.get().text == f"Bonjour,\n\n{template.text}"
    as_agent.post(at("save_answer", story), typed(text=template.text, version=1))
    page = text_of(as_agent.get(at("review_answer", story)))
    assert "Il reste à remplir : [durée]" in page
    assert "Les noms propres sont cherchés" in page
    said = page[page.index("Pas encore publiable") :]
    assert "Publier" not in said
    assert "publier sans attendre" not in said


def test_the_key_enter_saves_the_draft_when_no_template_is_chosen(as_agent, story):
    answer = as_agent.post(at("save_answer", story), typed(act="insert"), follow=True)
    assert "Le brouillon est enregistré" in text_of(answer)
    assert ReplyDraft.objects.get().text == TEXT


def test_the_second_of_two_agents_sees_the_firsts_text_and_keeps_theirs(
    client, agent, colleague, story
):
    client.force_login(agent)
    client.post(at("save_answer", story), typed(text="Le texte de Camille."))
    client.force_login(colleague)
    answer = client.post(at("save_answer", story), typed(text="Le texte de Sacha."))
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Camille Roux a enregistré un autre texte entre-temps" in page
    assert "Le texte de Camille." in page
    assert answer.context["form"]["text"].value() == "Le texte de Sacha."
    assert '<input type="hidden" name="version" value="1"' in page
    client.post(at("save_answer", story), typed(text="Les deux textes.", version=1))
    assert ReplyDraft.objects.get().text == "Les deux textes."


def test_who_sends_after_a_colleague_is_told_and_keeps_the_text_as_an_addition(
    client, agent, colleague, story
):
    client.force_login(colleague)
    client.post(at("save_answer", story), typed(text=f"{TEXT} Signé Sacha."))
    actions.publish_reply(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=1)
    answer = client.post(at("save_answer", story), typed(text=f"{TEXT} Bis.", version=1))
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Camille Roux a publié une réponse le" in page
    assert "Bis." in page
    assert "Ajouter un complément" in page


@pytest.mark.parametrize("act", ["draft", "review"])
def test_who_writes_on_after_a_colleague_published_is_told_who_and_when_and_loses_nothing(
    client, agent, colleague, story, act
):
    """Nothing was saved before: the version of the draft says nothing."""
    client.force_login(colleague)
    seen = client.get(at("answer_story", story)).context["form"]["seen_reply"].value()
    reply = actions.publish_reply(
        addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0
    )
    sent = typed(text=f"{TEXT} Bis.", act=act, seen_reply=seen)
    answer = client.post(at("save_answer", story), sent)
    assert answer.status_code == 409
    at_last = " ".join(written_moment(reply.published_at).split())
    assert f"Camille Roux a publié une réponse le {at_last}" in text_of(answer)
    assert not ReplyDraft.objects.exists()
    form = answer.context["form"]
    assert form["text"].value() == f"{TEXT} Bis."
    again = typed(text=form["text"].value(), seen_reply=form["seen_reply"].value())
    client.post(at("save_answer", story), again)
    assert ReplyDraft.objects.get().text == f"{TEXT} Bis."


def test_who_reads_again_a_draft_that_a_colleague_sent_is_told_who_and_when(
    as_agent, story, colleague
):
    assert "pas de brouillon" in text_of(as_agent.get(at("review_answer", story), follow=True))
    actions.publish_reply(addressee=story, by=colleague, text=TEXT, signature=SIGNATURE, version=0)
    for answer in (
        as_agent.get(at("review_answer", story), follow=True),
        as_agent.post(at("publish_answer", story), {"version": 1}, follow=True),
    ):
        assert "Sacha Lenoir a publié une réponse le" in text_of(answer)


def test_a_text_that_is_too_long_comes_back_whole(as_agent, story):
    answer = as_agent.post(at("save_answer", story), typed(text="é" * 100_000))
    page = text_of(answer)
    assert "8 000 caractères au plus" in page
    assert "é" * 8_500 in page
    assert not ReplyDraft.objects.exists()


def test_html_in_an_answer_is_shown_as_text(as_agent, story):
    as_agent.post(at("save_answer", story), typed(text=f"<script>alert(1)</script> {TEXT}"))
    page = as_agent.get(at("review_answer", story)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_promise_goes_with_the_answer(as_agent, story):
    as_agent.post(
        at("save_answer", story),
        typed(
            promise_what="Un second guichet ouvert le matin",
            promise_due_on="2030-01-01",
            promise_where=story.structure.code,
        ),
    )
    page = text_of(as_agent.get(at("review_answer", story)))
    assert "Un second guichet ouvert le matin" in page
    assert not Promise.objects.exists()


def test_the_signature_of_last_time_is_proposed(as_agent, answered, agent, sibling):
    from guichet.directory.models import Role
    from guichet.directory.tests.factories import MembershipFactory
    from guichet.experiences.tests.factories import AddresseeFactory

    MembershipFactory(user=agent, role=Role.RESPONDER, structure=sibling)
    other = AddresseeFactory(structure=sibling)
    page = as_agent.get(at("answer_story", other)).content.decode()
    assert 'value="La responsable de l&#x27;accueil"' in page


@pytest.mark.parametrize("name", ["answer_story", "review_answer"])
def test_reading_writes_nothing(as_agent, story, name, django_assert_num_queries):
    as_agent.get(at(name, story))
    assert not ReplyDraft.objects.exists()


def test_what_the_author_added_is_shown_once_published(as_agent, story):
    word = SecondWord.objects.create(experience=story.experience, text="Merci, c'est réglé.")
    assert "L'auteur ajoute" not in text_of(as_agent.get(at("answer_story", story)))
    word.published_at = timezone.now()
    word.save()
    page = text_of(as_agent.get(at("answer_story", story)))
    assert "L'auteur ajoute" in page
    assert "Merci, c'est réglé." in page


def test_the_field_says_whether_an_answer_or_an_addition_is_written(as_agent, story, agent):
    assert "Votre réponse" in text_of(as_agent.get(at("answer_story", story)))
    actions.publish_reply(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)
    page = text_of(as_agent.get(at("answer_story", story)))
    assert "Votre complément" in page
    assert "Votre réponse" not in page
