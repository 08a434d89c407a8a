"""What the stories of the last twelve months say of a service, a network, a territory, the nation.

Owns the counts and their definitions; refuses a share of fewer than ten cases, HTML, and to tell
anybody from a small number. A story addressed to two services counts once for each of them, except
as a story. Whether something changed is its author's word once given, until then the service's.
Large scopes are counted each hour (`count_all`), a structure when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from guichet.experiences.models import ScopeFigures
from guichet.experiences.reading.scopes import EVERYTHING, Scope

COUNTED_FOR = timedelta(days=365)
LEAST = 10
"""Under ten cases, a share or a median says more of chance, or of one person, than of a service."""
COUNT = """
WITH asked AS (
  SELECT
    {key} AS scope, addressed.id, story.id AS story, story.feeling,
    (addressed.first_reply_at AT TIME ZONE %(zone)s)::date
      - (story.published_at AT TIME ZONE %(zone)s)::date AS days
  FROM experiences_experience AS story
  JOIN experiences_addressee AS addressed ON addressed.experience_id = story.id
  {joins}
  WHERE story.state = 'published' AND story.published_at >= %(since)s AND {where}
), told AS (
  SELECT
    asked.id,
    count(reply.was_useful) AS judged,
    count(*) FILTER (WHERE reply.was_useful) AS useful,
    count(*) FILTER (WHERE promise.outcome IN ('kept', 'partly', 'broken')) AS promises_judged,
    count(*) FILTER (WHERE promise.outcome = 'kept') AS promises_kept,
    bool_or(CASE WHEN promise.outcome = 'pending' THEN promise.done_on IS NOT NULL
      ELSE promise.outcome IN ('kept', 'partly') END) AS has_changed
  FROM asked
  JOIN experiences_reply AS reply ON reply.addressee_id = asked.id
  LEFT JOIN experiences_promise AS promise ON promise.reply_id = reply.id
  GROUP BY asked.id
)
SELECT
  asked.scope,
  count(DISTINCT asked.story) AS stories,
  count(*) AS addressed,
  count(asked.days) AS answered,
  percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(asked.days, 0))
    FILTER (WHERE asked.days IS NOT NULL) AS median_days,
  coalesce(sum(told.judged), 0)::bigint AS judged,
  coalesce(sum(told.useful), 0)::bigint AS useful,
  coalesce(sum(told.promises_judged), 0)::bigint AS promises_judged,
  coalesce(sum(told.promises_kept), 0)::bigint AS promises_kept,
  count(asked.days) FILTER (WHERE asked.feeling = 'negative') AS concerns_answered,
  count(*) FILTER (WHERE asked.feeling = 'negative' AND told.has_changed) AS concerns_changed
FROM asked
LEFT JOIN told ON told.id = asked.id
WHERE asked.scope IS NOT NULL
GROUP BY asked.scope
"""
NETWORKS = "JOIN directory_network AS network ON network.id = addressed.network_id"
REGIONS = "JOIN territories_departement AS area ON area.code = story.read_in_id"
LEVELS = (
    ("'nation'", ""),
    ("'network:' || network.code", NETWORKS),
    ("'departement:' || story.read_in_id", ""),
    ("'region:' || area.region_id", REGIONS),
)


@dataclass(frozen=True)
class Figures:
    """Counts of the last twelve months; `median_days` is None without answers."""

    stories: int = 0
    addressed: int = 0
    answered: int = 0
    median_days: int | None = None
    judged: int = 0
    useful: int = 0
    promises_judged: int = 0
    promises_kept: int = 0
    concerns_answered: int = 0
    concerns_changed: int = 0


NAMES = tuple(field.name for field in fields(Figures))


def figures_of(scope: Scope) -> Figures:
    """As counted in the last hour; a structure's own and those under it, now."""
    if scope.structure is not None:
        return figures_of_structures(scope.structures)
    kept = ScopeFigures.objects.filter(scope=scope.key).values_list("counters", flat=True).first()
    return Figures(**kept) if kept else Figures()


def nation() -> Figures:
    return figures_of(EVERYTHING)


def figures_of_structures(ids: Sequence[int]) -> Figures:
    where = "addressed.structure_id = ANY(%(ids)s)"
    found = list(counted_by("'structures'", "", where, {"ids": list(ids)}))
    return found[0][1] if found else Figures()


@transaction.atomic
def count_all(at: datetime | None = None) -> int:
    """Count every large scope again; how many have stories."""
    at = at or timezone.now()
    rows = [
        ScopeFigures(scope=scope, counters=asdict(figures))
        for key, joins in LEVELS
        for scope, figures in counted_by(key, joins, "true", {}, at=at)
    ]
    ScopeFigures.objects.all().delete()
    ScopeFigures.objects.bulk_create(rows)
    return len(rows)


def counted_by(
    key: str, joins: str, where: str, values: dict[str, Any], *, at: datetime | None = None
) -> Iterator[tuple[str, Figures]]:
    """Each scope with its figures; `key`, `joins` and `where` are SQL of this module."""
    statement = COUNT.strip().format(key=key, joins=joins, where=where)
    since = (at or timezone.now()) - COUNTED_FOR
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, "zone": settings.TIME_ZONE, **values})
        for scope, *counts in cursor.fetchall():
            yield scope, Figures(**dict(zip(NAMES, counts, strict=True)))
