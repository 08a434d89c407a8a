"""The author's page, shaped for reading.

Owns what an author sees of the thread and what they are asked; refuses to show the text before it
was moderated, for a link may be read over a shoulder.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone

from guichet.experiences.models import (
    Addressee,
    Author,
    Event,
    Experience,
    Passage,
    Promise,
    Reply,
    SecondWord,
    State,
)
from guichet.experiences.reading.removals import public_text, removal_words
from guichet.experiences.refusals import Explanation, last_refusal, tells_a_danger
from guichet.experiences.source_names import SECOND_WORD_SOURCE, STORY_SOURCE
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.due_times import target_in_words

PROPOSED = Passage.Outcome.PROPOSED
DANGER_NUMBERS = "15 17 112 114 3114 3919 119"
"""To oneself or to others: what the story says is not told here, so no kind of danger is chosen."""

STATES = {
    State.IN_MODERATION: ("En cours de lecture", "info"),
    State.PUBLISHED: ("Publié", "success"),
    State.REFUSED: ("Non publié", "warning"),
    State.ORIENTED: ("Orienté vers un service", "info"),
    State.WITHDRAWN: ("Retiré par vous", "neutral"),
    State.REMOVED: ("Retiré après publication", "warning"),
}
WORDS_OF_STEPS = {
    Event.Kind.CONFIRMED: "Vous avez confirmé votre récit",
    Event.Kind.PUBLISHED: "Votre récit est publié",
    Event.Kind.REFUSED: "Votre récit n'est pas publié",
    Event.Kind.ORIENTED: "Votre récit est orienté vers un service",
    Event.Kind.AMENDED: "Vous avez repris votre récit",
    Event.Kind.PASSED_ON: "Votre récit est transmis à un autre service",
    Event.Kind.SENT_BACK: "Ce service renvoie votre récit au premier",
    Event.Kind.REPLIED: "Un service vous répond",
    Event.Kind.ADDED: "Un service complète sa réponse",
    Event.Kind.REWRITTEN: "Un service corrige sa réponse",
    Event.Kind.PROMISED: "Un service promet un changement",
    Event.Kind.UNPROMISED: "Un service retire sa promesse",
    Event.Kind.DONE: "Le service dit avoir tenu sa promesse",
    Event.Kind.ASKED: "Nous vous demandons si cela a changé",
    Event.Kind.JUDGED: "Vous donnez votre avis sur la réponse",
    Event.Kind.CHANGED: "Vous dites si cela a changé",
    Event.Kind.SECOND_WORD: "Vous ajoutez un complément",
    Event.Kind.WORD_REFUSED: "Votre complément n'est pas publié",
    Event.Kind.WITHDRAWN: "Vous retirez votre récit",
    Event.Kind.REMOVED: "Votre récit est retiré par la modération",
    Event.Kind.REPLY_GONE: "Une réponse est retirée par la modération",
}
PUBLISHED_MASKED = (
    "Votre récit est publié. Nous y avons masqué des mots, pour que personne ne soit reconnu"
)
PROMISE_GONE = "Un service promet un changement, promesse retirée depuis"


@dataclass(frozen=True)
class Step:
    """One event in words; `where` names the service that it concerns."""

    at: datetime
    words: str
    where: str


@dataclass(frozen=True)
class ReplyOfThread:
    """A public answer and what was added to it, each addition with its text as everybody reads it;
    `promises` are those of the answer and of its additions."""

    reply: Reply
    additions: tuple[tuple[Reply, str], ...]
    promises: tuple[Promise, ...]

    @property
    def removal(self) -> str:
        """What stands in the place of an answer that moderation removed."""
        return removal_words(self.reply) if self.reply.is_removed else ""

    @property
    def judged_words(self) -> str:
        if self.reply.was_useful is None:
            return ""
        return "Vous avez dit : utile." if self.reply.was_useful else "Vous avez dit : pas utile."


@dataclass(frozen=True)
class Conversation:
    """One service of the story and what it answered."""

    name: str
    url: str
    awaited_on: date | None
    replies: tuple[ReplyOfThread, ...]


@dataclass(frozen=True)
class FollowPage:
    token: str
    author: Author
    experience: Experience
    state: str
    state_kind: str
    steps: tuple[Step, ...]
    conversations: tuple[Conversation, ...]
    questions: tuple[Promise, ...]
    second_word: SecondWord | None
    explanation: Explanation | None
    word_refused: Explanation | None
    handover: str
    is_danger: bool

    @property
    def danger_numbers(self) -> str:
        """To call first; empty when nobody saw a danger in a story that is not published."""
        return DANGER_NUMBERS if self.is_danger else ""

    @property
    def is_published(self) -> bool:
        return self.experience.state == State.PUBLISHED

    @property
    def is_read_now(self) -> bool:
        return self.experience.state == State.IN_MODERATION

    @property
    def moderation_delay(self) -> str:
        return target_in_words()

    @property
    def is_answered(self) -> bool:
        return any(not one.reply.is_removed for each in self.conversations for one in each.replies)

    @property
    def may_add(self) -> bool:
        """Once, after an answer."""
        return self.is_published and self.is_answered and self.second_word is None

    @property
    def may_amend(self) -> bool:
        return self.experience.state == State.REFUSED

    @property
    def may_withdraw(self) -> bool:
        return self.experience.state != State.WITHDRAWN

    @property
    def was_removed(self) -> bool:
        return self.experience.state == State.REMOVED

    @property
    def solved_words(self) -> str:
        if self.author.is_solved is None:
            return "Ce que vous racontez est-il réglé ? Votre réponse est publique."
        said = "réglé" if self.author.is_solved else "pas encore réglé"
        return f"Vous avez dit : {said}."

    @property
    def second_word_words(self) -> str:
        """Of a second word that is not shown."""
        if self.word_refused is not None:
            return f"Votre complément n'est plus publié. {self.word_refused.message}"
        return "Votre complément est envoyé. Une personne le lit avant sa publication."


def follow_page(author: Author, token: str) -> FollowPage:
    experience = author.experience
    state, kind = STATES[State(experience.state)]
    events = list(experience.events.select_related("addressee__structure").order_by("at", "pk"))
    conversations = conversations_of(experience)
    return FollowPage(
        token=token,
        author=author,
        experience=experience,
        state=state,
        state_kind=kind,
        steps=tuple(step_of(event, promised_in(conversations)) for event in events),
        conversations=conversations,
        questions=questions_in(conversations) if experience.is_published else (),
        second_word=SecondWord.objects.filter(experience=experience).first(),
        explanation=explanation_of(experience),
        word_refused=last_refusal(SECOND_WORD_SOURCE, experience),
        handover=next((e.detail["handover"] for e in events if "handover" in e.detail), ""),
        is_danger=not experience.is_published and tells_a_danger(experience),
    )


def step_of(event: Event, promised: Set[int]) -> Step:
    """A passage names the service that it leads to, or comes back from; a promise that is not among
    `promised` any more is told as such."""
    words = WORDS_OF_STEPS[Event.Kind(event.kind)]
    if event.kind == Event.Kind.PROMISED and event.detail.get("promise") not in promised:
        words = PROMISE_GONE
    if event.kind == Event.Kind.PUBLISHED and event.detail.get("masked"):
        words = PUBLISHED_MASKED
    if event.kind == Event.Kind.PASSED_ON and event.detail.get("outcome") == PROPOSED:
        words = "Le service propose de transmettre votre récit à un autre"
    named = event.detail.get("to") or event.detail.get("by")
    return Step(event.at, words, str(named or event.addressee or ""))


def conversations_of(experience: Experience) -> tuple[Conversation, ...]:
    """Each service with its answers, in the order in which the author named them."""
    replies = Reply.objects.select_related("structure", "promise__where")
    addressees = (
        Addressee.objects.filter(experience=experience)
        .select_related("structure")
        .prefetch_related(Prefetch("replies", queryset=replies))
    )
    return tuple(
        Conversation(
            name=str(one),
            url=one.structure.get_absolute_url() if one.structure else "",
            awaited_on=one.due_on if one.first_reply_at is None else None,
            replies=thread_of(list(one.replies.all())),
        )
        for one in addressees
    )


def thread_of(replies: Sequence[Reply]) -> tuple[ReplyOfThread, ...]:
    """Answers by date, each with its additions."""
    thread = []
    for reply in (one for one in replies if one.addition_to_id is None):
        additions = tuple(one for one in replies if one.addition_to_id == reply.pk)
        promises = tuple(
            one.promise for one in (reply, *additions) if getattr(one, "promise", None)
        )
        read = tuple((one, public_text(one)) for one in additions)
        thread.append(ReplyOfThread(reply, read, promises))
    return tuple(thread)


def promised_in(conversations: Sequence[Conversation]) -> frozenset[int]:
    """The promises that stand today."""
    return frozenset(
        promise.pk
        for conversation in conversations
        for reply in conversation.replies
        for promise in reply.promises
    )


def questions_in(conversations: Sequence[Conversation]) -> tuple[Promise, ...]:
    """Promises whose day is past and of which the author has not spoken."""
    today = timezone.localdate()
    return tuple(
        promise
        for conversation in conversations
        for reply in conversation.replies
        for promise in reply.promises
        if promise.due_on < today and promise.judged_at is None
    )


def explanation_of(experience: Experience) -> Explanation | None:
    """Why the story is not, or no longer, published: the words that the moderator read and sent."""
    if experience.state not in (State.REFUSED, State.ORIENTED, State.REMOVED):
        return None
    return last_refusal(STORY_SOURCE, experience)


def moderated_texts(experience: Experience) -> list[ModeratedText]:
    """What the author sent, story and second word, as moderation holds it."""
    named = str(experience.pk)
    return list(
        ModeratedText.objects.filter(source__in=(STORY_SOURCE, SECOND_WORD_SOURCE), reference=named)
        .select_related("original")
        .order_by("received_at", "pk")
    )


def public_replies(experience: Experience) -> list[Reply]:
    """Answers and additions that everybody reads, in order."""
    replies = Reply.objects.filter(addressee__experience=experience, removed_at=None)
    return list(replies.select_related("structure", "addressee__structure"))
