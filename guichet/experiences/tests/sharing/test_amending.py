"""A refused story taken up again is the same story, and goes back to moderation."""

from __future__ import annotations

from html import unescape

import pytest

from guichet.accounts.tests.factories import UserFactory
from guichet.core.errors import RuleViolation
from guichet.experiences.links import follow_url
from guichet.experiences.models import Author, Draft, Event, Experience, Reply, State
from guichet.experiences.sharing import actions
from guichet.experiences.sharing.story import ChosenService, story_of
from guichet.experiences.tests.factories import ReplyFactory
from guichet.experiences.tests.sharing.person import STORY
from guichet.moderation.models import Decision, ModeratedText, OriginalText, TextState
from guichet.moderation.queue import actions as moderation

HOME = "/experiences/partager/"


@pytest.fixture
def refused(person):
    """A story refused for what it says of an agent, followed by a code."""
    person.tells(follow_by="code", email="")
    person.sends()
    text = ModeratedText.objects.get()
    ModeratedText.objects.update(state=TextState.WAITING)
    moderation.refuse(text=text, by=UserFactory(), reason="named_agent")
    return Experience.objects.get()


def test_it_is_there_as_it_was_written(refused):
    draft = actions.amend(refused)
    story = story_of(draft)
    assert story.description == STORY["description"]
    assert story.services[0].code == "caf-lille"
    assert story.services[0].channels == ("desk",)
    assert (story.feeling, story.written_as) == ("negative", "user")
    assert actions.amend(refused) == draft


def test_sent_again_it_is_the_same_story_without_another_mail(person, refused):
    before = ModeratedText.objects.get()
    code_seal = Author.objects.get().code_seal
    draft = actions.amend(refused)
    person.press(f"{HOME}{draft.key}/recit/", description="L'agent a été désagréable.")
    review = person.open(f"{HOME}{draft.key}/relecture/").content.decode()
    assert "sera relu par une personne" in review
    response = person.client.get(f"{HOME}{draft.key}/relecture/")
    assert response.status_code == 200
    person.press(f"{HOME}{draft.key}/relecture/")
    experience = Experience.objects.get()
    assert (experience.pk, experience.state) == (refused.pk, State.IN_MODERATION)
    assert experience.ended_at is None
    text = ModeratedText.objects.get(follows=before)
    assert text.original.parts[1]["text"] == "L'agent a été désagréable."
    assert experience.events.filter(kind=Event.Kind.AMENDED).count() == 1
    assert Author.objects.get().code_seal == code_seal
    assert not Draft.objects.exists()
    assert person.at.startswith("http://127.0.0.1:8000/suivi/") or "/suivi/" in person.at


def test_the_step_about_who_writes_does_not_ask_the_address_again(person, refused):
    draft = actions.amend(refused)
    page = person.open(f"{HOME}{draft.key}/vous/").content.decode()
    assert 'name="email"' not in page
    person.press(written_as="relative", pseudonym="Un proche")
    assert person.at.endswith("/relecture/")


def test_once_its_original_is_erased_the_words_are_asked_again(refused):
    OriginalText.objects.all().delete()
    assert story_of(actions.amend(refused)).description == ""


@pytest.mark.parametrize("state", [State.PUBLISHED, State.IN_MODERATION, State.WITHDRAWN])
def test_only_a_refused_story_is_taken_up(refused, state):
    Experience.objects.update(state=state, published_at=refused.confirmed_at)
    with pytest.raises(RuleViolation, match="pas été publié"):
        actions.amend(refused)


def taken_up_again(text, by):
    moderation.reopen(text=text, by=by, note="À relire")
    return ModeratedText.objects.get(pk=text.pk)


def test_a_version_begun_before_moderators_changed_their_mind_replaces_nothing(person, refused):
    """The service answered meanwhile: its answer is not erased by an old window."""
    draft, moderator = actions.amend(refused), UserFactory()
    moderation.accept(text=taken_up_again(ModeratedText.objects.get(), moderator), by=moderator)
    reply = ReplyFactory(addressee=refused.addressees.get())
    page = person.press(f"{HOME}{draft.key}/relecture/").content.decode()
    assert "a repris sa décision" in page
    assert Experience.objects.get().state == State.PUBLISHED
    assert Reply.objects.get() == reply
    with pytest.raises(RuleViolation, match="repris sa décision"):
        actions.confirm(draft)


def test_a_version_sent_while_the_first_is_read_again_is_told_so(person, refused):
    draft = actions.amend(refused)
    taken_up_again(ModeratedText.objects.get(), UserFactory())
    page = person.press(f"{HOME}{draft.key}/relecture/").content.decode()
    assert "a repris sa décision" in page
    assert ModeratedText.objects.count() == 1


@pytest.fixture
def answered_then_refused(refused):
    """Published after all, answered, then refused again."""
    moderator = UserFactory()
    moderation.accept(text=taken_up_again(ModeratedText.objects.get(), moderator), by=moderator)
    ReplyFactory(addressee=refused.addressees.get())
    text = taken_up_again(ModeratedText.objects.get(), moderator)
    moderation.refuse(text=text, by=moderator, reason="named_agent")
    return refused


def test_what_a_service_answered_outlives_another_version(answered_then_refused):
    due_on = answered_then_refused.addressees.get().due_on
    draft = actions.amend(answered_then_refused)
    actions.drop_service(draft, 0)
    actions.add_service(draft, ChosenService(name="Guichet de Lomme"))
    actions.confirm(draft)
    first, second = answered_then_refused.addressees.order_by("rank")
    assert (first.replies.count(), first.due_on) == (1, due_on)
    assert (second.rank, second.name_entered) == (2, "Guichet de Lomme")


def test_an_answered_service_leaves_room_for_two_others(answered_then_refused):
    draft = actions.amend(answered_then_refused)
    actions.drop_service(draft, 0)
    for name in ("Un", "Deux", "Trois"):
        actions.add_service(draft, ChosenService(name=name))
    with pytest.raises(RuleViolation, match="a déjà répondu"):
        actions.confirm(draft)
    assert Reply.objects.count() == 1


def test_taken_up_it_opens_where_its_words_are_changed(client, refused):
    page = client.post(f"{follow_url(refused.author)}reprendre/")
    assert page.status_code == 303
    assert page["Location"].endswith("/recit/?relire=oui")


def test_what_moderators_said_stands_above_the_words_to_change(person, refused):
    decision = Decision.objects.get()
    page = unescape(person.open(f"{HOME}{actions.amend(refused).key}/recit/").content.decode())
    assert decision.message.split("\n")[0] in page
    assert "Met en cause un agent reconnaissable." in page
    assert page.index("Met en cause") < page.index('name="description"')


def test_a_first_version_has_nothing_to_change(person):
    person.begins()
    page = person.press(channels_0=["desk"]).content.decode()
    assert person.at.endswith("/recit/")
    assert "faut changer" not in page
