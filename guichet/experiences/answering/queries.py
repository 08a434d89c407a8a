"""One story as the agent who answers it needs it: what was told, by whom it is followed, what the
other services said, notes, history.

Owns the reading; refuses the author's identity, which no agent sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from guichet.accounts.models import User
from guichet.experiences.answering.actions.replies import may_be_rewritten
from guichet.experiences.answering.clocks import Due, due_of
from guichet.experiences.answering.inbox import feeling_badge
from guichet.experiences.answering.policies import open_passage
from guichet.experiences.answering.templates import templates_for
from guichet.experiences.models import (
    Addressee,
    AnswerTemplate,
    Experience,
    InternalNote,
    Passage,
    Promise,
    Reply,
    ReplyDraft,
    SecondWord,
)
from guichet.experiences.reading.story_page import ShownReply, shown_replies
from guichet.experiences.responders import (
    may_answer,
    may_read,
    responder_of,
    who_may_answer,
)

SHOWN_WITH = ("promise__where", "promise__indicator", "structure", "by")


@dataclass(frozen=True)
class ServiceOfStory:
    """Another service of the same story, and what it answered."""

    name: str
    url: str
    due: Due
    answers: tuple[ShownReply, ...]


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    words: str
    reason: str


@dataclass(frozen=True)
class StoryPage:
    """Everything of an agent's page but its forms."""

    addressee: Addressee
    experience: Experience
    due: Due
    feeling: tuple[str, str]
    aspects: tuple[tuple[str, str, str], ...]
    followed_by: str
    replies: tuple[Reply, ...]
    second_word: SecondWord | None
    answers: tuple[ShownReply, ...]
    others: tuple[ServiceOfStory, ...]
    passage: Passage | None
    history: tuple[HistoryLine, ...]
    notes: tuple[InternalNote, ...]
    draft: ReplyDraft | None
    templates: tuple[AnswerTemplate, ...]
    people: tuple[User, ...]
    may_answer: bool
    may_settle: bool

    @property
    def is_answered(self) -> bool:
        return any(not one.reply.is_removed for one in self.answers)

    @property
    def first_named(self) -> str:
        """Whom the author named, when the story was passed on since."""
        first = self.addressee.first_structure
        return str(first) if first and first.pk != self.addressee.structure_id else ""

    @property
    def rewritable(self) -> tuple[Reply, ...]:
        """The answer and its additions that were published less than thirty minutes ago."""
        return tuple(one for one in self.replies if may_be_rewritten(one))

    @property
    def promises_to_keep(self) -> tuple[Promise, ...]:
        every = [getattr(one, "promise", None) for one in self.replies]
        return tuple(one for one in every if one is not None and one.done_on is None)


def story_page(addressee: Addressee, user: User) -> StoryPage:
    """Read once for a page; the same queries whatever the number of notes and answers."""
    experience, today = addressee.experience, timezone.localdate()
    answering = may_answer(user, addressee.structure)
    passage, replies = open_passage(addressee), replies_of(addressee)
    return StoryPage(
        addressee=addressee,
        experience=experience,
        due=due_of(addressee, today),
        feeling=feeling_badge(experience.feeling),
        aspects=tuple(
            (aspect.label, *feeling_badge(feeling))
            for aspect, feeling in experience.aspects().items()
        ),
        followed_by=responder_of(addressee.structure).words,
        replies=tuple(replies),
        second_word=second_word_of(experience),
        answers=tuple(shown_replies(replies, today)),
        others=other_services(addressee, today),
        passage=passage,
        history=history_of(addressee),
        notes=notes_of(addressee, user),
        draft=draft_of(addressee),
        templates=tuple(templates_for(addressee.structure)) if answering else (),
        people=who_may_answer(addressee.structure) if answering else (),
        may_answer=answering,
        may_settle=passage is not None and may_answer(user, passage.target),
    )


def second_word_of(experience: Experience) -> SecondWord | None:
    """What the author added, once published."""
    return SecondWord.objects.filter(experience=experience, published_at__isnull=False).first()


def draft_of(addressee: Addressee) -> ReplyDraft | None:
    return ReplyDraft.objects.filter(addressee=addressee).select_related("by").first()


def notes_of(addressee: Addressee, user: User) -> tuple[InternalNote, ...]:
    """Those of the services that `user` may read: not those of another network that had the story
    before, or that proposes it."""
    notes = addressee.notes.select_related("by", "structure")
    return tuple(one for one in notes if may_read(user, one.structure))


def replies_of(addressee: Addressee) -> list[Reply]:
    return list(to_show(addressee.replies.all()))


def to_show(replies: QuerySet[Reply]) -> QuerySet[Reply]:
    """With all that `shown_replies` reads, for any number of promises."""
    return replies.select_related(*SHOWN_WITH).prefetch_related("promise__indicator__versions")


def other_services(addressee: Addressee, today: date) -> tuple[ServiceOfStory, ...]:
    """The other services that the author named, in that order."""
    rows = (
        Addressee.objects.filter(experience=addressee.experience_id)
        .exclude(pk=addressee.pk)
        .select_related("structure")
        .prefetch_related(Prefetch("replies", to_show(Reply.objects.all())))
    )
    return tuple(
        ServiceOfStory(
            name=str(one),
            url=one.structure.get_absolute_url() if one.structure else "",
            due=due_of(one, today),
            answers=tuple(shown_replies(one.replies.all(), today)),
        )
        for one in rows
    )


def history_of(addressee: Addressee) -> tuple[HistoryLine, ...]:
    """How the story travelled between services, in order."""
    lines = []
    for one in addressee.passages.select_related("origin", "target"):
        lines.append(HistoryLine(one.at, passed_words(one), one.reason))
        if one.settled_at and one.outcome == Passage.Outcome.SENT_BACK:
            words = f"« {one.target} » l'a renvoyé"
            lines.append(HistoryLine(one.settled_at, words, one.settled_reason))
        elif one.settled_at and one.outcome == Passage.Outcome.CANCELLED:
            words = "Proposition annulée"
            lines.append(HistoryLine(one.settled_at, words, one.settled_reason))
        elif one.settled_at and one.settled_at != one.at:
            lines.append(HistoryLine(one.settled_at, f"« {one.target} » l'a accepté", ""))
    return tuple(lines)


def passed_words(passage: Passage) -> str:
    if passage.origin is None:
        return f"Confié par le programme à « {passage.target} »"
    was_proposed = passage.settled_at != passage.at
    verb = "Proposé" if was_proposed else "Transmis"
    return f"{verb} par « {passage.origin} » à « {passage.target} »"


def last_signature(user: User) -> str:
    """The function under which an agent signed last; empty the first time."""
    found = Reply.objects.filter(by=user, removed_at=None).order_by("-published_at", "-pk")
    return found.values_list("signature", flat=True).first() or ""
