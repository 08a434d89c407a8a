"""The agents' pages in a browser: accessible at both widths, usable from the keyboard and without
JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.answering import actions
from guichet.experiences.answering.templates import save_template
from guichet.experiences.models import AnswerTemplate, Reply
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.experiences.tests.answering.test_reviewing import GOOD, STOCK
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    ExperienceFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = (
    "Deux heures d'attente pour un papier",
    "Mon dossier perdu deux fois",
    "Un accueil formidable",
    "Personne ne répond au téléphone depuis trois semaines",
    "Le formulaire en ligne se ferme tout seul à la dernière étape",
)


@pytest.fixture
def busy(site, sibling, elsewhere, agent, colleague, manager):
    """A site with stories of every sort; the addressee that is looked at."""
    feelings = ("negative", "neutral", "positive", "negative", "negative")
    for rank, title in enumerate(TITLES):
        AddresseeFactory(
            structure=(site, sibling)[rank % 2],
            experience__title=title,
            experience__feeling=feelings[rank],
            experience__relation="negative" if rank % 2 else "",
            due_on=timezone.localdate() + timedelta(days=4 * rank - 5),
            assigned_to=agent if rank == 3 else None,
        )
    experience = ExperienceFactory(
        title=TITLES[0], relation="neutral", responsiveness="negative", wished="Un ticket."
    )
    other = AddresseeFactory(experience=experience, rank=2, structure=elsewhere)
    PromiseFactory(reply=ReplyFactory(addressee=other))
    ReplyFactory(
        addressee__structure=sibling,
        text="L'attente venait d'une panne, réparée depuis.",
        was_useful=True,
    )
    looked_at = AddresseeFactory(experience=experience, rank=1, structure=site)
    actions.note(addressee=looked_at, by=colleague, text="J'appelle le service technique lundi.")
    for title in ("Attente", "Dossier perdu"):
        save_template(
            template=AnswerTemplate(),
            by=manager,
            title=title,
            text="Votre attente de [durée] n'est pas normale : [ce qui change].",
            structure=site.parent,
        )
    target = StructureFactory(name="CPAM de Roubaix", network=elsewhere.network)
    passage = actions.pass_on(
        addressee=looked_at, target=target, by=agent, reason="C'est leur métier."
    )
    answerer = someone(Role.RESPONDER, target, email="rania@cpam.example")
    actions.send_back(passage=passage, by=answerer, reason="Nous ne versons pas cela.")
    return looked_at


def test_every_page_is_accessible(live_server, signed_in_at, manager, busy, sibling):
    actions.save_draft(
        addressee=busy,
        by=manager,
        text=f"{STOCK} Écrivez à jean.petit@exemple.fr.",
        signature=SIGNATURE,
        version=0,
    )
    page = signed_in_at(manager, PHONE)
    template = AnswerTemplate.objects.first()
    corrected = Reply.objects.get(structure=sibling)
    paths = {
        "inbox": reverse("stories_inbox"),
        "empty": f"{reverse('stories_inbox')}?liste=repondus&q=rien",
        "promises": f"{reverse('stories_inbox')}?liste=promesses",
        "story": reverse("answer_story", args=[busy.pk]),
        "review": reverse("review_answer", args=[busy.pk]),
        "rewrite": reverse("rewrite_answer", args=[corrected.addressee_id, corrected.pk]),
        "pass_on": reverse("pass_on_story", args=[busy.pk]),
        "templates": reverse("answer_templates"),
        "template": reverse("edit_answer_template", args=[template.pk]),
        "choices": reverse("my_story_notices"),
        "figures": reverse("story_figures"),
    }
    for path in paths.values():
        assert page.goto(f"{live_server.url}{path}").status == 200
        assert_accessible(page)


def test_a_story_is_answered_from_the_keyboard_without_javascript(
    live_server, signed_in_at, agent, story
):
    page = signed_in_at(agent, PHONE, javascript=False)
    page.goto(f"{live_server.url}{reverse('stories_inbox')}")
    page.get_by_role("link", name="Attente").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Votre réponse").focus()
    page.keyboard.type(GOOD)
    page.keyboard.press("Tab")
    page.keyboard.type(SIGNATURE)
    page.get_by_role("button", name="Relire avant d'envoyer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Publier").focus()
    page.keyboard.press("Enter")
    page.get_by_text("La réponse est publiée").wait_for()
    assert Reply.objects.get().text == GOOD


def test_a_refused_text_stays_in_the_field(live_server, signed_in_at, agent, story):
    actions.save_draft(addressee=story, by=agent, text="Avant", signature="", version=0)
    page = signed_in_at(agent, DESK)
    page.goto(f"{live_server.url}{reverse('answer_story', args=[story.pk])}")
    actions.save_draft(addressee=story, by=agent, text="Entre-temps", signature="", version=1)
    page.get_by_label("Votre réponse").fill(TEXT)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_label("Votre réponse")).to_have_value(TEXT)
    expect(page.get_by_text("Entre-temps", exact=True)).to_be_visible()
    assert_accessible(page)
