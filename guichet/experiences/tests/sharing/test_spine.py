"""From the first page to the moderators, without JavaScript nor cookie; then a decision."""

from __future__ import annotations

import re

from guichet.accounts.tests.factories import UserFactory
from guichet.core.models import OutgoingMail
from guichet.experiences.models import Draft, Event, Experience, State
from guichet.experiences.story_source import STORY
from guichet.experiences.tests.following.letters import letters, links_in, the_letter
from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue import actions as moderation
from guichet.orientation.models import Handover


def test_a_story_is_shared_confirmed_and_waits_for_moderators(person, caf):
    review = person.tells()
    assert "Deux heures d&#x27;attente" in review.content.decode()
    person.sends()
    assert not Experience.objects.exists()

    (link,) = links_in(the_letter())
    page = person.open(link.removeprefix("http://127.0.0.1:8000"))
    assert "Confirmer et envoyer mon récit" in page.content.decode()
    assert not Experience.objects.exists()

    thanks = person.press()
    assert "votre récit est parti" in thanks.content.decode()
    experience = Experience.objects.get()
    assert experience.state == State.IN_MODERATION
    assert (experience.title, experience.description) == ("", "")
    assert (experience.feeling, experience.relation) == ("negative", "positive")
    assert experience.departement_id == "59"
    addressee = experience.addressees.get()
    assert (addressee.structure, addressee.first_structure) == (caf, caf)
    assert addressee.network == caf.network
    assert addressee.channels == ["desk"]
    assert experience.author.email == "claude@exemple.fr"
    assert not Draft.objects.exists()
    text = ModeratedText.objects.get()
    assert (text.source, text.reference) == ("story", str(experience.pk))
    assert [part["name"] for part in text.original.parts] == [
        "title",
        "description",
        "wished",
        "pseudonym",
    ]


def test_no_page_sets_a_cookie(person):
    person.tells()
    person.sends()
    (link,) = links_in(the_letter())
    person.open(link.removeprefix("http://127.0.0.1:8000"))
    person.press()
    assert not person.client.cookies


def confirmed_story(person):
    person.tells()
    person.sends()
    (link,) = links_in(the_letter())
    person.open(link.removeprefix("http://127.0.0.1:8000"))
    person.press()
    text = ModeratedText.objects.get()
    text.state = TextState.WAITING
    text.save()
    OutgoingMail.objects.all().delete()
    return Experience.objects.get(), text


def test_an_accepted_story_is_published_with_its_clock_and_its_author_is_told(person):
    experience, text = confirmed_story(person)
    moderation.accept(text=text, by=UserFactory())
    experience.refresh_from_db()
    assert experience.state == State.PUBLISHED
    assert experience.description.startswith("J'ai attendu deux heures")
    due_on = experience.addressees.get().due_on
    assert (due_on - experience.published_at.date()).days in (15, 16)
    assert experience.events.filter(kind=Event.Kind.PUBLISHED).exists()
    assert [letter["To"] for letter in letters()] == ["claude@exemple.fr"]


def test_a_refused_story_holds_no_word_and_says_which_decision(person):
    experience, text = confirmed_story(person)
    decision = moderation.refuse(text=text, by=UserFactory(), reason="insult")
    experience.refresh_from_db()
    assert (experience.state, experience.description) == (State.REFUSED, "")
    event = experience.events.get(kind=Event.Kind.REFUSED)
    assert event.detail["decision"] == decision.pk
    assert len(letters()) == 1


def test_an_individual_file_is_oriented_with_a_sheet_for_its_service(person, caf):
    experience, text = confirmed_story(person)
    (proposal,) = STORY.proposals(text.reference, "")
    assert proposal.label == caf.name
    moderation.orient(text=text, by=UserFactory(), service=proposal.label, key=proposal.key)
    experience.refresh_from_db()
    assert experience.state == State.ORIENTED
    event = experience.events.get(kind=Event.Kind.ORIENTED)
    sheet = person.client.get(f"/orientation/fiche/{event.detail['handover']}/")
    assert caf.name in sheet.content.decode()
    handover = Handover.objects.get()
    assert (handover.sender, handover.receiver) == (None, caf)


def test_a_story_may_be_oriented_to_a_service_that_the_directory_does_not_have(person):
    experience, text = confirmed_story(person)
    moderation.orient(text=text, by=UserFactory(), service="La médiatrice")
    event = experience.events.get(kind=Event.Kind.ORIENTED)
    assert "handover" not in event.detail


def test_the_same_confirmation_pressed_twice_is_one_story(person):
    person.tells()
    person.sends()
    (link,) = links_in(the_letter())
    path = link.removeprefix("http://127.0.0.1:8000")
    assert re.match(r"/experiences/partager/confirmer/", path)
    for _ in range(2):
        assert person.client.post(path).status_code in (200, 303)
    assert Experience.objects.count() == 1
    assert ModeratedText.objects.count() == 1
    assert "votre récit est parti" in person.open(path).content.decode()


def test_the_sheet_of_somebody_in_danger_speaks_of_no_file(person, caf):
    _, text = confirmed_story(person)
    ModeratedText.objects.update(is_danger=True)
    (proposal,) = STORY.proposals(text.reference, "")
    for _ in range(2):
        moderation.orient(text=text, by=UserFactory(), service=proposal.label, key=proposal.key)
    handover = Handover.objects.get()
    assert "dossier" not in f"{handover.subject} {handover.why}"
