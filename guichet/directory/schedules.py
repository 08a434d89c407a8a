"""Opening hours of stored structures: rows become plain intervals, then a state.

Owns the bridge between the database and `opening`; refuses any arithmetic of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from guichet.core.words import NBSP
from guichet.directory.models import (
    ExceptionalHours,
    OpeningInterval,
    ReceptionKind,
    Structure,
)
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


def with_hours(structures: StructureQuerySet, at: datetime | None = None) -> StructureQuerySet:
    """Prefetch what `schedule_of` needs to speak of `at` (now) and later: two queries, however
    many structures."""
    two_days_before = (at or timezone.now()).date() - timedelta(days=2)
    return structures.prefetch_related(
        "intervals",
        Prefetch(
            "exceptional_hours",
            queryset=ExceptionalHours.objects.filter(last_day__gte=two_days_before),
            to_attr="coming_exceptions",
        ),
    )


def with_known_hours(structures: StructureQuerySet, at: datetime) -> StructureQuerySet:
    """Those of which something is known around `at`: weekly hours, or an exceptional opening."""
    return structures.filter(Q(hours_known=True) | Exists(exceptional_openings(at)))


def possibly_open(structures: StructureQuerySet, at: datetime) -> StructureQuerySet:
    """Those that may receive without appointment at `at`, to be worked out one by one.

    In metropolitan France the hour decides; overseas, where it is another time, having walk-in
    hours is enough. Public holidays, conditions and closures are left to `Schedule`.
    """
    local = at.astimezone(METROPOLITAN_TIME)
    now, today = local.time(), local.weekday()
    after_midnight = Q(weekday=(today - 1) % 7, closes__gt=now, closes__lte=F("opens"))
    covers = Q(weekday=today, opens__lte=now) & (Q(closes__gt=now) | Q(closes__lte=F("opens")))
    overseas = Q(structure__commune__insee_code__startswith="97") | Q(
        structure__commune__insee_code__startswith="98"
    )
    weekly = OpeningInterval.objects.filter(
        covers | after_midnight | overseas,
        structure=OuterRef("pk"),
        kind=ReceptionKind.WALK_IN,
    )
    return structures.filter(
        (Q(hours_known=True) & Exists(weekly)) | Exists(exceptional_openings(at))
    )


def exceptional_openings(at: datetime) -> QuerySet[ExceptionalHours]:
    """Of the outer query's structure, whatever its time zone."""
    return ExceptionalHours.objects.filter(
        structure=OuterRef("pk"),
        closed=False,
        first_day__lte=at.date() + timedelta(days=1),
        last_day__gte=at.date() - timedelta(days=1),
    )


@dataclass(frozen=True)
class Presence:
    """What a visitor wants to know now. `is_open` speaks of walking in without appointment;
    `by_appointment`: one is received now, or always, by appointment only."""

    is_open: bool | None
    words: str
    changes_at: datetime | None
    by_appointment: bool = False

    @property
    def label(self) -> str:
        """The state in a word or two, for a badge."""
        if self.is_open is None:
            return "Horaires inconnus" if self.words == UNKNOWN_HOURS else "À confirmer"
        if self.by_appointment:
            return "Sur rendez-vous"
        return "Ouvert" if self.is_open else "Fermé"

    @property
    def detail(self) -> str:
        """The words that the badge does not already say."""
        return "" if self.words == self.label else beyond_state(self.words)

    @property
    def badge_kind(self) -> str:
        if self.by_appointment:
            return "info"
        return {True: "success", False: "warning", None: "neutral"}[self.is_open]


STATES = ("Ouvert, ", "Fermé, ", f"Fermé aujourd'hui{NBSP}: ", f"Horaires à confirmer{NBSP}: ")


def beyond_state(words: str) -> str:
    """ "Fermé, ouvre demain à 9 h" → "Ouvre demain à 9 h"; nothing of "Fermé" alone."""
    for state in STATES:
        if words.startswith(state):
            rest = words.removeprefix(state)
            return rest[:1].upper() + rest[1:]
    return "" if words == "Fermé" else words


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
        words = state_in_words(state, at)
        changes_at = state.closes_at or state.opens_at
        if state.is_open is not False or not self.receives_by_appointment:
            return Presence(state.is_open, words, changes_at)
        by_appointment = self.state(at, BY_APPOINTMENT)
        if not self.receives_walk_ins:
            coming = beyond_state(state_in_words(by_appointment, at))
            only = f"Sur rendez-vous seulement. {coming}".removesuffix(". ")
            changes_at = by_appointment.closes_at or by_appointment.opens_at
            return Presence(False, only, changes_at, by_appointment=True)
        if by_appointment.is_open:
            changes_at = state.opens_at or by_appointment.closes_at
            now = f"Sur rendez-vous seulement en ce moment. {beyond_state(words)}"
            return Presence(False, now.removesuffix(". "), changes_at, by_appointment=True)
        return Presence(False, words, changes_at)

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
