"""Lists of published stories, page by page, newest first.

Owns what narrows a list, how deep pages are reached without counting what is above, and how far
results are counted; refuses words and addresses. Seven queries whatever is asked, at most.

A page is found in one of two ways. Newest first until it is full is fast when much is found
lately, but reads nearly every story for a word of few stories, or of one season years ago, and the
planner cannot tell: it knows how often common words come, and takes any other for one story in a
hundred. The stories found are therefore gathered first, up to `COUNTED_TO`, by the index of what is
asked; when that is all of them, the page is among them. When there are more, they are read newest
first through `READ_THROUGH` stories, which fills the page of all that comes evenly; else gathered,
all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from guichet.experiences.models import Addressee, Experience, Promise, Reply
from guichet.experiences.models.experiences import ExperienceQuerySet
from guichet.experiences.reading.scopes import EVERYTHING, Scope
from guichet.experiences.reading.search import query_of

PER_PAGE = 20
COUNTED_TO = 1_000
READ_THROUGH = 10_000
EXCERPT_CHARACTERS = 320
SERVICES = Prefetch(
    "addressees",
    Addressee.objects.select_related("structure").only(
        "experience_id", "rank", "name_entered", "structure__name"
    ),
)
KEPT = Promise.Outcome.KEPT
SHOWN = (
    "title feeling published_at first_reply_at entry is_fictional same_count read_in__name"
).split()
GATHER = """
WITH found AS MATERIALIZED ({found})
SELECT
  (SELECT count(*) FROM found),
  ARRAY(SELECT id FROM found {beyond} ORDER BY published_at {order}, id {order} LIMIT %s)
"""
BEYOND = "WHERE (published_at, id) {side} (%s, %s)"
FIRST_DAY = Value(datetime(1, 1, 1, tzinfo=UTC))
LAST_DAY = Value(datetime(9999, 12, 31, tzinfo=UTC))
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
    position = position_of(wish)
    found = found_by_indexes(wish, text_query)[: COUNTED_TO + 1]
    count, ids = gathered(found, position, per_page + 1, has_words=bool(text_query))
    if count > COUNTED_TO:
        ids = read_from(wish, text_query, position, per_page + 1)
    ids, has_newer, has_older = page_of(ids, position, per_page)
    return Listed(
        items=with_replies(ids) if with_texts else with_services(ids),
        count=min(count, COUNTED_TO),
        is_capped=count > COUNTED_TO,
        older=ids[-1] if ids and has_older else None,
        newer=ids[0] if ids and has_newer else None,
    )


def latest(scope: Scope, count: int) -> list[int]:
    """The numbers of the latest stories of a scope, at most `count`."""
    return read_from(ListWish(scope=scope), "", None, count)


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
        outcomes = [KEPT] if wish.promise == "tenue" else Promise.Outcome.values
        found = found.filter(promises__overlap=outcomes)
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


@dataclass(frozen=True)
class Position:
    """Before or after which story a page is."""

    at: datetime
    pk: int
    is_older: bool


def position_of(wish: ListWish) -> Position | None:
    """Of the story that the page follows or precedes, even if it was taken back since; None for
    the first page."""
    pk = wish.older_than or wish.newer_than
    if pk is None:
        return None
    at = Experience.objects.filter(pk=pk).values_list("published_at", flat=True).first()
    return None if at is None else Position(at, pk, is_older=wish.older_than is not None)


def found_by_indexes(wish: ListWish, text_query: str) -> ExperienceQuerySet:
    """The same stories as `narrowed`, so written that the services addressed are met with the rest
    in indexes, before stories are read: a network in the index of words and promises itself."""
    scope = wish.scope
    if text_query and scope.structure is not None:
        addressed = narrowed(wish).order_by().values("pk")
        return Experience.objects.filter(search__answers=text_query, pk__in=addressed).order_by()
    if (text_query or wish.promise) and scope.network is not None:
        anywhere = replace(wish, scope=replace(scope, network=None))
        found = narrowed(anywhere, text_query).filter(networks__contains=[scope.network.pk])
        return found.order_by()
    return narrowed(wish, text_query).order_by()


def gathered(
    found: ExperienceQuerySet, position: Position | None, wanted: int, *, has_words: bool
) -> tuple[int, list[int]]:
    """How many stories are in `found`, and the numbers of those next to the position, nearest
    first.

    Words are looked for by their index: told of a limit, the planner would rather read story after
    story, which is slower as soon as a word is not in one story out of three.
    """
    sql, values = found.values("id", "published_at").query.sql_with_params()
    is_older = position is None or position.is_older
    statement = GATHER.format(
        found=sql,
        beyond="" if position is None else BEYOND.format(side="<" if is_older else ">"),
        order="DESC" if is_older else "ASC",
    )
    after = () if position is None else (position.at, position.pk)
    with transaction.atomic() if has_words else nullcontext(), connection.cursor() as cursor:
        if has_words:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(statement, (*values, *after, wanted))
        count, ids = cursor.fetchone()
    return count, ids


def read_from(wish: ListWish, text_query: str, position: Position | None, wanted: int) -> list[int]:
    """The numbers of the stories next to the position, nearest first."""
    found = narrowed(wish, text_query)
    if not wish.narrows:
        return list(nearest_first(found, position).values_list("pk", flat=True)[:wanted])
    dated = nearest_first(in_period(Experience.objects.published(), wish.period), position)
    last = Subquery(dated.values("published_at")[READ_THROUGH : READ_THROUGH + 1])
    near = Q(published_at__gte=Coalesce(last, FIRST_DAY))
    if position is not None and not position.is_older:
        near = Q(published_at__lte=Coalesce(last, LAST_DAY))
    read = nearest_first(found.filter(near), position)
    ids = list(read.values_list("pk", flat=True)[:wanted])
    if len(ids) == wanted:
        return ids
    found = found_by_indexes(wish, text_query)
    return gathered(found, position, wanted, has_words=bool(text_query))[1]


def nearest_first(found: ExperienceQuerySet, position: Position | None) -> ExperienceQuerySet:
    """Those beyond the position."""
    if position is None:
        return found.order_by("-published_at", "-pk")
    at, pk = position.at, position.pk
    if position.is_older:
        older = found.filter(Q(published_at__lte=at) & ~Q(published_at=at, pk__gte=pk))
        return older.order_by("-published_at", "-pk")
    newer = found.filter(Q(published_at__gte=at) & ~Q(published_at=at, pk__lte=pk))
    return newer.order_by("published_at", "pk")


def page_of(
    ids: list[int], position: Position | None, per_page: int
) -> tuple[list[int], bool, bool]:
    """The stories of a page, newest first, and whether there are newer and older ones; `ids` are
    nearest first, one more than the page when there are."""
    page, has_more = ids[:per_page], len(ids) > per_page
    if position is None:
        return page, False, has_more
    if position.is_older:
        return page, bool(page), has_more
    return page[::-1], has_more, bool(page)


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
    promised = Reply.objects.select_related("promise__where", "promise__indicator")
    services = Addressee.objects.select_related("structure__kind", "network").prefetch_related(
        Prefetch("replies", promised)
    )
    told = Experience.objects.published().select_related("procedure", "second_word", "author")
    published = told.defer("search", "author__email").filter(pk__in=ids)
    stories = published.prefetch_related(Prefetch("addressees", services)).in_bulk()
    return [stories[pk] for pk in ids if pk in stories]
