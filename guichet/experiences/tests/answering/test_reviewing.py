"""What is said of an answer before it goes out, with its place; nothing forbids to send it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.experiences.answering import actions
from guichet.experiences.answering.reviewing import review
from guichet.experiences.answering.templates import save_template
from guichet.experiences.models import AnswerTemplate, Reply
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.experiences.tests.factories import ReplyFactory
from guichet.moderation.quality.boilerplate import OF_TEMPLATE

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
    told = next(one for one in review(text, addressee=story).remarks if "Rien sur" in one.title)
    assert told.advice.startswith("L'auteur l'a jugé négatif ou neutre.")


def test_personal_data_is_told_but_for_the_services_own_number(story):
    story.structure.phones = [{"number": "+33320000000", "label": "", "cost": "normal"}]
    own = f"{GOOD} Appelez-nous au 03 20 00 00 00."
    assert review(own, addressee=story).measures["personal"] == []
    other = f"{GOOD} Son numéro est le 06 39 98 12 34."
    found = review(other, addressee=story)
    assert found.measures["personal"] == ["numéro de téléphone"]
    assert ("06 39 98 12 34", "numéro de téléphone") in found.remarks[0].passages


def test_the_address_of_the_service_is_no_personal_data_another_is(story):
    story.structure.address_lines = ["84 rue de la Démonstration"]
    story.structure.postal_code = "59100"
    own = f"{GOOD} Écrivez au 84, rue de la Demonstration 59100."
    assert review(own, addressee=story).measures["personal"] == []
    other = f"{GOOD} Vous habitez au 12 rue de la Démonstration."
    assert review(other, addressee=story).measures["personal"] == ["adresse postale"]


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
    as_agent.post(url, {**sent, "text": f"{STOCK} 06 39 98 12 34", "anyway": read(answer)})
    answered.refresh_from_db()
    assert answered.text == TEXT, "who insists has read these remarks, and no others"
    as_agent.post(url, {**sent, "anyway": read(answer)})
    answered.refresh_from_db()
    assert answered.text == STOCK
    again = as_agent.get(url).context["form"].initial["seen"]
    as_agent.post(url, {"text": GOOD, "signature": SIGNATURE, "seen": again})
    answered.refresh_from_db()
    assert answered.text == GOOD


def read(answer):
    return answer.context["review"].seal


SIGNED = "La signature désigne une personne"


@pytest.mark.parametrize(
    ("signature", "named"),
    [
        (SIGNATURE, []),
        ("La CAF du Nord, site de Lille", []),
        ("le service roux et brun", []),
        ("Camille Roux", ["Camille Roux"]),
        ("camille ROUX, conseillère", ["camille ROUX"]),
        ("Roux Camille", ["Roux Camille"]),
        ("C. Roux, accueil", ["C. Roux"]),
        ("La direction, Claude Mercier", ["Claude Mercier"]),
        ("La direction, 06 39 98 12 34", ["06 39 98 12 34"]),
    ],
)
def test_a_signature_that_names_an_agent_is_told_in_its_place(
    story, agent, manager, signature, named
):
    found = review(GOOD, addressee=story, signature=signature, by=agent)
    assert [one.text for one in found.signature if one.labels] == named
    assert "".join(one.text for one in found.signature) == signature
    told = [words for one in found.remarks if one.title == SIGNED for words, _ in one.passages]
    assert told == named


def test_the_whole_name_of_a_colleague_of_another_place_is_told_but_not_that_of_a_town(
    story, sibling, elsewhere
):
    someone(Role.RESPONDER, sibling, email="a@caf.example", full_name="Anne Accueil")
    someone(Role.RESPONDER, elsewhere, email="b@cpam.example", full_name="Noé Delta")
    someone(Role.RESPONDER, story.structure, email="c@caf.example", full_name="Paul Lille")

    def named(signature):
        found = review(GOOD, addressee=story, signature=signature)
        return [one.text for one in found.signature if one.labels]

    assert named("Anne Accueil") == ["Anne Accueil"]
    assert named("La responsable de l'Accueil") == []
    assert named("La CAF de Lille") == []
    assert named("La cellule Delta") == []


def test_a_draft_signed_by_a_name_waits_for_one_more_button(as_agent, story, agent, manager):
    draft = actions.save_draft(
        addressee=story, by=agent, text=GOOD, signature="Claude Mercier", version=0
    )
    page = text_of(as_agent.get(reverse("review_answer", args=[story.pk])))
    assert SIGNED in page
    assert "La direction de l'accueil" in page
    as_agent.post(reverse("publish_answer", args=[story.pk]), {"version": draft.version})
    assert not Reply.objects.exists()


def test_a_correction_signed_by_a_name_is_told(as_agent, answered, story):
    url = reverse("rewrite_answer", args=[story.pk, answered.pk])
    seen = as_agent.get(url).context["form"].initial["seen"]
    answer = as_agent.post(url, {"text": GOOD, "signature": "Camille Roux", "seen": seen})
    assert SIGNED in text_of(answer)
    answered.refresh_from_db()
    assert answered.signature == SIGNATURE


def test_a_template_counts_as_written_for_anybody(story, manager, head):
    text = "Votre attente nous a beaucoup appris et nous en parlons chaque lundi en équipe."
    save_template(template=AnswerTemplate(), by=manager, title="Attente", text=text, structure=head)
    found = review(f"{text} {GOOD}", addressee=story)
    assert (text.rstrip("."), OF_TEMPLATE) in found.remarks[0].passages


@pytest.mark.parametrize(
    ("judged", "is_told"), [("negative", True), ("neutral", True), ("positive", False), ("", False)]
)
def test_only_what_the_author_did_not_find_good_awaits_a_word(story, judged, is_told):
    story.experience.information = judged
    text = "Le parking sera refait, et le bus 12 s'arrêtera devant l'entrée dès le mois de mars."
    assert any("Information" in one for one in titles(text, story)) is is_told
