"""The open table `experiences`: every published story with its answers, one row each.

Owns the rows and when the files must be made again; refuses what is not published. A story taken
back changes the stamp at once: no file holds it any more once the worker has passed (ten minutes);
so does a word of its author taken down, an answer written again or removed: it may have named
somebody.
What is new waits for the next full hour, so that a busy site does not write its files all day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Prefetch, Q
from django.utils import timezone

from guichet.core.extensions import OpenTable
from guichet.experiences.models import (
    ASPECTS,
    Addressee,
    Author,
    Channel,
    Event,
    Experience,
    Feeling,
    Promise,
    Reply,
    State,
    WrittenAs,
)
from guichet.experiences.models.experiences import TAKEN_BACK
from guichet.experiences.reading.open_columns import COLUMNS
from guichet.experiences.reading.removals import public_text
from guichet.moderation.models import Decision, Verb

SLICE = 1_000
ANSWERED, NOT_ANSWERED = "Traitée", "Non traitée"
REPLIED, AWAITED = "Répondue", "En attente"
REPLIES = Prefetch(
    "replies",
    Reply.objects.select_related("promise__where", "promise__indicator"),
    to_attr="thread",
)
ADDRESSEES = Prefetch(
    "addressees",
    Addressee.objects.select_related("structure__kind", "network").prefetch_related(REPLIES),
    to_attr="services",
)


def rows() -> Iterator[tuple[Any, ...]]:
    """Published stories, the oldest number first."""
    stories = (
        Experience.objects.published()
        .defer("search")
        .select_related("departement", "procedure", "second_word", "author")
        .prefetch_related(ADDRESSEES)
        .order_by("pk")
    )
    for story in stories.iterator(chunk_size=SLICE):
        services: list[Any] = [None, None, None]
        for one in story.services:  # type: ignore[attr-defined]
            services[one.rank - 1] = one
        yield (*told(story), *of_services(services), *rest(story, services), *ours(story, services))


def told(story: Experience) -> Iterator[Any]:
    yield story.pk
    yield ANSWERED if story.first_reply_at else NOT_ANSWERED
    yield story.written_on
    yield local_day(story.published_at)
    yield local_day(story.first_reply_at)
    yield story.title
    yield story.description
    yield WrittenAs(story.written_as).label
    yield story.pseudonym
    yield Feeling(story.feeling).label
    yield story.departement.name if story.departement else ""
    yield ""
    yield ""
    yield procedure_title(story)


def procedure_title(story: Experience) -> str:
    return story.procedure.title if story.procedure else story.procedures_entered


def of_services(services: Sequence[Addressee | None]) -> Iterator[Any]:
    """Column by column, each for the three ranks."""
    for column in (kind_of, channels_of, name_of, status_of, answer_of, nothing_of):
        for one in services:
            yield column(one) if one else ""


def kind_of(one: Addressee) -> str:
    return one.structure.kind.label if one.structure else one.kind_entered


def channels_of(one: Addressee) -> str:
    return ", ".join(str(Channel(code).label) for code in one.channels)


def name_of(one: Addressee) -> str:
    return one.structure.name if one.structure else one.name_entered


def status_of(one: Addressee) -> str:
    return REPLIED if any(not reply.is_removed for reply in thread_of(one)) else AWAITED


def answer_of(one: Addressee) -> str:
    return "\n\n".join(public_text(reply) for reply in thread_of(one))


def nothing_of(one: Addressee) -> str:
    return ""


def thread_of(one: Addressee) -> list[Reply]:
    """Answers and additions, in order."""
    return list(one.thread)  # type: ignore[attr-defined]


def rest(story: Experience, services: Sequence[Addressee | None]) -> Iterator[Any]:
    for aspect in ASPECTS:
        value = getattr(story, aspect.value)
        yield Feeling(value).label if value else ""
    yield ""
    yield story.same_count
    yield story.similar_service_change
    promise = first_promise(services)
    yield promise.what if promise else ""
    yield promise.done_on if promise else None
    yield sum(reply.useful_count for reply in thread_of(services[0])) if services[0] else 0
    yield ""


def first_promise(services: Sequence[Addressee | None]) -> Promise | None:
    replies = (reply for one in services if one for reply in thread_of(one))
    return next((found for one in replies if (found := getattr(one, "promise", None))), None)


def ours(story: Experience, services: Sequence[Addressee | None]) -> Iterator[Any]:
    for one in services:
        yield one.structure.code if one and one.structure else ""
    for one in services:
        yield one.network.code if one and one.network else ""
    for one in services:
        yield local_day(one.first_reply_at) if one else None
    for one in services:
        yield one.due_on if one else None
    for one in services:
        yield "\n\n".join(reply.signature for reply in thread_of(one)) if one else ""
    word = getattr(story, "second_word", None)
    promise = first_promise(services)
    yield story.wished
    yield word.text if word and word.published_at else ""
    yield story.departement_id or ""
    yield story.read_in_id or ""
    yield story.procedure.code if story.procedure else ""
    yield promise.due_on if promise else None
    yield promise.outcome if promise and promise.outcome != Promise.Outcome.PENDING else ""
    yield promise.where.code if promise and promise.where else ""
    yield promise.indicator.code if promise and promise.indicator else ""
    yield promise.done_words if promise else ""
    yield next((one.was_useful for one in thread_of(services[0])), None) if services[0] else None
    author = getattr(story, "author", None)
    yield author.is_solved if author else None
    yield story.language
    yield story.entry
    yield story.official_id
    yield settings.PUBLIC_URL + story.get_absolute_url()
    yield story.is_fictional


def local_day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def stamp() -> str:
    """What was taken back or written again until now; what was published, answered or said before
    this hour."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    gone = Experience.objects.filter(state__in=TAKEN_BACK).aggregate(
        count=Count("pk"), last=Max("ended_at")
    )
    shown = Experience.objects.filter(published_at__lt=hour).aggregate(
        count=Count("pk", filter=Q(state=State.PUBLISHED)), last=Max("published_at")
    )
    event = Event.objects.filter(at__lt=hour).aggregate(last=Max("pk"))
    taken_down = Decision.objects.filter(verb__in=(Verb.REMOVE, Verb.REOPEN)).aggregate(Max("pk"))
    judged = Max("judged_at", filter=Q(judged_at__lt=hour))
    rewritten = Reply.objects.aggregate(Max("rewritten_at"), Max("removed_at"), judged=judged)
    changed = Promise.objects.aggregate(judged=judged)
    solved = Author.objects.aggregate(last=Max("solved_at", filter=Q(solved_at__lt=hour)))
    counts = (gone, shown, event, taken_down, rewritten, changed, solved)
    parts = [*(value for one in counts for value in one.values()), timezone.localdate()]
    return " ".join(map(str, parts))


EXPERIENCES = OpenTable(
    name="experiences",
    title="Récits des usagers",
    description=(
        "Les récits publiés, les réponses des services et ce qu'ils ont promis. Un récit retiré "
        "quitte ces fichiers en une dizaine de minutes."
    ),
    columns=COLUMNS,
    rows=rows,
    stamp=stamp,
    frequency="HOURLY",
    frequency_label="chaque heure",
    rank=5,
)
