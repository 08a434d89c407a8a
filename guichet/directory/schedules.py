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
    UNKNOWN_HOURS,
    DaySchedule,
    ExceptionalPeriod,
    OpeningState,
    WeeklyInterval,
    opening_state,
    weekly_table,
)
from guichet.directory.opening_words import state_in_words
from guichet.territories.holidays import customary_day_off, public_holiday
from guichet.territories.time_zones import time_zone

WALK_IN = ("walk_in",)
BY_APPOINTMENT = ("appointment",)
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
class Presence:
    """What a visitor wants to know now. `is_open` speaks of walking in without appointment."""

    is_open: bool | None
    words: str
    changes_at: datetime | None

    @property
    def label(self) -> str:
        """The state in a word or two, for a badge."""
        if self.is_open is None:
            return "Horaires inconnus" if self.words == UNKNOWN_HOURS else "À confirmer"
        return "Ouvert" if self.is_open else "Fermé"

    @property
    def detail(self) -> str:
        """The words that the badge does not already say."""
        if self.words == self.label:
            return ""
        said, comma, rest = self.words.partition(", ")
        return rest[:1].upper() + rest[1:] if comma and said == self.label else self.words

    @property
    def badge_kind(self) -> str:
        return {True: "success", False: "warning", None: "neutral"}[self.is_open]


@dataclass(frozen=True)
class Schedule:
    """All that `opening` needs to know of one structure."""

    intervals: tuple[WeeklyInterval, ...] | None
    exceptions: tuple[ExceptionalPeriod, ...]
    holiday_name: Callable[[date], str | None]
    customary_day_off: Callable[[date], str | None]
    zone: ZoneInfo
    open_on_holidays: bool

    def state(self, at: datetime, kinds: tuple[str, ...] = WALK_IN) -> OpeningState:
        return opening_state(
            intervals=self.intervals,
            exceptions=self.exceptions,
            holiday_name=self.holiday_name,
            customary_day_off=self.customary_day_off,
            zone=self.zone,
            at=at,
            kinds=kinds,
            open_on_holidays=self.open_on_holidays,
            horizon_days=LOOKED_AHEAD.days,
        )

    def presence(self, at: datetime) -> Presence:
        """Walk-in hours first; when there are none now, whether one is received by appointment."""
        state = self.state(at)
        if state.is_open is False and self.receives_by_appointment:
            by_appointment = self.state(at, BY_APPOINTMENT)
            if by_appointment.is_open:
                return Presence(
                    False,
                    "En ce moment, sur rendez-vous seulement",
                    state.opens_at or by_appointment.closes_at,
                )
            if not self.receives_walk_ins:
                return Presence(
                    False,
                    f"Sur rendez-vous seulement. {state_in_words(by_appointment, at)}",
                    by_appointment.opens_at,
                )
        return Presence(state.is_open, state_in_words(state, at), state.closes_at or state.opens_at)

    @property
    def receives_by_appointment(self) -> bool:
        return any(interval.kind == "appointment" for interval in self.intervals or ())

    @property
    def receives_walk_ins(self) -> bool:
        return any(interval.kind == "walk_in" for interval in self.intervals or ())

    def week(self, first_day: date, kinds: tuple[str, ...]) -> tuple[DaySchedule, ...]:
        return weekly_table(
            first_day,
            intervals=self.intervals,
            exceptions=self.exceptions,
            holiday_name=self.holiday_name,
            customary_day_off=self.customary_day_off,
            kinds=kinds,
            open_on_holidays=self.open_on_holidays,
        )


def schedule_of(structure: Structure) -> Schedule:
    """The schedule of a structure fetched through `with_hours` (more queries otherwise)."""
    exceptions = getattr(structure, "coming_exceptions", None)
    if exceptions is None:
        exceptions = structure.exceptional_hours.all()
    insee_code = structure.commune_id or ""
    departement = departement_code(insee_code)
    return Schedule(
        intervals=weekly(structure.intervals.all()) if structure.hours_known else None,
        exceptions=tuple(exceptional(row) for row in exceptions),
        holiday_name=partial(public_holiday, departement) if departement else no_such_day,
        customary_day_off=partial(customary_day_off, departement) if departement else no_such_day,
        zone=time_zone(insee_code) if insee_code else METROPOLITAN_TIME,
        open_on_holidays=structure.kind.open_on_holidays,
    )


def departement_code(insee_code: str) -> str:
    return insee_code[:3] if insee_code.startswith(("97", "98")) else insee_code[:2]


def no_such_day(day: date) -> None:
    return None


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
