"""The calls of the telephone desk, counted for the programme team and the leads.

Owns the counts and medians; refuses any figure of one adviser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, FloatField, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from guichet.core.aggregates import Median
from guichet.core.words import NBSP
from guichet.orientation.models import DeskCall

MOST_NEEDS = 20


@dataclass(frozen=True)
class Period:
    """Days included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Line:
    """Calls of one day, place, need or outcome; `median` in words, empty when none was timed."""

    label: str
    calls: int
    median: str = ""


@dataclass(frozen=True)
class DeskFigures:
    total: int
    median: str
    outcomes: tuple[Line, ...]
    needs: tuple[Line, ...]
    departements: tuple[Line, ...]
    days: tuple[Line, ...]


def calls_of(period: Period) -> QuerySet[DeskCall]:
    return DeskCall.objects.filter(
        at__gte=midnight(period.first_day),
        at__lt=midnight(period.last_day + timedelta(days=1)),
    )


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def desk_figures(period: Period) -> DeskFigures:
    """In five queries, however many calls."""
    calls = calls_of(period).order_by()
    whole = calls.aggregate(total=Count("pk"), median=Median("seconds", output_field=FloatField()))
    labels = dict(DeskCall.Outcome.choices)
    return DeskFigures(
        total=whole["total"],
        median=duration_in_words(whole["median"]),
        outcomes=tuple(line(row, labels[row["outcome"]]) for row in counted_by(calls, "outcome")),
        needs=tuple(
            line(row, row["need__title"] or "Besoin non précisé")
            for row in counted_by(calls, "need__title")[:MOST_NEEDS]
        ),
        departements=tuple(
            line(row, row["name"] or "Commune non dite")
            for row in counted_by(calls.annotate(name=F("commune__departement__name")), "name")
        ),
        days=tuple(
            Line(row["day"], row["calls"], duration_in_words(row["median"]))
            for row in with_figures(calls.annotate(day=TruncDate("at")).values("day")).order_by(
                "-day"
            )
        ),
    )


def counted_by(calls: QuerySet[Any, Any], *names: str) -> QuerySet[Any, Any]:
    """The most frequent first."""
    groups: QuerySet[Any, Any] = with_figures(calls.values(*names))
    return groups.order_by("-calls", *names)


def with_figures(groups: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    figured: QuerySet[Any, Any] = groups.annotate(
        calls=Count("pk"), median=Median("seconds", output_field=FloatField())
    )
    return figured


def line(row: dict[str, Any], label: str) -> Line:
    return Line(label, row["calls"], duration_in_words(row["median"]))


def duration_in_words(seconds: float | None) -> str:
    """ "45 s", "3 min 20 s"; nothing when unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest}{NBSP}s"
    return f"{minutes}{NBSP}min{NBSP}{rest:02}{NBSP}s" if rest else f"{minutes}{NBSP}min"


TITLES = [
    "jour",
    "département",
    "besoin",
    "type de service",
    "suite",
    "appels",
    "durée médiane (secondes)",
]


def rows_of(period: Period) -> Iterator[list[str]]:
    """The table to take away: a row for each day, département, need, kind and outcome."""
    yield TITLES
    groups = calls_of(period).order_by().annotate(day=TruncDate("at"))
    names = ("day", "commune__departement_id", "need__title", "kind__label", "outcome")
    labels = dict(DeskCall.Outcome.choices)
    for row in with_figures(groups.values(*names)).order_by(*names).iterator():
        day, departement, need, kind, outcome = (row[name] for name in names)
        median = "" if row["median"] is None else str(round(row["median"]))
        yield [
            day.isoformat(),
            departement or "",
            need or "",
            kind or "",
            labels[outcome],
            str(row["calls"]),
            median,
        ]
