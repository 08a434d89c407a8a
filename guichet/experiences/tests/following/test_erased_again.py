"""What was withdrawn, taken down or erased since a backup is so again once it is restored.

The backup is a copy of the rows, put back over those of today.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import serializers
from django.db import transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core import erasures
from guichet.core.errors import RuleViolation
from guichet.core.models import OutgoingMail
from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.following import actions
from guichet.experiences.following.actions.removing import remove_reply
from guichet.experiences.following.actions.reports import published_text, take_down
from guichet.experiences.links import author_of, follow_token
from guichet.experiences.models import (
    Addressee,
    Author,
    Draft,
    Event,
    Experience,
    RemovedWords,
    Reply,
    SecondWord,
    State,
    Subscription,
)
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.sharing.actions import seal_of_key
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    DraftFactory,
    ExperienceFactory,
    ReplyFactory,
)
from guichet.moderation.models import (
    Decision,
    ModeratedText,
    OriginalText,
    RefusalReason,
    TextState,
    Verb,
)
from guichet.moderation.queue.actions import accept, remove, reopen
from guichet.moderation.tests.factories import ModeratedTextFactory, OriginalTextFactory

pytestmark = pytest.mark.django_db
SAVED = (
    Experience,
    Author,
    SecondWord,
    Addressee,
    Reply,
    RemovedWords,
    Event,
    Draft,
    Subscription,
    ModeratedText,
    OriginalText,
    Decision,
)


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURES = tmp_path / "erasures"
    return settings.ERASURES


class Backup:
    """The rows of stories as they are now, put back by `restore`."""

    def __init__(self) -> None:
        rows = [row for model in SAVED for row in model.objects.order_by("pk")]
        self._rows = serializers.serialize("python", rows)

    def restore(self) -> dict[str, int]:
        """The backup's rows alone, and then the log; what was done again, by kind."""
        for model in reversed(SAVED):
            model.objects.all().delete()
        for row in serializers.deserialize("python", self._rows):
            row.save()
        OutgoingMail.objects.all().delete()
        outcome = erasures.replay()
        assert outcome.failed == 0
        assert not OutgoingMail.objects.exists(), "nobody is told twice"
        return {kind: count for kind, count in outcome.counts.items() if count}


@pytest.fixture
def author():
    return AuthorFactory(email="lea@exemple.fr")


@pytest.fixture
def moderator():
    return someone(Role.MODERATOR)


def moderated(experience: Experience) -> ModeratedText:
    text = ModeratedTextFactory(
        source="story",
        reference=str(experience.pk),
        state=TextState.ACCEPTED,
        parts=[{"name": "description", "label": "Récit", "published": "Ce qui est public"}],
    )
    OriginalTextFactory(text=text, parts=[{"name": "description", "label": "Récit", "text": "Mot"}])
    return text


def test_a_withdrawn_story_stays_withdrawn(author):
    moderated(author.experience)
    backup = Backup()
    actions.withdraw(author)
    assert backup.restore() == {"story": 1}
    story = Experience.objects.get()
    assert (story.state, story.description, story.search) == (State.WITHDRAWN, "", None)
    assert not Author.objects.exists()
    assert not OriginalText.objects.exists()
    assert ModeratedText.objects.get().published("description") == ""
    assert Event.objects.filter(kind=Event.Kind.WITHDRAWN).count() == 1
    assert erasures.replay().counts["story"] == 0


def test_another_story_that_was_given_the_number_of_the_withdrawn_one_is_untouched(author):
    before = Backup()
    actions.withdraw(author)
    number = author.pk
    Experience.objects.all().delete()
    ExperienceFactory(pk=number, description="Une autre personne raconte.")
    assert erasures.replay().counts["story"] == 0
    assert Experience.objects.published().get().description == "Une autre personne raconte."
    assert before.restore() == {"story": 1}


def test_a_story_told_after_the_backup_is_only_lost(author):
    backup = Backup()
    later = AuthorFactory()
    actions.withdraw(later)
    assert backup.restore() == {}
    assert Experience.objects.get().state == State.PUBLISHED


def test_a_story_still_waiting_in_the_backup_is_withdrawn_all_the_same(author):
    Experience.objects.update(state=State.IN_MODERATION)
    backup = Backup()
    Experience.objects.update(state=State.PUBLISHED)
    actions.withdraw(author)
    assert backup.restore() == {"story": 1}
    assert Experience.objects.get().state == State.WITHDRAWN


def test_the_draft_of_a_story_withdrawn_since_is_erased():
    draft = DraftFactory(answers={"description": "Mon récit"}, email="lea@exemple.fr")
    DraftFactory(answers={"description": "Un autre"})
    backup = Backup()
    author = AuthorFactory(draft_seal=seal_of_key(draft.key))
    draft.delete()
    actions.withdraw(author)
    assert backup.restore() == {"story_draft": 1}
    assert Draft.objects.get().answers == {"description": "Un autre"}


def test_an_author_erased_is_forgotten_again_and_the_story_stays(author):
    moderated(author.experience)
    backup = Backup()
    actions.erase_author(author)
    assert backup.restore() == {"story": 1}
    kept = Author.objects.get()
    assert (kept.email, kept.code_seal, kept.draft_seal) == ("", "", "")
    assert not OriginalText.objects.exists()
    assert Experience.objects.get().state == State.PUBLISHED
    assert erasures.replay().counts["story"] == 0


def test_a_story_that_moderators_took_down_is_taken_down_again(author, moderator):
    text = moderated(author.experience)
    backup = Backup()
    remove(text=text, by=moderator, reason=RefusalReason.INSULT)
    assert backup.restore() == {"story": 1}
    story = Experience.objects.get()
    assert (story.state, story.description) == (State.REMOVED, "")
    text.refresh_from_db()
    assert (text.state, text.published("description")) == (TextState.REFUSED, "")
    decision = Decision.objects.get(verb=Verb.REMOVE)
    assert decision.by is None
    assert "déjà été retiré par la modération" in decision.message
    assert erasures.replay().counts["story"] == 0
    reopen(text=text, by=moderator, note="À revoir")


def test_a_story_taken_over_from_elsewhere_is_taken_down_again(moderator):
    story = ExperienceFactory(entry="import", official_id=7)
    backup = Backup()
    take_down(story, moderator, RefusalReason.INSULT)
    assert backup.restore() == {"story": 1}
    assert Experience.objects.get().state == State.REMOVED


def test_a_story_whose_decision_is_taken_up_again_is_not_shown(author, moderator):
    text = moderated(author.experience)
    backup = Backup()
    reopen(text=text, by=moderator, note="Une personne y est reconnaissable")
    assert backup.restore() == {"story": 1}
    assert not Experience.objects.published().exists()


def test_a_story_published_again_since_is_published(
    author, moderator, django_capture_on_commit_callbacks
):
    text = moderated(author.experience)
    backup = Backup()
    reopen(text=text, by=moderator, note="À revoir")
    text.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        accept(text=text, by=moderator)
    assert backup.restore() == {}
    assert published_text(Experience.objects.published().get()) == text


def test_a_publication_killed_before_its_end_leaves_the_story_taken_down(author, moderator):
    text = moderated(author.experience)
    backup = Backup()
    reopen(text=text, by=moderator, note="À revoir")
    text.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        accept_and_be_killed(text, moderator)
    assert backup.restore() == {"story": 1}


@transaction.atomic
def accept_and_be_killed(text: ModeratedText, moderator: User) -> None:
    accept(text=text, by=moderator)
    raise KeyboardInterrupt


def test_a_second_word_taken_down_is_taken_down_again(author, moderator):
    SecondWord.objects.create(
        experience=author.experience, text="Encore un mot", published_at=timezone.now()
    )
    text = ModeratedTextFactory(
        source="second_word", reference=str(author.pk), state=TextState.ACCEPTED
    )
    backup = Backup()
    remove(text=text, by=moderator, reason=RefusalReason.INSULT)
    assert backup.restore() == {"second_word": 1}
    word = SecondWord.objects.get()
    assert (word.text, word.published_at) == ("", None)


def test_an_answer_that_moderators_removed_is_removed_again_and_the_other_stays(author, moderator):
    addressee = AddresseeFactory(experience=author.experience)
    named = ReplyFactory(addressee=addressee, text="Demandez Mme Untel.")
    ReplyFactory(addressee=addressee, text="Le guichet ouvre à neuf heures.")
    backup = Backup()
    remove_reply(reply=named, by=moderator, reason=RefusalReason.NAMED_AGENT, message="Un nom")
    assert backup.restore() == {"reply": 1}
    named.refresh_from_db()
    assert (named.text, named.removed_for) == ("", RefusalReason.NAMED_AGENT)
    assert Reply.objects.get(removed_at=None).text == "Le guichet ouvre à neuf heures."
    assert erasures.replay().counts["reply"] == 0


def test_an_answer_removed_from_a_story_taken_down_since_is_removed_again(author, moderator):
    """The story may be published again, with its answers."""
    named = ReplyFactory(addressee=AddresseeFactory(experience=author.experience), text="Mme Untel")
    text = moderated(author.experience)
    backup = Backup()
    remove_reply(reply=named, by=moderator, reason=RefusalReason.NAMED_AGENT, message="Un nom")
    reopen(text=text, by=moderator, note="À revoir")
    assert backup.restore() == {"story": 1, "reply": 1}
    named.refresh_from_db()
    assert (named.text, named.is_removed) == ("", True)


def test_a_link_that_its_author_ended_opens_nothing_again_and_the_last_one_does(author):
    leaked = follow_token(author)
    backup = Backup()
    actions.renew_link(author)
    last = follow_token(actions.renew_link(author))
    assert backup.restore() == {"follow_link": 2}
    assert author_of(last) == author
    with pytest.raises(RuleViolation):
        author_of(leaked)
    assert erasures.replay().counts["follow_link"] == 0


def test_no_link_of_an_erased_author_opens_anything_again(author):
    backup = Backup()
    links = [follow_token(author), follow_token(actions.renew_link(author))]
    author.refresh_from_db()
    actions.erase_author(author)
    backup.restore()
    for link in links:
        with pytest.raises(RuleViolation):
            author_of(link)


def test_a_subscription_that_was_ended_sends_nothing_again():
    place, other = StructureFactory(), StructureFactory()
    ended = actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=place))
    actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=other))
    backup = Backup()
    actions.end_subscription(ended)
    assert backup.restore() == {"subscription": 1}
    assert Subscription.objects.get().structure == other


def test_a_subscription_asked_again_is_another_one():
    place = StructureFactory()
    ended = actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=place))
    number = ended.pk
    actions.end_subscription(ended)
    Subscription.objects.create(
        pk=number,
        email="lea@exemple.fr",
        seal=ended.seal,
        structure=place,
        asked_at=ended.asked_at + timedelta(seconds=1),
    )
    assert erasures.replay().counts["subscription"] == 0


def test_what_the_log_lost_is_read_in_the_database(author, moderator, log):
    taken_down = ExperienceFactory()
    named = ReplyFactory(addressee=AddresseeFactory(), text="Demandez Mme Untel.")
    backup = Backup()
    actions.withdraw(author)
    take_down(taken_down, moderator, RefusalReason.INSULT)
    remove_reply(reply=named, by=moderator, reason=RefusalReason.NAMED_AGENT, message="Un nom")
    for path in log.iterdir():
        path.unlink()
    assert erasures.mend() == 3
    assert backup.restore() == {"story": 2, "reply": 1}
    assert list(Experience.objects.published()) == [named.addressee.experience]


def test_nothing_of_the_author_stands_in_the_log(author, log):
    draft = DraftFactory(email=author.email)
    Author.objects.update(draft_seal=seal_of_key(draft.key))
    author.refresh_from_db()
    subscription = actions.ask_subscription(
        email=author.email, scope=Scope(structure=StructureFactory())
    )
    actions.end_subscription(subscription)
    actions.withdraw(author)
    written = "".join(path.read_text() for path in log.iterdir())
    assert written.count("\n") == 3
    for private in (author.email, subscription.seal, draft.key):
        assert private not in written


def test_a_withdrawal_killed_before_its_end_is_done_by_the_next_restore(author):
    """The line is there, the database undid the rest: the author had asked for it."""
    backup = Backup()
    with pytest.raises(KeyboardInterrupt):
        withdraw_and_be_killed(author)
    assert Experience.objects.get().state == State.PUBLISHED
    assert backup.restore() == {"story": 1}
    assert Experience.objects.get().state == State.WITHDRAWN


@transaction.atomic
def withdraw_and_be_killed(author: Author) -> None:
    actions.withdraw(author)
    raise KeyboardInterrupt
