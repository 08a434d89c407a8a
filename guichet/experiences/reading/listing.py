"""Lists of published stories, page by page, newest first.

Owns what narrows a list, how deep pages are reached without counting what is above, and how far
results are counted; refuses words and addresses. Five queries whatever is asked, at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Left
from django.utils import timezone

from guichet.experiences.models import Addressee, Experience, Promise, Reply
from guichet.experiences.models.experiences import ExperienceQuerySet
from guichet.experiences.reading.scopes import EVERYTHING, Scope
from guichet.experiences.reading.search import query_of

PER_PAGE = 20
COUNTED_TO = 1_000
EXCERPT_CHARACTERS = 320
SERVICES = Prefetch(
    "addressees",
    Addressee.objects.select_related("structure").only(
        "experience_id", "rank", "name_entered", "structure__name"
    ),
)
SHOWN = (
    "title feeling published_at first_reply_at entry is_fictional same_count read_in__name"
).split()
PERIODS = {
    "30j": (timedelta(days=30), "depuis un mois"),
    "90j": (timedelta(days=91), "depuis trois mois"),
    "12m": (timedelta(days=365), "depuis un an"),
}


@dataclass(frozen=True)
class ListWish:
    """Empty: any. `older_than` and `newer_than` are numbers of stories."""

    words: str = ""
    scope: Scope = EVERYTHING
    feeling: str = ""
    aspect: str = ""
    answered: str = ""
    promise: str = ""
    period: str = ""
    older_than: int | None = None
    newer_than: int | None = None

    @property
    def narrows(self) -> bool:
        narrowed = (self.words, self.feeling, self.aspect, self.answered, self.promise, self.period)
        return self.scope != EVERYTHING or any(narrowed)


@dataclass(frozen=True)
class Listed:
    """One page. `count` stops at `COUNTED_TO`; the cursors are None at either end. `has_words` is
    false when what was typed holds nothing to look for."""

    items: list[Experience]
    count: int
    is_capped: bool
    older: int | None
    newer: int | None
    has_words: bool = True


def listed(wish: ListWish, *, per_page: int = PER_PAGE, with_texts: bool = False) -> Listed:
    """The page that `wish` asks for: stories with an `excerpt` and their services, or whole with
    their answers."""
    text_query = query_of(wish.words) if wish.words else ""
    if wish.words and not text_query:
        return Listed([], 0, is_capped=False, older=None, newer=None, has_words=False)
    found = narrowed(wish, text_query)
    count = counted(found, has_words=bool(text_query))
    ids, has_newer, has_older = page_of(found, wish, per_page)
    return Listed(
        items=with_replies(ids) if with_texts else with_services(ids),
        count=min(count, COUNTED_TO),
        is_capped=count > COUNTED_TO,
        older=ids[-1] if ids and has_older else None,
        newer=ids[0] if ids and has_newer else None,
    )


def narrowed(wish: ListWish, text_query: str = "") -> ExperienceQuerySet:
    """Published stories that answer `wish`, its words as a `tsquery`."""
    found = Experience.objects.published()
    if text_query:
        found = found.filter(search__answers=text_query)
    found = within(found, wish.scope)
    if wish.feeling:
        found = found.filter(feeling=wish.feeling)
    if wish.aspect:
        found = found.exclude(**{wish.aspect: ""})
    if wish.answered:
        found = found.filter(first_reply_at__isnull=wish.answered == "non")
    if wish.promise:
        promised = Promise.objects.all()
        if wish.promise == "tenue":
            promised = promised.filter(outcome=Promise.Outcome.KEPT)
        found = found.filter(pk__in=promised.values("reply__addressee__experience"))
    return in_period(found, wish.period)


def within(found: ExperienceQuerySet, scope: Scope) -> ExperienceQuerySet:
    """Stories addressed to the structure or to one under it, to the network; read in the
    territory."""
    addressed = Q()
    if scope.structure is not None:
        addressed &= Q(structure__in=scope.structures)
    if scope.network is not None:
        addressed &= Q(network=scope.network)
    if addressed:
        mine = Addressee.objects.filter(addressed, experience=OuterRef("pk"))
        found = found.filter(Exists(mine))
    if scope.territory is not None:
        found = found.filter(read_in__in=scope.territory.departements)
    return found


def in_period(found: ExperienceQuerySet, period: str) -> ExperienceQuerySet:
    if period in PERIODS:
        return found.filter(published_at__gte=timezone.now() - PERIODS[period][0])
    if period:
        return found.filter(published_at__year=int(period))
    return found


def counted(found: ExperienceQuerySet, *, has_words: bool = False) -> int:
    """How many, up to one more than `COUNTED_TO`.

    Words are counted through their index: told of the limit, the planner would rather read story
    after story, which is slower as soon as a word is not in one story out of three.
    """
    some = found.order_by()[: COUNTED_TO + 1]
    if not has_words:
        return some.count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        return some.count()


def page_of(
    found: ExperienceQuerySet, wish: ListWish, per_page: int
) -> tuple[list[int], bool, bool]:
    """The numbers of the stories of a page, and whether there are newer and older ones."""
    wanted = per_page + 1
    start = wish.older_than or wish.newer_than
    at = published_at(start)
    newest_first = ("-published_at", "-pk")
    if start is None or at is None:
        ids = list(found.order_by(*newest_first).values_list("pk", flat=True)[:wanted])
        return ids[:per_page], False, len(ids) > per_page
    if wish.older_than is not None:
        older = found.filter(Q(published_at__lte=at) & ~Q(published_at=at, pk__gte=start))
        ids = list(older.order_by(*newest_first).values_list("pk", flat=True)[:wanted])
        return ids[:per_page], bool(ids), len(ids) > per_page
    newer = found.filter(Q(published_at__gte=at) & ~Q(published_at=at, pk__lte=start))
    ids = list(newer.order_by("published_at", "pk").values_list("pk", flat=True)[:wanted])
    return ids[:per_page][::-1], len(ids) > per_page, bool(ids)


def published_at(pk: int | None) -> datetime | None:
    """When the story that a page follows was published, even if it was taken back since."""
    if pk is None:
        return None
    return Experience.objects.filter(pk=pk).values_list("published_at", flat=True).first()


def with_services(ids: Sequence[int]) -> list[Experience]:
    """These stories in this order, without their whole texts, with the services addressed."""
    stories = (
        Experience.objects.only(*SHOWN)
        .annotate(excerpt=Left("description", EXCERPT_CHARACTERS))
        .select_related("read_in")
        .prefetch_related(SERVICES)
        .in_bulk(list(ids))
    )
    return [stories[pk] for pk in ids]


def with_replies(ids: Sequence[int]) -> list[Experience]:
    """These stories in this order, those that are published, whole, with every answer."""
    replies = Prefetch("replies", Reply.objects.select_related("promise"))
    services = Addressee.objects.select_related("structure", "network").prefetch_related(replies)
    published = Experience.objects.published().defer("search").filter(pk__in=ids)
    stories = published.prefetch_related(Prefetch("addressees", services)).in_bulk()
    return [stories[pk] for pk in ids if pk in stories]
