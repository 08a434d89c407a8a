"""The page of one story: what was told, what each service answered, what came of it.

Owns what is public of a story and in which words; refuses HTML. At most nine queries, however
many answers and promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from guichet.core.words import counted
from guichet.experiences.models import (
    Addressee,
    Author,
    Channel,
    Entry,
    Experience,
    Feeling,
    Passage,
    Promise,
    Reply,
    SecondWord,
    WrittenAs,
)
from guichet.experiences.reading.removals import removal_words
from guichet.experiences.responders import RespondersTable, responders_of
from guichet.moderation.kinds import REPLACEMENTS
from guichet.ui.components.content import written_date, written_time

MASKED = re.compile("|".join(re.escape(words) for words in sorted(set(REPLACEMENTS.values()))))
FEELING_KINDS = {
    Feeling.POSITIVE: "success",
    Feeling.NEUTRAL: "neutral",
    Feeling.NEGATIVE: "warning",
}
FEELING_WORDS = {
    Feeling.POSITIVE: "Ressenti positif",
    Feeling.NEUTRAL: "Ressenti neutre",
    Feeling.NEGATIVE: "Ressenti négatif",
}
ENTRY_MARKS = {
    Entry.COUNTER: "Racontée au guichet",
    Entry.TELEPHONE: "Racontée par téléphone",
    Entry.IMPORT: "Reprise d'une autre plateforme",
}
FICTIONAL = "Récit fictif de démonstration"
PROMISE_BADGES = {
    Promise.Outcome.KEPT: ("Tenue, d'après l'auteur", "success"),
    Promise.Outcome.PARTLY: ("Tenue en partie, d'après l'auteur", "info"),
    Promise.Outcome.BROKEN: ("Pas tenue, d'après l'auteur", "warning"),
}
THREAD_ORDER = ("published_at", "pk")
SAME_DAY = "Répondu le jour de la publication"


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `is_masked` when it stands for personal data."""

    text: str
    is_masked: bool = False


Paragraphs = list[list[Piece]]


@dataclass(frozen=True)
class ShownPromise:
    """`indicator` is the title of the one that should show it."""

    promise: Promise
    badge: str
    badge_kind: str
    indicator: str = ""


@dataclass(frozen=True)
class ShownReply:
    """An answer with its dated additions; `judgement` is the author's, in words; `removal` stands
    in the place of an answer that moderation removed."""

    reply: Reply
    paragraphs: Paragraphs
    promise: ShownPromise | None
    judgement: str
    useful: str
    additions: list[ShownReply] = field(default_factory=list)
    removal: str = ""

    @property
    def head(self) -> str:
        """Who wrote it and when, and when it was corrected."""
        name = str(self.reply.structure or "")
        told = [name, f"le {written_date(self.reply.published_at)}"]
        if self.reply.rewritten_at is not None:
            told.append(f"corrigée à {written_time(self.reply.rewritten_at)}")
        return ", ".join(part for part in told if part)


@dataclass(frozen=True)
class Moved:
    """The story passed on, in words."""

    at: datetime
    words: str


@dataclass(frozen=True)
class ShownService:
    """One service of the story: `awaited` says by when its answer is due, when it has none."""

    addressee: Addressee
    name: str
    network: str
    channels: str
    moves: list[Moved]
    replies: list[ShownReply]
    awaited: str
    delay: str
    followed_by: str

    @property
    def awaited_on(self) -> date | None:
        return self.addressee.due_on

    @property
    def url(self) -> str:
        structure = self.addressee.structure
        return structure.get_absolute_url() if structure else ""


@dataclass(frozen=True)
class StoryPage:
    story: Experience
    marks: list[str]
    feeling: str
    feeling_kind: str
    written_by: str
    paragraphs: Paragraphs
    wished: Paragraphs
    has_masked_words: bool
    aspects: list[tuple[str, str, str]]
    services: list[ShownService]
    second_word: SecondWord | None
    second_paragraphs: Paragraphs
    solved: str
    same: str

    @property
    def published_on(self) -> date:
        return timezone.localdate(self.story.published_at)

    @property
    def canonical(self) -> str:
        return settings.PUBLIC_URL + self.story.get_absolute_url()


def story_page(story: Experience, *, today: date | None = None) -> StoryPage:
    """The page of a published story."""
    today = today or timezone.localdate()
    paragraphs, wished = paragraphs_of(story.description), paragraphs_of(story.wished)
    second = SecondWord.objects.filter(experience=story, published_at__isnull=False).first()
    feeling = Feeling(story.feeling)
    return StoryPage(
        story=story,
        marks=marks_of(story),
        feeling=FEELING_WORDS[feeling],
        feeling_kind=FEELING_KINDS[feeling],
        written_by=written_by(story),
        paragraphs=paragraphs,
        wished=wished,
        has_masked_words=any(piece.is_masked for one in [*paragraphs, *wished] for piece in one),
        aspects=[
            (aspect.label, value.label, FEELING_KINDS[value])
            for aspect, value in story.aspects().items()
        ],
        services=services_of(story, today),
        second_word=second,
        second_paragraphs=paragraphs_of(second.text) if second else [],
        solved=solved_words(Author.objects.filter(experience=story).only("is_solved").first()),
        same=same_words(story.same_count),
    )


def marks_of(story: Experience) -> list[str]:
    """What a reader must know of where the story comes from."""
    entry = ENTRY_MARKS.get(Entry(story.entry))
    return [mark for mark in (FICTIONAL if story.is_fictional else "", entry) if mark]


def written_by(story: Experience) -> str:
    """ "Un habitant, proche ou aidant"."""
    name = story.pseudonym or "Une personne"
    if story.written_as == WrittenAs.USER:
        return name
    return f"{name}, {WrittenAs(story.written_as).label}"


def paragraphs_of(text: str) -> Paragraphs:
    """The paragraphs of a text, what was masked apart."""
    lines = (line.strip() for line in re.split(r"\n+", text.replace("\r", "\n")))
    return [pieces_of(line) for line in lines if line]


def pieces_of(line: str) -> list[Piece]:
    pieces, position = [], 0
    for match in MASKED.finditer(line):
        if match.start() > position:
            pieces.append(Piece(line[position : match.start()]))
        pieces.append(Piece(match[0], is_masked=True))
        position = match.end()
    if position < len(line):
        pieces.append(Piece(line[position:]))
    return pieces


def solved_words(author: Author | None) -> str:
    if author is None or author.is_solved is None:
        return ""
    if author.is_solved:
        return "L'auteur dit que son problème est réglé."
    return "L'auteur dit que son problème n'est pas réglé."


def same_words(count: int) -> str:
    if not count:
        return ""
    told = counted(count, "personne dit", "personnes disent")
    return f"{told} avoir vécu la même chose."


def services_of(story: Experience, today: date) -> list[ShownService]:
    """The services of a story, each with its answers, in the order in which they were named."""
    replies = (
        Reply.objects.select_related("structure", "promise__where", "promise__indicator")
        .prefetch_related("promise__indicator__versions")
        .order_by(*THREAD_ORDER)
    )
    passages = Passage.objects.select_related("origin", "target")
    addressees = story.addressees.select_related(
        "structure__kind", "structure__commune", "structure__network", "network"
    ).prefetch_related(Prefetch("replies", replies), Prefetch("passages", passages))
    found = list(addressees)
    waiting = [one.structure for one in found if one.first_reply_at is None]
    responders = responders_of(waiting) if waiting else None
    return [shown_service(one, story, today, responders) for one in found]


def shown_service(
    addressee: Addressee, story: Experience, today: date, responders: RespondersTable | None
) -> ShownService:
    replies = shown_replies(addressee.replies.all(), today)
    is_answered = any(not one.reply.is_removed for one in replies)
    follower = "" if is_answered or responders is None else responders.of(addressee.structure).words
    return ShownService(
        addressee=addressee,
        name=str(addressee) or "Service non précisé",
        network=str(addressee.network or addressee.kind_entered),
        channels=", ".join(str(Channel(code).label) for code in addressee.channels),
        moves=[move for one in addressee.passages.all() for move in moves_of(one)],
        replies=replies,
        awaited="" if is_answered else awaited_words(addressee, today),
        delay=delay_words(story, addressee) if is_answered else "",
        followed_by=follower,
    )


def moves_of(passage: Passage) -> Iterable[Moved]:
    """What an accepted or refused passage says to everybody; its reasons stay between agents."""
    origin, target = passage.origin or "l'équipe du programme", passage.target
    if passage.outcome == Passage.Outcome.ACCEPTED:
        yield Moved(passage.settled_at or passage.at, f"Transmis par « {origin} » à « {target} ».")
    elif passage.outcome == Passage.Outcome.PROPOSED:
        yield Moved(passage.at, f"« {origin} » propose de transmettre ce récit à « {target} ».")
    elif passage.outcome == Passage.Outcome.SENT_BACK:
        yield Moved(passage.settled_at or passage.at, f"Renvoyé par « {target} » à « {origin} ».")


def awaited_words(addressee: Addressee, today: date) -> str:
    if addressee.due_on is None:
        return "Pas encore de réponse."
    if addressee.due_on >= today:
        return "Réponse attendue au plus tard le"
    return "Pas encore de réponse : elle était attendue au plus tard le"


def delay_words(story: Experience, addressee: Addressee) -> str:
    """ "Répondu en 3 jours"; empty when the delay is not known."""
    days = days_to_answer(story, addressee.first_reply_at)
    if days is None:
        return ""
    return f"Répondu en {counted(days, 'jour', 'jours')}" if days else SAME_DAY


def days_to_answer(story: Experience, answered_at: datetime | None) -> int | None:
    """Days of the calendar since the publication; None without an answer, or of one taken over
    whose day nobody gave: it has the very instant of the publication."""
    if answered_at is None or story.published_at is None:
        return None
    if story.entry == Entry.IMPORT and answered_at == story.published_at:
        return None
    days = (timezone.localdate(answered_at) - timezone.localdate(story.published_at)).days
    return max(0, days)


def shown_replies(replies: Iterable[Reply], today: date) -> list[ShownReply]:
    """Answers in order, each with what was added to it."""
    found: dict[int, ShownReply] = {}
    orphans: list[ShownReply] = []
    for reply in sorted(
        replies, key=lambda one: (one.addition_to_id is not None, one.published_at)
    ):
        shown = shown_reply(reply, today)
        parent = found.get(reply.addition_to_id or 0)
        if parent is not None:
            parent.additions.append(shown)
        elif reply.addition_to_id is None:
            found[reply.pk] = shown
        else:
            orphans.append(shown)
    return [*found.values(), *orphans]


def shown_reply(reply: Reply, today: date) -> ShownReply:
    return ShownReply(
        reply=reply,
        paragraphs=paragraphs_of(reply.text),
        removal=removal_words(reply) if reply.is_removed else "",
        promise=shown_promise(getattr(reply, "promise", None), today),
        judgement=judgement_words(reply.was_useful),
        useful=useful_words(reply.useful_count),
    )


def judgement_words(was_useful: bool | None) -> str:
    if was_useful is None:
        return ""
    found = "a trouvé cette réponse utile" if was_useful else "n'a pas trouvé cette réponse utile"
    return f"L'auteur {found}."


def useful_words(count: int) -> str:
    return f"Réponse utile pour {counted(count, 'visiteur', 'visiteurs')}." if count else ""


def shown_promise(promise: Promise | None, today: date) -> ShownPromise | None:
    if promise is None:
        return None
    badge, kind = promise_badge(promise, today)
    versions = promise.indicator.versions.all() if promise.indicator else ()
    newest = max(versions, key=lambda one: one.number, default=None)
    return ShownPromise(promise, badge, kind, newest.public_title if newest else "")


def promise_badge(promise: Promise, today: date) -> tuple[str, str]:
    if judged := PROMISE_BADGES.get(Promise.Outcome(promise.outcome)):
        return judged
    if promise.done_on is not None:
        return "Faite, d'après le service", "info"
    return ("Échéance passée" if promise.due_on < today else "À venir"), "neutral"
