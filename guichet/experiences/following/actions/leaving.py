"""An author leaves: the story is withdrawn, or stays public without any link to who wrote it.

Owns what goes and what stays; refuses to keep words that could quote the author.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.models import OutgoingMail
from guichet.experiences.announcing import announce
from guichet.experiences.links import start_of_links
from guichet.experiences.locks import hold_story
from guichet.experiences.models import (
    Author,
    Draft,
    Event,
    Experience,
    InternalNote,
    Passage,
    Promise,
    RemovedWords,
    Reply,
    ReplyDraft,
    SecondWord,
    State,
)
from guichet.experiences.noting import Act, note_draft, note_links_ended, note_story
from guichet.experiences.publishing import TEXTS
from guichet.experiences.reading.search import index
from guichet.experiences.source_names import SECOND_WORD_SOURCE, STORY_SOURCE
from guichet.moderation.models import Alert, ModeratedText, OriginalText
from guichet.moderation.queue.actions import withdraw as withdraw_from_moderation


@transaction.atomic
def withdraw(author: Author) -> None:
    """Take the story back: its words, the answers to it and its author are erased now, and it is
    on no page any more; public files follow within the day."""
    experience = hold_story(author.pk)
    if experience.state == State.WITHDRAWN:
        raise RuleViolation("Ce récit est déjà retiré.")
    note_draft(author)
    erase_story(experience)
    note_story(experience, Act.WITHDRAWN)


def erase_story(experience: Experience) -> None:
    """Every word of it and about it, and who wrote it; the event says that it was withdrawn."""
    named = str(experience.pk)
    withdraw_from_moderation(source=STORY_SOURCE, reference=named)
    withdraw_from_moderation(source=SECOND_WORD_SOURCE, reference=named)
    empty_story(experience)
    empty_answers(experience)
    index(experience)
    announce(experience, Event.Kind.WITHDRAWN)
    for author in Author.objects.filter(experience=experience):
        forget_address(author)
        author.delete()


def empty_story(experience: Experience) -> None:
    for name in TEXTS:
        setattr(experience, name, "")
    experience.procedures_entered = ""
    experience.search = None
    experience.state = State.WITHDRAWN
    experience.ended_at = timezone.now()
    experience.save()
    SecondWord.objects.filter(experience=experience).delete()
    Draft.objects.filter(follows=experience).delete()


def empty_answers(experience: Experience) -> None:
    """Answers, notes and reasons between agents may tell the story again."""
    of_story = Q(addressee__experience=experience)
    Promise.objects.filter(reply__addressee__experience=experience).update(what="", done_words="")
    Reply.objects.filter(of_story).update(text="", quality={})
    RemovedWords.objects.filter(reply__addressee__experience=experience).delete()
    ReplyDraft.objects.filter(of_story).delete()
    InternalNote.objects.filter(of_story).delete()
    Passage.objects.filter(of_story).update(reason="", settled_reason="")
    experience.reports.update(message="", outcome="")
    experience.addressees.update(assigned_to=None, name_entered="", kind_entered="")


@transaction.atomic
def erase_author(author: Author) -> None:
    """Forget who wrote a published story, which stays as everybody reads it: address, code and
    links are erased, and the original words too. `RuleViolation` for another story, which is
    withdrawn instead."""
    experience = hold_story(author.pk)
    if experience.state != State.PUBLISHED:
        raise RuleViolation("Ce récit n'est pas publié : pour effacer vos données, retirez-le.")
    note_draft(author)
    forget_who_wrote(author, experience)
    note_story(experience, Act.AUTHOR_ERASED)


def forget_who_wrote(author: Author, experience: Experience) -> None:
    """Addresses, code, links and, of a published story, what was written word for word."""
    if experience.state == State.PUBLISHED:
        forget_originals(experience)
    Draft.objects.filter(follows=experience).delete()
    forget_address(author)
    detach(author)


def forget_originals(experience: Experience) -> None:
    withdraw_unpublished_word(experience)
    texts = ModeratedText.objects.filter(
        source__in=(STORY_SOURCE, SECOND_WORD_SOURCE), reference=str(experience.pk)
    )
    OriginalText.objects.filter(text__in=texts).delete()
    RemovedWords.objects.filter(reply__addressee__experience=experience).delete()
    Alert.objects.filter(text__in=texts).update(words="")
    texts.update(flags=[])


def withdraw_unpublished_word(experience: Experience) -> None:
    word = SecondWord.objects.filter(experience=experience, published_at__isnull=True).first()
    if word is not None:
        withdraw_from_moderation(source=SECOND_WORD_SOURCE, reference=str(experience.pk))
        word.delete()


def detach(author: Author) -> None:
    """What the author said of the answers stays with the story; nothing leads to them."""
    note_links_ended(author)
    author.email = author.code_seal = author.draft_seal = ""
    author.link_version += 1
    author.wants_news = False
    author.save()


def forget_address(author: Author) -> None:
    """Mails that were given up keep their address for ninety days: not that of who leaves, nor do
    those still wait that lead to a page which is no more. The last one, which says that the story
    is withdrawn, forgets it as soon as it is sent."""
    leading = OutgoingMail.objects.unsent().filter(content__contains=start_of_links(author))
    leading.filter(is_forgotten_once_sent=True).delete()
    if author.email:
        given_up = OutgoingMail.objects.given_up().filter(recipients=[author.email])
        given_up.filter(is_forgotten_once_sent=True).delete()
