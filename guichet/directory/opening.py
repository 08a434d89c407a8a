"""Whether a site is open at a moment, until when, and when it opens next, in its own time zone.

Owns the rules that join weekly hours, exceptional days and public holidays; refuses to say "open"
when a condition that no calendar settles is in play, and "closed" when the hours are unknown.

The rules, in the order in which they decide a day:

1. Exceptional periods. An opening replaces the regular hours of each of its days, holiday or not;
   several on one day add up. Where a closure and an opening cover the same day, the shorter
   period wins; of equal length, the closure.
2. A public holiday closes regular hours, and a customary day off makes them uncertain, unless the
   site is open on holidays.
3. Regular weekly hours, within their validity. Those with a note, or otherwise uncertain, never
   make a site open.

An opening belongs to the day on which it starts: the evening before a holiday runs past midnight,
and the evening of a holiday does not take place. Only an exceptional closure of the next day ends
it at midnight.

Times are wall-clock times of the site. One that a change of clocks skips is moved forward by the
length of the gap (02:30 becomes 03:30); one that happens twice is the first of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NameOfDay = Callable[[date], str | None]

WALK_IN = ("walk_in",)
UNKNOWN_HOURS = "Horaires inconnus"
EXCEPTIONAL_CLOSURE = "Fermeture exceptionnelle"
ALWAYS_OPEN = "Ouvert en continu"

_MIDNIGHT = time(0)
_ONE_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class WeeklyInterval:
    """One weekly opening: `weekday` 0 is Monday, times are the site's wall clock.

    `closes` at or before `opens` ends the next day (both at midnight: 24 hours). `note` is a
    condition that no calendar settles ("semaines paires"). `valid_from` and `valid_until`, both
    included, bound the day on which the opening starts. Raises `ValueError` for another weekday.
    """

    weekday: int
    opens: time
    closes: time
    kind: str = "walk_in"
    note: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("Le jour de la semaine va de 0 (lundi) à 6 (dimanche).")


@dataclass(frozen=True, slots=True)
class ExceptionalPeriod:
    """Days, first and last included, that do not follow the weekly hours.

    Either `closed`, for whole days, or open from `opens` to `closes` on each day. `kind` None is
    every kind. Raises `ValueError` when the days are reversed or the hours contradict `closed`.
    """

    first_day: date
    last_day: date
    closed: bool
    opens: time | None
    closes: time | None
    kind: str | None
    reason: str

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("Le dernier jour précède le premier : échangez les deux dates.")
        if self.closed and (self.opens is not None or self.closes is not None):
            raise ValueError(
                "Une fermeture vaut pour des jours entiers : retirez les heures, ou déclarez une "
                "ouverture exceptionnelle avec les heures où le site reçoit."
            )
        if not self.closed and (self.opens is None or self.closes is None):
            raise ValueError("Indiquez l'heure d'ouverture et l'heure de fermeture.")


@dataclass(frozen=True, slots=True)
class OpeningState:
    """What can be said of a site at a moment. Datetimes are aware, in the site's zone.

    `is_open` None means that nobody can say: either `uncertain_note` holds the condition to check,
    or `reason` is `UNKNOWN_HOURS`. `closes_at` is set when open, except beyond the horizon
    (`reason` is then `ALWAYS_OPEN`). `opens_at` is the next certain opening when not open; it is
    None when there is none before the horizon or before a day whose hours are unknown. When
    closed, `reason` says why nothing opens that day, and `uncertain_note` is the condition of an
    uncertain opening that may come before `opens_at`.
    """

    is_open: bool | None
    closes_at: datetime | None
    opens_at: datetime | None
    reason: str
    uncertain_note: str


@dataclass(frozen=True, slots=True)
class DayInterval:
    """One opening that starts on a given day; `closes` at or before `opens` is the next day."""

    opens: time
    closes: time
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DaySchedule:
    """The hours of one day, in order. `is_known` False: nothing is known of its regular hours.

    `holiday` names the public holiday, open or not. `reason` is why the day differs from its
    weekly hours: the public holiday that closes it, or the reason of an exceptional period.
    """

    day: date
    intervals: tuple[DayInterval, ...]
    is_known: bool
    is_exceptional: bool
    holiday: str
    reason: str


def opening_state(
    *,
    intervals: Sequence[WeeklyInterval] | None,
    exceptions: Sequence[ExceptionalPeriod],
    holiday_name: NameOfDay,
    zone: ZoneInfo,
    at: datetime,
    kinds: Sequence[str] = WALK_IN,
    open_on_holidays: bool = False,
    horizon_days: int = 60,
    customary_day_off: NameOfDay | None = None,
) -> OpeningState:
    """State of a site at `at`, an aware datetime of any zone, for the kinds of reception asked.

    `intervals` None: the weekly hours are unknown. An empty sequence, or one without the kinds
    asked: closed all week. `holiday_name` and `customary_day_off` name such a day, or give None.
    Looks `horizon_days` ahead. Raises `ValueError` when `at` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("opening_state needs an aware datetime.")
    plan = _Plan(
        intervals, exceptions, holiday_name, kinds, open_on_holidays, customary_day_off, zone
    )
    now = at.astimezone(UTC)
    today = at.astimezone(zone).date()
    covering = [
        span
        for day in (today - _ONE_DAY, today)
        for span in plan.spans(day)
        if span[0] <= now < span[1]
    ]
    if any(not note for _, _, note in covering):
        return _open_state(_closing(plan, now, today, horizon_days), zone)
    opens_at, coming_note = _next_opening(plan, now, today, horizon_days)
    local_opening = opens_at.astimezone(zone) if opens_at else None
    if covering:
        return OpeningState(None, None, local_opening, "", covering[0][2])
    hours = plan.hours(today)
    if not hours.is_known:
        return OpeningState(None, None, local_opening, UNKNOWN_HOURS, "")
    reason = "" if hours.intervals else hours.reason
    return OpeningState(False, None, local_opening, reason, coming_note)


def day_schedule(
    day: date,
    *,
    intervals: Sequence[WeeklyInterval] | None,
    exceptions: Sequence[ExceptionalPeriod],
    holiday_name: NameOfDay,
    kinds: Sequence[str] = WALK_IN,
    open_on_holidays: bool = False,
    customary_day_off: NameOfDay | None = None,
) -> DaySchedule:
    """The openings that start on `day`, by the rules of `opening_state`, for a table of hours."""
    plan = _Plan(intervals, exceptions, holiday_name, kinds, open_on_holidays, customary_day_off)
    return _schedule(plan, day)


def weekly_table(
    first_day: date,
    *,
    intervals: Sequence[WeeklyInterval] | None,
    exceptions: Sequence[ExceptionalPeriod],
    holiday_name: NameOfDay,
    kinds: Sequence[str] = WALK_IN,
    open_on_holidays: bool = False,
    customary_day_off: NameOfDay | None = None,
) -> tuple[DaySchedule, ...]:
    """Seven days from `first_day`, each as `day_schedule` gives it."""
    plan = _Plan(intervals, exceptions, holiday_name, kinds, open_on_holidays, customary_day_off)
    return tuple(_schedule(plan, first_day + timedelta(days=offset)) for offset in range(7))


# Start and end, as instants in UTC, and the note that makes the opening uncertain.
_Span = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class _DayHours:
    intervals: tuple[DayInterval, ...]
    is_known: bool
    reason: str = ""
    is_exceptional: bool = False


_UNKNOWN_DAY = _DayHours((), is_known=False)


class _Plan:
    """The openings of a site day by day; each day is worked out once."""

    __slots__ = (
        "_customary_day_off",
        "_exceptions",
        "_hours",
        "_kinds",
        "_open_on_holidays",
        "_spans",
        "_week",
        "_zone",
        "holiday_name",
    )

    def __init__(
        self,
        intervals: Sequence[WeeklyInterval] | None,
        exceptions: Iterable[ExceptionalPeriod],
        holiday_name: NameOfDay,
        kinds: Sequence[str],
        open_on_holidays: bool,
        customary_day_off: NameOfDay | None,
        zone: ZoneInfo | None = None,
    ) -> None:
        self.holiday_name = holiday_name
        self._kinds = kinds
        self._open_on_holidays = open_on_holidays
        self._customary_day_off = customary_day_off
        self._exceptions = tuple(exceptions)
        self._zone = zone
        self._hours: dict[date, _DayHours] = {}
        self._spans: dict[date, list[_Span]] = {}
        self._week: list[list[WeeklyInterval]] | None = None
        if intervals is not None:
            self._week = [[] for _ in range(7)]
            for interval in intervals:
                if interval.kind in kinds:
                    self._week[interval.weekday].append(interval)

    @property
    def never_opens(self) -> bool:
        return self._week is not None and not self._exceptions and not any(self._week)

    @property
    def always_opens(self) -> bool:
        """Certainly open around the clock: known without looking at any day."""
        if self._exceptions or not self._open_on_holidays:
            return False
        return self._week is not None and all(
            any(_is_round_the_clock(interval) for interval in intervals) for intervals in self._week
        )

    def hours(self, day: date) -> _DayHours:
        hours = self._hours.get(day)
        if hours is None:
            hours = self._hours[day] = self._work_out(day)
        return hours

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, _MIDNIGHT, self._zone).astimezone(UTC)

    def spans(self, day: date) -> list[_Span]:
        """The openings that start on `day`, in order of their start."""
        spans = self._spans.get(day)
        if spans is None:
            spans = self._spans[day] = sorted(self._to_spans(day))
        return spans

    def _to_spans(self, day: date) -> list[_Span]:
        spans = []
        for interval in self.hours(day).intervals:
            last_day = day if interval.closes > interval.opens else day + _ONE_DAY
            start = datetime.combine(day, interval.opens, self._zone).astimezone(UTC)
            end = datetime.combine(last_day, interval.closes, self._zone).astimezone(UTC)
            if start < end:
                spans.append((start, end, interval.note))
        return spans

    def _work_out(self, day: date) -> _DayHours:
        periods = [p for p in self._exceptions if p.first_day <= day <= p.last_day]
        hours = self._with_exceptions(day, periods) if periods else self._regular(day, self._kinds)
        if self._exceptions and hours.intervals:
            return self._cut_at_midnight(day, hours)
        return hours

    def _regular(self, day: date, kinds: Sequence[str]) -> _DayHours:
        if self._week is None:
            return _UNKNOWN_DAY
        doubt = ""
        if not self._open_on_holidays:
            holiday = self.holiday_name(day)
            if holiday:
                return _DayHours((), is_known=True, reason=f"Jour férié ({holiday})")
            custom = self._customary_day_off(day) if self._customary_day_off else None
            doubt = f"{custom}, jour souvent chômé" if custom else ""
        intervals = tuple(
            DayInterval(interval.opens, interval.closes, interval.kind, interval.note or doubt)
            for interval in self._week[day.weekday()]
            if interval.kind in kinds
            and (interval.valid_from is None or interval.valid_from <= day)
            and (interval.valid_until is None or day <= interval.valid_until)
        )
        return _DayHours(intervals, is_known=True)

    def _with_exceptions(self, day: date, periods: list[ExceptionalPeriod]) -> _DayHours:
        intervals: list[DayInterval] = []
        reason = ""
        undecided = []
        for kind in self._kinds:
            ruling = _ruling(periods, kind)
            if not ruling:
                undecided.append(kind)
                continue
            reason = reason or _reason(ruling)
            intervals += [
                DayInterval(period.opens, period.closes, kind)
                for period in ruling
                if period.opens is not None and period.closes is not None
            ]
        if not undecided:
            return _DayHours(tuple(intervals), True, reason, is_exceptional=True)
        regular = self._regular(day, undecided)
        decided = len(undecided) < len(self._kinds)
        return _DayHours(
            (*intervals, *regular.intervals),
            regular.is_known,
            reason or regular.reason,
            is_exceptional=decided,
        )

    def _cut_at_midnight(self, day: date, hours: _DayHours) -> _DayHours:
        """Ends at midnight what runs into a day exceptionally closed."""
        tomorrow = day + _ONE_DAY
        periods = [p for p in self._exceptions if p.first_day <= tomorrow <= p.last_day]
        if not periods:
            return hours
        intervals = tuple(
            DayInterval(interval.opens, _MIDNIGHT, interval.kind, interval.note)
            if interval.closes <= interval.opens and _is_closed(periods, interval.kind)
            else interval
            for interval in hours.intervals
        )
        return _DayHours(intervals, hours.is_known, hours.reason, hours.is_exceptional)


def _ruling(periods: list[ExceptionalPeriod], kind: str) -> list[ExceptionalPeriod]:
    """What decides a day for a kind: closures only, openings only, or nothing."""
    mine = [period for period in periods if not period.kind or period.kind == kind]
    closures = [period for period in mine if period.closed]
    if not closures:
        return mine
    shortest = min(_length(period) for period in closures)
    openings = [p for p in mine if not p.closed and _length(p) < shortest]
    return openings or closures


def _length(period: ExceptionalPeriod) -> timedelta:
    return period.last_day - period.first_day


def _is_closed(periods: list[ExceptionalPeriod], kind: str) -> bool:
    ruling = _ruling(periods, kind)
    return bool(ruling) and ruling[0].closed


def _reason(ruling: list[ExceptionalPeriod]) -> str:
    reasons = sorted({period.reason for period in ruling if period.reason})
    return ", ".join(reasons) or (EXCEPTIONAL_CLOSURE if ruling[0].closed else "")


def _is_round_the_clock(interval: WeeklyInterval) -> bool:
    bounded = interval.valid_from or interval.valid_until
    return interval.opens == interval.closes == _MIDNIGHT and not (interval.note or bounded)


def _open_state(closes_at: datetime | None, zone: ZoneInfo) -> OpeningState:
    if closes_at is None:
        return OpeningState(True, None, None, ALWAYS_OPEN, "")
    return OpeningState(True, closes_at.astimezone(zone), None, "", "")


def _closing(plan: _Plan, now: datetime, today: date, horizon_days: int) -> datetime | None:
    """End of the run of certain openings that covers `now`; None when it reaches the horizon."""
    if plan.always_opens:
        return None
    end = now
    for offset in range(-1, horizon_days + 1):
        day = today + timedelta(days=offset)
        if offset > 0 and end < plan.midnight(day):
            return end
        for start, stop, note in plan.spans(day):
            if not note and start <= end < stop:
                end = stop
    return None if end >= plan.midnight(today + timedelta(days=horizon_days + 1)) else end


def _next_opening(
    plan: _Plan, now: datetime, today: date, horizon_days: int
) -> tuple[datetime | None, str]:
    """Next certain opening, and the note of the first uncertain one before it."""
    coming_note = ""
    if plan.never_opens:
        return None, coming_note
    for offset in range(horizon_days + 1):
        day = today + timedelta(days=offset)
        for start, _, note in plan.spans(day):
            if start <= now:
                continue
            if not note:
                return start, coming_note
            coming_note = coming_note or note
        if not plan.hours(day).is_known:
            break
    return None, coming_note


def _schedule(plan: _Plan, day: date) -> DaySchedule:
    hours = plan.hours(day)
    return DaySchedule(
        day=day,
        intervals=_merged(hours.intervals),
        is_known=hours.is_known,
        is_exceptional=hours.is_exceptional,
        holiday=plan.holiday_name(day) or "",
        reason=hours.reason,
    )


def _merged(intervals: Iterable[DayInterval]) -> tuple[DayInterval, ...]:
    """In order of opening, those of one kind and note joined where they touch."""
    merged: list[DayInterval] = []
    for interval in sorted(intervals, key=lambda i: (i.kind, i.note, *_minutes(i))):
        joined = _joined(merged[-1], interval) if merged else None
        if joined:
            merged[-1] = joined
        else:
            merged.append(interval)
    return tuple(sorted(merged, key=lambda i: (*_minutes(i), i.kind, i.note)))


def _joined(first: DayInterval, second: DayInterval) -> DayInterval | None:
    if (first.kind, first.note) != (second.kind, second.note):
        return None
    start, end = _minutes(first)
    next_start, next_end = _minutes(second)
    if next_start > end or max(end, next_end) - start > _MINUTES_A_DAY:
        return None
    closes = first.closes if end >= next_end else second.closes
    return DayInterval(first.opens, closes, first.kind, first.note)


def _minutes(interval: DayInterval) -> tuple[float, float]:
    """Start and end in minutes from the midnight that begins the day."""
    start = interval.opens.hour * 60 + interval.opens.minute + interval.opens.second / 60
    end = interval.closes.hour * 60 + interval.closes.minute + interval.closes.second / 60
    return start, end if end > start else end + _MINUTES_A_DAY
