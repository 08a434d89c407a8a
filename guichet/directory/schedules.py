"""Opening hours of stored structures: rows become plain intervals, then a state.

Owns the bridge between the database and `opening`; refuses any arithmetic of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import timezone

from guichet.directory.models import ExceptionalHours, OpeningInterval, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.opening import (
    ExceptionalPeriod,
    OpeningState,
    WeeklyInterval,
    opening_state,
)
from guichet.territories.holidays import public_holiday
from guichet.territories.time_zones import time_zone

RECEIVING_KINDS = ("walk_in", "appointment")
LOOKED_AHEAD = timedelta(days=60)
METROPOLITAN_TIME = ZoneInfo("Europe/Paris")


def with_hours(structures: StructureQuerySet) -> StructureQuerySet:
    """Prefetch what `state_of` needs: two queries, however many structures."""
    yesterday = timezone.localdate() - timedelta(days=2)
    return structures.prefetch_related(
        "intervals",
        Prefetch(
            "exceptional_hours",
            queryset=ExceptionalHours.objects.filter(last_day__gte=yesterday),
            to_attr="coming_exceptions",
        ),
    )


@dataclass(frozen=True)
class Schedule:
    """All that `opening` needs to know of one structure."""

    intervals: tuple[WeeklyInterval, ...] | None
    exceptions: tuple[ExceptionalPeriod, ...]
    holiday_name: Callable[[date], str | None]
    zone: ZoneInfo
    open_on_holidays: bool

    def state(self, at: datetime, kinds: tuple[str, ...] = RECEIVING_KINDS) -> OpeningState:
        return opening_state(
            intervals=self.intervals,
            exceptions=self.exceptions,
            holiday_name=self.holiday_name,
            zone=self.zone,
            at=at,
            kinds=kinds,
            open_on_holidays=self.open_on_holidays,
            horizon_days=LOOKED_AHEAD.days,
        )


def schedule_of(structure: Structure) -> Schedule:
    """The schedule of a structure fetched through `with_hours` (more queries otherwise)."""
    exceptions = getattr(structure, "coming_exceptions", None)
    if exceptions is None:
        exceptions = structure.exceptional_hours.all()
    insee_code = structure.commune_id or ""
    return Schedule(
        intervals=weekly(structure.intervals.all()) if structure.hours_known else None,
        exceptions=tuple(exceptional(row) for row in exceptions),
        holiday_name=partial(public_holiday, department_of(insee_code)),
        zone=time_zone(insee_code) if insee_code else METROPOLITAN_TIME,
        open_on_holidays=structure.kind.open_on_holidays,
    )


def department_of(insee_code: str) -> str:
    return insee_code[:3] if insee_code.startswith(("97", "98")) else insee_code[:2]


def weekly(rows: Iterable[OpeningInterval]) -> tuple[WeeklyInterval, ...]:
    return tuple(
        WeeklyInterval(
            weekday=row.weekday,
            opens=row.opens,
            closes=row.closes,
            kind=row.kind,
            note=row.note,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )


def exceptional(row: ExceptionalHours) -> ExceptionalPeriod:
    return ExceptionalPeriod(
        first_day=row.first_day,
        last_day=row.last_day,
        closed=row.closed,
        opens=row.opens,
        closes=row.closes,
        kind=row.kind or None,
        reason=row.reason,
    )
