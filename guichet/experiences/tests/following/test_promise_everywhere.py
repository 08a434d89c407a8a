"""A promise from its answer to what its author says of it: each page, mail, file and the API give
the same numbers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.experiences.answering.actions import PromiseWish, keep_promise, publish_reply
from guichet.experiences.following.asking import ask_about_due_promises
from guichet.experiences.models import Promise
from guichet.experiences.reading.figures import count_all
from guichet.experiences.reading.open_columns import COLUMNS
from guichet.experiences.reading.open_table import rows
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory, ExperienceFactory
from guichet.experiences.tests.following.letters import letters
from guichet.experiences.tests.following.pages import address_of, words_at

SAID = ["oui"] * 5 + ["en-partie"] * 3 + ["non"] * 2 + ["je-ne-sais-pas", ""]
"""What each author answers; the last one says nothing."""
DONE = (0, 10, 11)
"""Of which the service says that it is done: one that its author says kept, two others."""
JUDGED = {"kept": "Tenue, d'après l'auteur", "broken": "Pas tenue, d'après l'auteur"}


@pytest.fixture
def place(db):
    return StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))


@pytest.fixture
def agent(place):
    return someone(Role.RESPONDER, place, email="camille@caf.example")


@pytest.fixture
def promises(place, agent):
    """Made to twelve people with a concern, for tomorrow."""
    found = []
    for number in range(len(SAID)):
        story = ExperienceFactory(feeling="negative", title=f"Récit {number}")
        AuthorFactory(experience=story)
        reply = publish_reply(
            addressee=AddresseeFactory(experience=story, structure=place),
            by=agent,
            text=f"Vous avez raison, ce n'est pas normal. Un guichet de plus ouvre, le {number}.",
            signature="La responsable de l'accueil",
            promise=PromiseWish(
                what=f"Un guichet de plus, le {number}",
                due_on=timezone.localdate() + timedelta(days=1),
            ),
            version=0,
        )
        found.append(reply.promise)
    return found


def author_of(promise):
    return promise.reply.addressee.experience.author


def days_pass():
    """The day of every promise was yesterday."""
    Promise.objects.update(due_on=timezone.localdate() - timedelta(days=1))


def says(client, promise, answer):
    author = author_of(promise)
    rest = f"promesses/{promise.pk}/"
    assert client.post(address_of(author, rest), {"reponse": answer}).status_code in (302, 303)


def told_on(client, address):
    return unescape(client.get(address).content.decode()).replace("\xa0", " ")


def file_lines():
    names = [one.name for one in COLUMNS]
    return [dict(zip(names, line, strict=True)) for line in rows()]


def assert_same_numbers_everywhere(client, *, kept, partly, broken, changed):
    """`changed` of the answers to concerns led to a change; authors judged the three others."""
    judged, made = kept + partly + broken, len(SAID)
    count_all()
    for address in (
        "/experiences/services/caf-lille/",
        "/experiences/reseaux/caf/",
        "/experiences/territoires/59/",
    ):
        page = told_on(client, address)
        assert f"{kept} sur {judged} promesses" in page, address
        assert f"{changed} sur {made} réponses à un récit négatif" in page, address
    api = client.get("/api/v1/experiences?limit=50").json()["items"]
    (outcomes, done) = (
        Counter(one["services"][0]["replies"][0][name] for one in api)
        for name in ("promise_outcome", "promise_done_on")
    )
    unsaid = made - judged
    counts = {"kept": kept, "partly": partly, "broken": broken, "pending": unsaid}
    assert outcomes == counts
    assert done[None] == made - len(DONE)
    lines = file_lines()
    in_file = Counter(one["avis_de_l_auteur_sur_l_action"] for one in lines)
    assert in_file == {"kept": kept, "partly": partly, "broken": broken, "": unsaid}
    assert sum(one["date_action_engagee"] is not None for one in lines) == len(DONE)
    for criterion, count in (("tenue", kept), ("faite", made)):
        assert client.get(f"/api/v1/experiences?promesse={criterion}").json()["count"] == count
        assert f"{count} récits" in told_on(client, f"/experiences/?promesse={criterion}")


@pytest.mark.django_db
def test_a_promise_says_the_same_everywhere_from_its_day_on(client, agent, promises):
    assert ask_about_due_promises() == 0, "their day is to come"
    days_pass()
    letters_before = len(letters())
    assert ask_about_due_promises() == len(SAID)
    asked = letters()[letters_before:]
    assert Counter(one["To"] for one in asked) == {author_of(one).email: 1 for one in promises}
    assert {one["Subject"].partition(" : ")[2] for one in asked} == {"est-ce que ça a changé ?"}

    for number in DONE:
        keep_promise(promise=promises[number], by=agent, words="Le guichet est ouvert.")
    for promise, answer in zip(promises, SAID, strict=True):
        asks = "Un service avait promis, avant le"
        assert asks in words_at(client, address_of(author_of(promise)))
        if answer:
            says(client, promise, answer)
            assert asks not in words_at(client, address_of(author_of(promise)))
    assert_same_numbers_everywhere(client, kept=5, partly=3, broken=2, changed=5 + 3 + 2)

    says(client, promises[0], "non")
    assert_same_numbers_everywhere(client, kept=4, partly=3, broken=3, changed=4 + 3 + 2)
    for promise in promises:
        promise.refresh_from_db()
        page = told_on(client, promise.reply.addressee.experience.get_absolute_url())
        for outcome, words in JUDGED.items():
            assert (words in page) is (promise.outcome == outcome)


@pytest.mark.django_db
def test_a_promise_that_its_author_says_kept_is_not_to_keep_any_more(client, agent, promises):
    days_pass()
    for promise, answer in zip(promises, SAID, strict=True):
        if answer:
            says(client, promise, answer)
    client.force_login(agent)
    listed = client.get(f"{reverse('stories_inbox')}?liste=promesses").context["list"]
    assert "Promesses à tenir (7)" in [tab.label for tab in listed.tabs]
    assert sum(SAID.count(answer) for answer in ("oui",)) == len(SAID) - len(listed.rows)
