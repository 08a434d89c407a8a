"""What an author says once answered: useful, solved, one word more, did it change.

Owns these writes; refuses them on a story that is not published.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.words import NBSP, grouped
from guichet.experiences.locks import hold_story
from guichet.experiences.models import (
    Author,
    Event,
    Experience,
    Promise,
    Reply,
    SecondWord,
    State,
)
from guichet.experiences.reading.search import index
from guichet.experiences.source_names import SECOND_WORD_SOURCE, STORY_SOURCE
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions import Part, submit
from guichet.moderation.queue.known_words import words_masked

LONGEST_SECOND_WORD = 2000
NOT_PUBLISHED = "Ce récit n'est pas publié : il n'y a pas de réponse à juger."


class Change(StrEnum):
    """« Est-ce que ça a changé ? »"""

    YES = "oui"
    PARTLY = "en-partie"
    NO = "non"
    UNKNOWN = "je-ne-sais-pas"


OUTCOMES = {
    Change.YES: Promise.Outcome.KEPT,
    Change.PARTLY: Promise.Outcome.PARTLY,
    Change.NO: Promise.Outcome.BROKEN,
    Change.UNKNOWN: Promise.Outcome.PENDING,
}
"""Who does not know leaves the promise as it is; `judged_at` says that they were asked."""


def published_story(author: Author) -> Experience:
    """The story, locked: two windows do not write at once."""
    experience = hold_story(author.pk)
    if experience.state != State.PUBLISHED:
        raise RuleViolation(NOT_PUBLISHED)
    return experience


@transaction.atomic
def judge_reply(*, author: Author, reply: int, was_useful: bool) -> Reply:
    """The author's word on one answer; it may change. One event for the first."""
    experience = published_story(author)
    found = Reply.objects.filter(
        pk=reply,
        addressee__experience=experience,
        addition_to__isnull=True,
        removed_at__isnull=True,
    ).first()
    if found is None:
        raise RuleViolation("Cette réponse n'est pas celle de votre récit.")
    is_first = found.judged_at is None
    found.was_useful, found.judged_at = was_useful, timezone.now()
    found.save(update_fields=["was_useful", "judged_at"])
    if is_first:
        Event.objects.create(
            experience=experience,
            addressee_id=found.addressee_id,
            kind=Event.Kind.JUDGED,
            detail={"reply": found.pk},
        )
    experience.save(update_fields=["changed_at"])
    return found


@transaction.atomic
def say_solved(*, author: Author, is_solved: bool) -> None:
    """Whether what the story tells is solved; it may change."""
    experience = published_story(author)
    author.is_solved, author.solved_at = is_solved, timezone.now()
    author.save(update_fields=["is_solved", "solved_at"])
    experience.save(update_fields=["changed_at"])


@transaction.atomic
def add_second_word(*, author: Author, text: str, is_burst: bool = False) -> SecondWord:
    """Send the author's one addition to moderation; one that was refused may be written again."""
    experience = published_story(author)
    answers = Reply.objects.filter(addressee__experience=experience, removed_at=None)
    if not answers.exists():
        raise RuleViolation("Attendez la réponse du service pour ajouter quelque chose.")
    if SecondWord.objects.filter(experience=experience).exists():
        raise RuleViolation("Vous avez déjà ajouté un complément : un récit n'en reçoit qu'un.")
    typed = text.strip()
    if not typed:
        raise RuleViolation("Écrivez ce que vous voulez ajouter.")
    if len(typed) > LONGEST_SECOND_WORD:
        raise RuleViolation(
            f"Votre texte compte {grouped(len(typed))} caractères{NBSP}: "
            f"{grouped(LONGEST_SECOND_WORD)} au plus. Gardez l'essentiel."
        )
    word = SecondWord.objects.create(experience=experience)
    before = ModeratedText.objects.filter(
        source=SECOND_WORD_SOURCE, reference=str(experience.pk)
    ).last()
    submit(
        source=SECOND_WORD_SOURCE,
        reference=str(experience.pk),
        parts=[Part("text", "Complément de l'auteur", typed)],
        is_burst=is_burst,
        follows=before,
        known=words_masked(source=STORY_SOURCE, reference=str(experience.pk)),
    )
    return word


@transaction.atomic
def answer_promise(*, author: Author, promise: int, change: Change) -> Promise:
    """The author's answer to « est-ce que ça a changé ? », once the day is past; it may change."""
    experience = published_story(author)
    found = (
        Promise.objects.select_related("reply")
        .filter(pk=promise, reply__addressee__experience=experience)
        .first()
    )
    if found is None:
        raise RuleViolation("Cette promesse n'est pas faite en réponse à votre récit.")
    if found.due_on >= timezone.localdate():
        raise RuleViolation("La date de cette promesse n'est pas encore passée.")
    is_first = found.judged_at is None
    found.outcome, found.judged_at = OUTCOMES[change], timezone.now()
    found.save(update_fields=["outcome", "judged_at"])
    index(experience)
    if is_first:
        Event.objects.create(
            experience=experience,
            addressee_id=found.reply.addressee_id,
            kind=Event.Kind.CHANGED,
            detail={"promise": found.pk},
        )
    experience.save(update_fields=["changed_at"])
    return found
