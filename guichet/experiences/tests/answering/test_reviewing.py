"""What is said of an answer before it goes out, with its place; nothing forbids to send it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering import actions
from guichet.experiences.answering.reviewing import review
from guichet.experiences.models import Reply
from guichet.experiences.tests.answering.conftest import SIGNATURE
from guichet.experiences.tests.factories import ReplyFactory

GOOD = (
    "Vous avez attendu deux heures et personne n'a su vous expliquer pourquoi. Une notice claire "
    "est affichée depuis lundi. Un second guichet ouvre le matin."
)
STOCK = (
    "Nous avons bien pris connaissance de votre témoignage et nous vous remercions de votre "
    "confiance. Nous vous prions de bien vouloir accepter nos excuses pour la gêne occasionnée."
)


def titles(text, story):
    return [one.title for one in review(text, addressee=story).remarks]


def test_a_plain_answer_to_the_point_gets_no_remark(story):
    assert titles(GOOD, story) == []


def test_stock_phrases_are_told_with_their_share_and_place(story):
    found = review(STOCK, addressee=story)
    told = next(one for one in found.remarks if "n'est pas propre" in one.title)
    assert told.passages
    assert all(words in STOCK for words, _ in told.passages)
    assert found.measures["boilerplate"] > 0.2
    assert "".join(one.text for one in found.segments) == STOCK


def test_the_networks_own_past_answers_count_but_not_anothers(story, sibling, elsewhere):
    ReplyFactory(addressee__structure=elsewhere, text=GOOD)
    assert review(GOOD, addressee=story).measures["boilerplate"] == 0
    ReplyFactory(addressee__structure=sibling, text=GOOD)
    assert review(GOOD, addressee=story).measures["boilerplate"] > 0.9


def test_an_aspect_that_the_author_marked_and_the_answer_ignores_is_named(story):
    text = "Le parking sera refait, et le bus 12 s'arrêtera devant l'entrée dès le mois de mars."
    assert "Rien sur : Information et explications" in titles(text, story)


def test_personal_data_is_told_but_for_the_services_own_number(story):
    story.structure.phones = [{"number": "+33320000000", "label": "", "cost": "normal"}]
    own = f"{GOOD} Appelez-nous au 03 20 00 00 00."
    assert review(own, addressee=story).measures["personal"] == []
    other = f"{GOOD} Son numéro est le 06 39 98 12 34."
    found = review(other, addressee=story)
    assert found.measures["personal"] == ["numéro de téléphone"]
    assert ("06 39 98 12 34", "numéro de téléphone") in found.remarks[0].passages


def test_personal_data_in_what_is_promised_is_told(story):
    found = review(GOOD, addressee=story, promise="Rappeler cette personne au 06 39 98 12 34")
    assert found.measures["personal"] == ["numéro de téléphone"]
    assert found.remarks[0].passages == (("06 39 98 12 34", "numéro de téléphone"),)
    assert "".join(one.text for one in found.segments) == GOOD


def test_a_long_sentence_is_told_with_its_words(story):
    long = (
        "Une notice claire est affichée depuis lundi matin devant le guichet et dans la salle "
        "où vous avez attendu avec les autres personnes qui venaient comme vous pour un papier "
        "que nous devions leur remettre."
    )
    found = review(f"{GOOD} {long}", addressee=story)
    assert found.measures["long_sentences"] == 1
    assert found.remarks[0].passages[0] == (long, "35\xa0mots")


def test_overlapping_places_keep_every_character_once(story):
    text = f"{STOCK} Écrivez à jean.petit@exemple.fr."
    found = review(text, addressee=story)
    assert "".join(one.text for one in found.segments) == text


@pytest.mark.parametrize("text", ["", " ", "…", "😀" * 50, "\u202eabc", "x" * 8_000])
def test_any_text_is_read(story, text):
    assert review(text, addressee=story).measures


def test_the_agent_sends_all_the_same_with_one_more_button_and_the_result_is_kept(
    as_agent, story, agent
):
    draft = actions.save_draft(
        addressee=story, by=agent, text=STOCK, signature=SIGNATURE, version=0
    )
    page = as_agent.get(reverse("review_answer", args=[story.pk]))
    assert "Publier quand même" in text_of(page)
    assert "<mark>" in page.content.decode()
    url = reverse("publish_answer", args=[story.pk])
    answer = as_agent.post(url, {"version": draft.version})
    assert answer.url == reverse("review_answer", args=[story.pk])
    assert not Reply.objects.exists()
    as_agent.post(url, {"version": draft.version, "anyway": "1"})
    kept = Reply.objects.get().quality
    assert kept["sent_anyway"] is True
    assert kept["boilerplate"] > 0.2
    assert kept["ignored"] == ["information"]
    assert STOCK[:20] not in str(kept)


def test_a_good_answer_goes_with_one_button(as_agent, story, agent):
    draft = actions.save_draft(addressee=story, by=agent, text=GOOD, signature=SIGNATURE, version=0)
    assert "Publier quand même" not in text_of(
        as_agent.get(reverse("review_answer", args=[story.pk]))
    )
    as_agent.post(reverse("publish_answer", args=[story.pk]), {"version": draft.version})
    assert Reply.objects.get().quality["sent_anyway"] is False


def test_a_correction_is_reviewed_too_and_may_repeat_itself(as_agent, answered, story):
    url = reverse("rewrite_answer", args=[story.pk, answered.pk])
    page = as_agent.get(url)
    seen = page.context["form"].initial["seen"]
    sent = {"text": STOCK, "signature": SIGNATURE, "seen": seen}
    answer = as_agent.post(url, sent)
    assert "Publier quand même" in text_of(answer)
    assert STOCK in text_of(answer)
    as_agent.post(url, {**sent, "anyway": "1"})
    answered.refresh_from_db()
    assert answered.text == STOCK
    again = as_agent.get(url).context["form"].initial["seen"]
    as_agent.post(url, {"text": GOOD, "signature": SIGNATURE, "seen": again})
    answered.refresh_from_db()
    assert answered.text == GOOD


@pytest.mark.parametrize(
    ("judged", "is_told"), [("negative", True), ("neutral", True), ("positive", False), ("", False)]
)
def test_only_what_the_author_did_not_find_good_awaits_a_word(story, judged, is_told):
    story.experience.information = judged
    text = "Le parking sera refait, et le bus 12 s'arrêtera devant l'entrée dès le mois de mars."
    assert any("Information" in one for one in titles(text, story)) is is_told
