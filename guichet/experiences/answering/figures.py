"""How the services of an agent answer: shares and delays, service by service.

Owns the counting over the last twelve months; the public figures and their definitions are
`reading`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, DurationField, F, Q
from django.utils import timezone

from guichet.core.aggregates import Median
from guichet.core.words import NBSP, counted
from guichet.directory.models import Structure
from guichet.directory.permissions import CAN_MANAGE, structures_covered
from guichet.experiences.models import Addressee
from guichet.experiences.models.addressees import OPEN_ONES, WAITING

COUNTED_OVER = timedelta(days=365)
PAGE_SIZE = 50


@dataclass(frozen=True)
class ServiceFigures:
    """One service, or all of them together: counts, share in words, median in words."""

    name: str
    code: str
    stories: int
    answered: int
    late: int
    share: str
    median: str


@dataclass(frozen=True)
class AnsweringFigures:
    total: ServiceFigures
    rows: list[ServiceFigures]
    page: Page[Any]


def figures_of_reader(
    user: object, structure: Structure | None, number: str | None
) -> AnsweringFigures:
    """Of the services that `user` manages, or of those under `structure`, the latest year; those
    with most late answers first. Three queries."""
    managed = structures_covered(user, CAN_MANAGE)
    if structure is not None:
        managed = managed.filter(path__descendants=structure.path)
    found = Addressee.objects.filter(
        OPEN_ONES,
        structure__in=managed,
        experience__published_at__gte=timezone.now() - COUNTED_OVER,
    )
    rows: Any = found.values("structure__name", "structure__code").annotate(**measures())
    ordered = rows.order_by("-late", "-stories", "structure__name")
    page = Paginator(ordered, PAGE_SIZE).get_page(number)
    total = found.aggregate(**measures())
    return AnsweringFigures(
        total=figures_in("Tous ces services", "", total),
        rows=[figures_in(one["structure__name"], one["structure__code"], one) for one in page],
        page=page,
    )


def measures() -> dict[str, Any]:
    return {
        "stories": Count("pk"),
        "answered": Count("pk", filter=Q(first_reply_at__isnull=False)),
        "late": Count("pk", filter=WAITING & Q(due_on__lt=timezone.localdate())),
        "median": Median(
            F("first_reply_at") - F("experience__published_at"), output_field=DurationField()
        ),
    }


def figures_in(name: str, code: str, row: dict[str, Any]) -> ServiceFigures:
    stories, answered = row["stories"], row["answered"]
    return ServiceFigures(
        name=name,
        code=code,
        stories=stories,
        answered=answered,
        late=row["late"],
        share=f"{round(100 * answered / stories)}{NBSP}%" if stories else "",
        median=delay_in_words(row["median"]),
    )


def delay_in_words(delay: timedelta | None) -> str:
    """ "4 jours", "moins d'un jour"; empty when nothing was answered."""
    if delay is None:
        return ""
    days = round(delay / timedelta(days=1))
    return counted(days, "jour", "jours") if days >= 1 else "moins d'un jour"
