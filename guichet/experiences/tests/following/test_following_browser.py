"""The author's page on a phone without JavaScript; every page of following with axe.
With GUICHET_SCREENSHOTS=folder the pages are also kept as pictures."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guichet.core.tokens import make_token
from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.following import actions
from guichet.experiences.following.actions.reaching import PURPOSE as ADDRESS
from guichet.experiences.following.actions.subscriptions import confirm_url, end_url
from guichet.experiences.links import follow_token, named
from guichet.experiences.models import Event, Promise, SecondWord, State
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.moderation.models import Decision, RefusalReason, TextState, Verb
from guichet.moderation.tests.factories import ModeratedTextFactory
from guichet.ui.tests.browser import PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def author():
    """A story with two services, one answered with a promise whose day is past."""
    author = AuthorFactory(
        email="lea@exemple.fr",
        experience__title="Deux heures debout pour une attestation",
        experience__description="J'ai attendu deux heures debout, le distributeur de tickets "
        "était en panne. Personne ne m'a dit combien de temps il restait.",
    )
    story = author.experience
    caf = StructureFactory(name="Caf du Nord, agence de Lille-Fives", code="caf-fives")
    first = AddresseeFactory(experience=story, structure=caf, channels=["desk"])
    AddresseeFactory(
        experience=story, rank=2, structure=StructureFactory(name="Mairie de quartier de Fives")
    )
    reply = ReplyFactory(
        addressee=first,
        text="Vous avez attendu deux heures debout : ce n'est pas normal.\n\nLa borne est réparée "
        "depuis lundi, et douze chaises sont posées dans le hall.",
    )
    ReplyFactory(
        addressee=first, addition_to=reply, text="Le panneau qui dit l'attente arrive en mars."
    )
    PromiseFactory(
        reply=reply,
        what="Un second guichet ouvert le matin",
        where=caf,
        due_on=timezone.localdate() - timedelta(days=3),
    )
    for kind in ("confirmed", "published", "replied", "added", "asked"):
        Event.objects.create(
            experience=story, kind=kind, addressee=first if kind in ("replied", "added") else None
        )
    return author


@pytest.fixture
def look(live_server, page_at):
    """Open an address, judge it, and keep its picture when asked."""
    page = page_at(PHONE)

    def at(address: str, name: str, prepare=None) -> None:
        if prepare:
            prepare(page)
        page.goto(f"{live_server.url}{address}")
        assert_accessible(page)
        if folder := os.environ.get("GUICHET_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return at


def test_an_author_answers_on_a_phone_without_javascript(live_server, page_at, author):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}/suivi/{follow_token(author)}/")
    page.get_by_role("button", name="En partie").click()
    expect(page.get_by_text("votre réponse est notée")).to_be_visible()
    page.get_by_role("button", name="Oui, utile").click()
    expect(page.get_by_text("Vous avez dit : utile.")).to_be_visible()
    page.get_by_role("button", name="Non, pas encore").click()
    expect(page.get_by_role("button", name="Non, pas encore")).to_have_count(0)
    page.get_by_role("link", name="Ajouter un complément").click()
    page.get_by_label("Ce que vous voulez ajouter").fill("Le panneau manque encore.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Merci : votre complément est envoyé")).to_be_visible()
    assert page.context.cookies() == []
    assert Promise.objects.get().outcome == Promise.Outcome.PARTLY
    author.refresh_from_db()
    assert author.is_solved is False
    assert SecondWord.objects.exists()


def test_an_author_withdraws_in_two_steps_without_javascript(live_server, page_at, author):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}/suivi/{follow_token(author)}/")
    page.get_by_role("link", name="Retirer mon récit").click()
    page.get_by_role("button", name="Oui, retirer mon récit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre récit est retiré")
    author.experience.refresh_from_db()
    assert author.experience.state == State.WITHDRAWN


def test_a_visitor_says_that_they_lived_the_same(live_server, page_at, author):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}{author.experience.get_absolute_url()}")
    page.get_by_role("button", name="J'ai vécu la même chose").click()
    expect(page.get_by_text("Merci, c'est compté.")).to_be_visible()
    expect(page.get_by_text("1 personne dit avoir vécu la même chose.")).to_be_visible()
    page.get_by_role("button", name="Réponse utile").click()
    expect(page.get_by_text("Réponse utile pour 1 visiteur.")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    "rest", ["", "ajouter/", "mes-donnees/", "retirer/", "effacer/", "adresse/"]
)
def test_the_pages_of_an_author_are_accessible(look, author, rest):
    look(f"/suivi/{follow_token(author)}/{rest}", f"suivi-{rest.strip('/') or 'page'}")


def test_a_refused_story_is_accessible(look):
    author = AuthorFactory(experience__waiting=True, experience__state=State.REFUSED)
    text = ModeratedTextFactory(reference=str(author.pk), state=TextState.REFUSED)
    Decision.objects.create(
        text=text,
        verb=Verb.REFUSE,
        reason=RefusalReason.NAMED_AGENT,
        message="Votre texte permet de reconnaître un agent. Parlez du service et de ce qui s'est "
        "passé plutôt que de la personne.",
    )
    look(f"/suivi/{follow_token(author)}/", "suivi-refuse")


def test_the_other_public_pages_are_accessible(look, author):
    asked = actions.ask_subscription(
        email="lea@exemple.fr",
        scope=Scope(structure=author.experience.addressees.first().structure),
    )
    address = make_token(ADDRESS, [*named(author), "apres@exemple.fr"])
    story = author.experience
    for path, name in (
        ("/suivi/", "code"),
        ("/suivi/jeton/", "lien"),
        ("/suivi/adieu/?quoi=recit", "adieu"),
        (f"/suivi/adresse/{address}/", "adresse-confirmer"),
        (story.get_absolute_url(), "recit"),
        (f"/experiences/{story.pk}/signaler/", "signaler"),
        (f"/experiences/{story.pk}/signaler/?envoye=oui", "signale"),
        ("/experiences/abonnement/?service=caf-fives", "abonnement"),
        ("/experiences/abonnement/", "abonnement-choisir"),
        (confirm_url(asked).partition(":8000")[2], "abonnement-confirmer"),
        (end_url(asked).partition(":8000")[2], "abonnement-fin"),
    ):
        look(path, name)


def test_the_pages_of_moderators_are_accessible(look, live_server, author, client):
    report = actions.report_content(
        experience=author.experience,
        topic="personal_data",
        message="On reconnaît la personne du guichet : elle est la seule à travailler le samedi.",
        name="Claude Exemple",
        email="claude@exemple.fr",
    )
    client.force_login(someone(Role.MODERATOR))
    cookie = client.cookies["sessionid"].value

    def signed_in(page) -> None:
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    look("/agents/experiences/signalements/", "signalements", signed_in)
    look(f"/agents/experiences/signalements/{report.pk}/", "signalement", signed_in)
