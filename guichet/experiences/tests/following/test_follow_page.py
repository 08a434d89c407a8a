"""`/suivi/<token>/`: what an author sees of their story."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.core.tokens import make_token
from guichet.experiences.announcing import announce
from guichet.experiences.following.queries import DANGER_NUMBERS
from guichet.experiences.links import PURPOSE, follow_token
from guichet.experiences.models import Event, Promise, State
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    ExperienceFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import the_letter, words_of
from guichet.moderation.models import Decision, ModeratedText, RefusalReason, Verb
from guichet.moderation.queue.explanations import ORIENTED, oriented_words
from guichet.moderation.tests.factories import ModeratedTextFactory

pytestmark = pytest.mark.django_db


def address_of(author) -> str:
    return f"/suivi/{follow_token(author)}/"


def page_of(client, author) -> str:
    response = client.get(address_of(author))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def author():
    return AuthorFactory()


def test_the_thread_shows_answers_additions_and_promises(client, author):
    addressee = AddresseeFactory(experience=author.experience, structure__name="Mairie de Lomme")
    reply = ReplyFactory(addressee=addressee, text="Un second guichet ouvre.")
    ReplyFactory(addressee=addressee, addition_to=reply, text="Il ouvre lundi.")
    PromiseFactory(reply=reply, what="Un guichet de plus")
    said = page_of(client, author)
    for words in ("Mairie de Lomme", "Un second guichet", "Il ouvre lundi", "Un guichet de plus"):
        assert words in said
    assert said.count("Un second guichet ouvre.") == 1


def test_authors_read_what_they_said_of_a_promise_and_not_that_an_author_said_it(client, author):
    reply = ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    PromiseFactory(reply=reply, outcome=Promise.Outcome.PARTLY, judged_at=timezone.now())
    said = page_of(client, author)
    assert "Vous avez répondu&nbsp;: tenue en partie." in said
    assert "auteur." not in said


def test_who_does_not_know_is_not_said_to_have_answered_no(client, author):
    reply = ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    PromiseFactory(reply=reply, judged_at=timezone.now())
    said = page_of(client, author)
    assert "Vous avez répondu&nbsp;: vous ne savez pas." in said
    assert "pas tenue" not in said


def test_what_the_service_says_done_is_read_before_the_day_too(client, author):
    reply = ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    PromiseFactory(reply=reply, done_on=timezone.localdate(), done_words="Le guichet est ouvert")
    assert "«&nbsp;Le guichet est ouvert&nbsp;»" in page_of(client, author)


def test_each_event_is_told_in_words(client, author):
    addressee = AddresseeFactory(experience=author.experience)
    for kind in Event.Kind:
        Event.objects.create(experience=author.experience, addressee=addressee, kind=kind)
    said = page_of(client, author)
    assert "Votre récit est transmis à un autre service" in said.replace("&#x27;", "'")
    assert said.count("<li>", said.index('id="etapes"')) >= len(Event.Kind)


def test_a_story_without_answer_says_when_one_is_awaited(client, author):
    due = timezone.localdate() + timedelta(days=5)
    AddresseeFactory(experience=author.experience, due_on=due)
    assert "Pas encore de réponse" in page_of(client, author)


def test_how_long_reading_takes_is_what_the_installation_chose(client, settings):
    settings.MODERATION_HOURS = 36
    author = AuthorFactory(email="rose.petit@exemple.fr", experience__waiting=True)
    announce(author.experience, Event.Kind.CONFIRMED)
    delay = "le plus souvent en moins de 36\xa0heures"
    assert delay in page_of(client, author)
    assert delay in words_of(the_letter())


def test_a_refusal_is_explained(client):
    author = AuthorFactory(experience__waiting=True, experience__state=State.REFUSED)
    text = ModeratedTextFactory(reference=str(author.pk))
    Decision.objects.create(
        text=text,
        verb=Verb.REFUSE,
        reason=RefusalReason.NAMED_AGENT,
        message="Racontez ce qui est arrivé sans dire qui vous a reçu.",
    )
    said = page_of(client, author)
    assert "Racontez ce qui est arrivé sans dire qui" in said
    assert "Met en cause un agent reconnaissable" in said


def test_the_words_are_not_shown_while_they_are_read(client):
    author = AuthorFactory(experience__waiting=True)
    assert "Une personne le lit avant" in page_of(client, author)


def test_the_page_is_kept_by_no_cache_and_by_no_search_engine(client, author):
    response = client.get(address_of(author))
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert not response.cookies


def test_a_revoked_link_says_which_one_to_take(client, author):
    address = address_of(author)
    author.link_version += 1
    author.save()
    response = client.get(address)
    assert response.status_code == 404
    assert "dernier courriel" in response.content.decode()


def test_a_forged_link_opens_nothing(client, author):
    token = follow_token(author)
    for wrong in (f"{token}x", token[:-2], "jeton", make_token("autre", [author.pk, 1])):
        response = client.get(f"/suivi/{wrong}/")
        assert response.status_code == 404
        assert author.experience.title not in response.content.decode()


def test_a_link_that_carries_something_else_opens_nothing(client):
    for content in ([1], "x", None, [1, 2, 3], ["x", 1], [{}, 1], [10**30, 1]):
        response = client.get(f"/suivi/{make_token(PURPOSE, content)}/")
        assert response.status_code == 404


def test_the_link_of_a_lost_story_does_not_open_the_one_that_has_its_number(client, author):
    """A restored backup gives numbers again; the link stays in a mailbox."""
    address, number = address_of(author), author.pk
    author.experience.delete()
    AuthorFactory(experience=ExperienceFactory(pk=number))
    assert client.get(address).status_code == 404
    assert client.post(f"{address}retirer/", {"confirm": "oui"}).status_code == 404


def test_an_expired_link_says_so(client, author, monkeypatch):
    address = address_of(author)
    monkeypatch.setattr("guichet.experiences.links.LINK_LIVES", timedelta(seconds=-1))
    response = client.get(address)
    assert response.status_code == 404
    assert "a expiré" in response.content.decode()


def test_the_link_of_an_erased_author_opens_nothing(client, author):
    address = address_of(author)
    author.delete()
    assert client.get(address).status_code == 404


def test_a_passage_names_the_service_that_it_leads_to(client, author):
    addressee = AddresseeFactory(experience=author.experience, structure__name="Avant")
    for detail in ({"outcome": "proposed", "to": "Caf"}, {"outcome": "accepted", "to": "Caf"}):
        Event.objects.create(
            experience=author.experience, addressee=addressee, kind="passed_on", detail=detail
        )
    Event.objects.create(
        experience=author.experience, addressee=addressee, kind="sent_back", detail={"by": "Cpam"}
    )
    said = page_of(client, author)
    assert "propose de transmettre votre récit à un autre (Caf)" in said
    assert "Votre récit est transmis à un autre service (Caf)" in said
    assert "Ce service renvoie votre récit au premier (Cpam)" in said


CALL_NOW = "Appelez tout de suite"


def test_the_numbers_to_call_are_there_while_a_danger_waits(client):
    author = AuthorFactory(experience__waiting=True)
    text = ModeratedTextFactory(reference=str(author.pk))
    assert CALL_NOW not in page_of(client, author)
    ModeratedText.objects.filter(pk=text.pk).update(is_danger=True)
    said = page_of(client, author)
    assert CALL_NOW in said
    for number in DANGER_NUMBERS.split():
        scheme = "sms" if number == "114" else "tel"
        assert f'href="{scheme}:{number}" aria-label' in said


@pytest.fixture
def oriented(client):
    """`oriented(is_danger=…)`: the author's page of a story oriented with these words."""

    def decided(*, is_danger, message=ORIENTED):
        author = AuthorFactory(experience__waiting=True, experience__state=State.ORIENTED)
        text = ModeratedTextFactory(reference=str(author.pk), is_danger=is_danger)
        Decision.objects.create(
            text=text, verb=Verb.ORIENT, message=message, oriented_to="Maison des femmes"
        )
        return unescape(page_of(client, author))

    return decided


def test_who_is_oriented_because_of_a_danger_is_not_told_of_a_file(oriented):
    words = oriented_words(is_danger=True)
    said = oriented(is_danger=True, message=words)
    for paragraph in words.split("\n\n"):
        assert paragraph in said
    assert "Maison des femmes" in said
    assert "dossier" not in said[said.index("<main") : said.index("</main>")]
    assert CALL_NOW in said


@pytest.mark.parametrize("message", [ORIENTED, "Appelez l'association."])
def test_the_author_reads_the_very_words_that_the_moderator_sent(oriented, message):
    assert message in oriented(is_danger=True, message=message)


def test_an_individual_file_is_told_as_one(oriented):
    said = oriented(is_danger=False)
    assert ORIENTED in said
    assert CALL_NOW not in said


def test_a_published_story_shows_no_number(client, author):
    ModeratedTextFactory(reference=str(author.pk), is_danger=True)
    assert CALL_NOW not in page_of(client, author)
