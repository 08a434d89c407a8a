"""Useful, solved, one word more: what an author says once answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences.following import actions
from guichet.experiences.models import (
    Event,
    Experience,
    NotificationChoice,
    Promise,
    SecondWord,
    State,
)
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import letters
from guichet.experiences.tests.following.pages import address_of, strict, words_at
from guichet.moderation.models import ModeratedText, RefusalReason, TextState
from guichet.moderation.queue.actions import accept, refuse, remove, reopen

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return AuthorFactory()


@pytest.fixture
def reply(author):
    return ReplyFactory(addressee=AddresseeFactory(experience=author.experience))


def kinds_of(author) -> list[str]:
    return list(author.experience.events.values_list("kind", flat=True))


@pytest.mark.parametrize(("said", "kept"), [("oui", True), ("non", False)])
def test_an_author_says_whether_an_answer_is_useful(author, reply, said, kept):
    client = strict()
    response = client.post(address_of(author, f"reponses/{reply.pk}/"), {"reponse": said})
    assert response.status_code == 303
    assert not response.cookies
    reply.refresh_from_db()
    assert (reply.was_useful, reply.judged_at is not None) == (kept, True)
    assert "votre avis sur la réponse est noté" in words_at(client, response.url)


def test_changing_ones_mind_is_one_event(author, reply):
    for said in (True, False, True):
        actions.judge_reply(author=author, reply=reply.pk, was_useful=said)
    reply.refresh_from_db()
    assert reply.was_useful is True
    assert kinds_of(author) == [Event.Kind.JUDGED]


def test_the_answer_of_another_story_cannot_be_judged(author):
    other = ReplyFactory()
    response = strict().post(address_of(author, f"reponses/{other.pk}/"), {"reponse": "oui"})
    assert response.status_code == 409
    other.refresh_from_db()
    assert other.was_useful is None


def test_an_addition_is_not_judged_by_itself(author, reply):
    addition = ReplyFactory(addressee=reply.addressee, addition_to=reply)
    with pytest.raises(RuleViolation):
        actions.judge_reply(author=author, reply=addition.pk, was_useful=True)


@pytest.mark.parametrize("said", ["", "peut-être", "true"])
def test_what_no_button_says_changes_nothing(author, reply, said):
    response = strict().post(address_of(author, f"reponses/{reply.pk}/"), {"reponse": said})
    assert response.status_code == 409
    assert "Choisissez une des réponses proposées" in response.content.decode()
    reply.refresh_from_db()
    assert reply.was_useful is None


@pytest.mark.parametrize(("said", "kept"), [("oui", True), ("non", False)])
def test_an_author_says_whether_it_is_solved(author, reply, said, kept):
    client = strict()
    client.post(address_of(author, "resolu/"), {"reponse": said})
    author.refresh_from_db()
    assert (author.is_solved, author.solved_at is not None) == (kept, True)
    words = "Vous avez dit\u00a0: réglé" if kept else "Vous avez dit\u00a0: pas encore réglé"
    assert words in words_at(client, address_of(author))


def test_a_story_that_is_not_published_is_not_judged(author, reply):
    author.experience.state = State.REMOVED
    author.experience.save()
    for act in (
        lambda: actions.judge_reply(author=author, reply=reply.pk, was_useful=True),
        lambda: actions.say_solved(author=author, is_solved=True),
        lambda: actions.add_second_word(author=author, text="Merci."),
    ):
        with pytest.raises(RuleViolation, match="n'est pas publié"):
            act()


WORD = "Depuis, le guichet ouvre à l'heure. Merci."


@pytest.fixture
def moderator():
    return someone(Role.MODERATOR)


@pytest.fixture
def word(author, reply):
    """A second word that the machine has read."""
    strict().post(address_of(author, "ajouter/"), {"text": WORD})
    text = ModeratedText.objects.get(source="second_word", reference=str(author.pk))
    ModeratedText.objects.filter(pk=text.pk).update(state=TextState.WAITING)
    text.refresh_from_db()
    return text


def test_a_second_word_waits_for_moderation(author, word):
    assert SecondWord.objects.get().text == ""
    said = words_at(strict(), address_of(author))
    assert "Une personne le lit avant sa publication" in said
    assert WORD not in said


def test_an_accepted_second_word_is_published_and_told(author, word, moderator):
    accept(text=word, by=moderator)
    assert SecondWord.objects.get().text == WORD
    assert WORD in words_at(strict(), address_of(author))
    assert "votre complément est publié" in letters()[-1]["Subject"]


def test_the_agents_who_follow_the_story_are_told_of_an_accepted_second_word(
    author, reply, word, moderator
):
    agent = someone(Role.RESPONDER, reply.addressee.structure, email="camille@caf.example")
    NotificationChoice.objects.create(user=agent, pace="at_once")
    accept(text=word, by=moderator)
    (letter,) = [one for one in letters() if one["To"] == agent.email]
    assert "complété par son auteur" in letter["Subject"]


def test_nobody_is_told_of_a_second_word_while_its_story_is_not_published(
    author, reply, word, moderator
):
    Experience.objects.update(state=State.IN_MODERATION)
    before = len(letters())
    accept(text=word, by=moderator)
    assert len(letters()) == before
    assert SecondWord.objects.get().text == WORD
    assert Event.Kind.SECOND_WORD not in kinds_of(author)


def test_a_second_word_is_said_once(author, word, moderator):
    accept(text=word, by=moderator)
    with pytest.raises(RuleViolation, match="n'en reçoit qu'un"):
        actions.add_second_word(author=author, text="Encore.")
    adding = address_of(author, "ajouter/")
    assert strict().get(adding).url == adding.removesuffix("ajouter/")
    assert SecondWord.objects.get().text == WORD


def test_a_refused_second_word_is_explained_and_may_be_written_again(author, word, moderator):
    refuse(text=word, by=moderator, reason=RefusalReason.INSULT, message="Sans ces mots, merci.")
    said = words_at(strict(), address_of(author))
    assert "Sans ces mots, merci." in said
    assert "votre complément n'est pas publié" in letters()[-1]["Subject"]
    actions.add_second_word(author=author, text="Autrement dit.")
    again = ModeratedText.objects.filter(source="second_word").latest("pk")
    assert again.follows == word


@pytest.mark.parametrize("taken_back", [remove, reopen])
def test_a_second_word_taken_back_is_shown_no_more(author, word, moderator, taken_back):
    accept(text=word, by=moderator)
    word.refresh_from_db()
    if taken_back is remove:
        remove(text=word, by=moderator, reason=RefusalReason.INSULT)
    else:
        reopen(text=word, by=moderator, note="À relire.")
    assert SecondWord.objects.get().text == ""
    assert WORD not in words_at(strict(), address_of(author))


def test_nothing_is_added_before_an_answer(author):
    with pytest.raises(RuleViolation, match="Attendez la réponse"):
        actions.add_second_word(author=author, text="Alors ?")
    strict().post(address_of(author, "ajouter/"), {"text": "Alors ?"})
    assert not SecondWord.objects.exists()


@pytest.mark.parametrize("typed", ["", "  \n ", "\x00\x01", "a" * 2001])
def test_an_empty_or_endless_second_word_says_how_to_mend_it(author, reply, typed):
    response = strict().post(address_of(author, "ajouter/"), {"text": typed})
    assert response.status_code == 200
    assert not SecondWord.objects.exists()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "\u202eenvers", "😀 ça va"])
def test_whatever_is_typed_is_shown_as_text(author, reply, moderator, typed):
    actions.add_second_word(author=author, text=typed)
    text = ModeratedText.objects.get(source="second_word")
    ModeratedText.objects.filter(pk=text.pk).update(state=TextState.WAITING)
    accept(text=text, by=moderator)
    page = strict().get(address_of(author)).content.decode()
    assert "<script>alert" not in page


def due(author, **fields) -> Promise:
    reply = ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    yesterday = timezone.localdate() - timedelta(days=1)
    return PromiseFactory(reply=reply, **{"due_on": yesterday, **fields})


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("oui", Promise.Outcome.KEPT),
        ("en-partie", Promise.Outcome.PARTLY),
        ("non", Promise.Outcome.BROKEN),
        ("je-ne-sais-pas", Promise.Outcome.PENDING),
    ],
)
def test_an_author_says_whether_it_changed(author, said, outcome):
    promise, client = due(author), strict()
    assert "Est-ce que ça a changé\u00a0?" in words_at(client, address_of(author))
    client.post(address_of(author, f"promesses/{promise.pk}/"), {"reponse": said})
    promise.refresh_from_db()
    assert (promise.outcome, promise.judged_at is not None) == (outcome, True)
    assert kinds_of(author) == [Event.Kind.CHANGED]
    assert "Est-ce que ça a changé\u00a0?" not in words_at(client, address_of(author))


def test_a_promise_of_another_story_or_to_come_cannot_be_judged(author):
    other = due(AuthorFactory())
    early = due(author, due_on=timezone.localdate())
    for promise in (other, early):
        response = strict().post(address_of(author, f"promesses/{promise.pk}/"), {"reponse": "oui"})
        assert response.status_code == 409
        promise.refresh_from_db()
        assert promise.judged_at is None
    assert "Est-ce que ça a changé\u00a0?" not in words_at(strict(), address_of(author))
