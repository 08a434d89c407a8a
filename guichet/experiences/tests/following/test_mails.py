"""Each event that concerns the author is told by mail, once, with one link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from guichet.core.models import OutgoingMail
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences import announcing
from guichet.experiences.answering.actions import publish_reply
from guichet.experiences.answering.actions.promises import PromiseWish
from guichet.experiences.follow_codes import seal_of
from guichet.experiences.links import author_of
from guichet.experiences.models import Event
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import letters, links_in, the_letter, words_of
from guichet.moderation.tests.factories import ModeratedTextFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return AuthorFactory(email="rose.petit@exemple.fr", experience__pseudonym="Rose P.")


def happened(author, kind, **detail):
    return Event.objects.create(experience=author.experience, kind=kind, detail=detail)


@pytest.mark.parametrize("kind", [*announcing.SUBJECTS])
def test_each_event_that_concerns_the_author_is_a_text_mail(author, kind):
    event = happened(author, kind)
    announcing.tell(event)
    letter = the_letter()
    event.refresh_from_db()
    assert event.told_at is not None
    assert letter["To"] == "rose.petit@exemple.fr"
    assert letter.get_content_type() == "text/plain"
    assert announcing.SUBJECTS[kind] in letter["Subject"]
    assert words_of(letter).startswith("Bonjour,")


@pytest.mark.parametrize("kind", sorted(set(announcing.SUBJECTS) - {Event.Kind.WITHDRAWN}))
def test_the_one_link_opens_the_page_of_this_author(author, kind):
    announcing.tell(happened(author, kind))
    (link,) = links_in(the_letter())
    token = link.removeprefix(f"{settings.PUBLIC_URL}/suivi/").rstrip("/")
    assert author_of(token) == author


@pytest.mark.parametrize("kind", [*announcing.SUBJECTS])
def test_a_mail_says_neither_the_story_nor_who_wrote_it(author, kind):
    addressee = AddresseeFactory(experience=author.experience, structure__name="Psychiatrie 9")
    reply = ReplyFactory(addressee=addressee, text="Votre dossier 123 est clos.")
    event = happened(author, kind, reply=reply.pk)
    event.addressee = addressee
    event.save()
    announcing.tell(event)
    letter = the_letter()
    said = f"{letter['Subject']} {words_of(letter)}"
    story = author.experience
    for secret in (story.title, story.description, story.pseudonym, reply.text, "Psychiatrie 9"):
        assert secret not in said
    assert author.email not in said


@pytest.mark.parametrize("kind", sorted(set(Event.Kind) - set(announcing.SUBJECTS)))
def test_what_the_author_did_themselves_is_not_told(author, kind):
    event = happened(author, kind)
    announcing.tell(event)
    assert letters() == []
    assert event.told_at is None


def test_an_event_is_told_once(author):
    event = happened(author, Event.Kind.REPLIED)
    announcing.tell(event)
    announcing.tell(Event.objects.get(pk=event.pk))
    assert len(letters()) == 1


def test_an_author_without_address_is_not_written_to():
    author = AuthorFactory(email="", code_seal=seal_of("K7M4Q2XTC3F9"))
    announcing.tell(happened(author, Event.Kind.REPLIED))
    assert letters() == []


def test_a_story_without_author_tells_nobody():
    announcing.tell(Event.objects.create(experience=AddresseeFactory().experience, kind="replied"))
    assert letters() == []


def test_who_stopped_the_news_gets_only_what_is_due_to_them():
    author = AuthorFactory(wants_news=False)
    for kind in announcing.SUBJECTS:
        announcing.tell(happened(author, kind))
    told = [one["Subject"].partition(" : ")[2] for one in letters()]
    assert told == [
        "votre récit n'est pas publié, voici pourquoi",
        "votre complément n'est pas publié, voici pourquoi",
        "votre récit est retiré",
        "votre récit n'est plus publié, voici pourquoi",
    ]


def test_who_wrote_what_is_masked_is_told_so_and_not_what(author):
    announcing.tell(happened(author, Event.Kind.PUBLISHED, masked=True))
    announcing.tell(happened(author, Event.Kind.PUBLISHED))
    masked, whole = (words_of(one) for one in letters())
    assert "masqué des mots" in masked
    assert "masqué" not in whole


def test_an_answer_that_promises_says_so(author):
    addressee = AddresseeFactory(experience=author.experience)
    publish_reply(
        addressee=addressee,
        by=someone(Role.RESPONDER, addressee.structure),
        text="Nous avons entendu votre attente, et un second guichet ouvre bientôt le matin.",
        signature="La responsable de l'accueil",
        promise=PromiseWish(
            what="Un second guichet le matin", due_on=timezone.localdate() + timedelta(days=30)
        ),
        version=0,
    )
    assert "il promet un changement" in words_of(the_letter())


def test_the_address_is_forgotten_once_the_mail_left(author):
    announcing.tell(happened(author, Event.Kind.REPLIED))
    assert OutgoingMail.objects.get().is_forgotten_once_sent


def test_a_passage_that_is_only_proposed_says_so(author):
    announcing.tell(happened(author, Event.Kind.PASSED_ON, outcome="proposed", to="Mairie"))
    announcing.tell(happened(author, Event.Kind.PASSED_ON, outcome="accepted", to="Mairie"))
    proposed, accepted = (words_of(one) for one in letters())
    assert "Cet autre service doit accepter" in proposed
    assert "l'a transmis à un autre" in accepted
    assert "Mairie" not in proposed + accepted


@pytest.mark.parametrize("kind", [Event.Kind.ORIENTED, Event.Kind.REFUSED])
def test_somebody_in_danger_reads_whom_to_call_and_nothing_of_a_file(author, kind):
    ModeratedTextFactory(reference=str(author.pk), is_danger=True)
    announcing.tell(happened(author, kind))
    said = words_of(the_letter())
    for number in ("15", "112", "17", "114", "3114", "3919", "119"):
        assert re.search(rf"\b{number}\b", said), number
    assert "dossier" not in said
