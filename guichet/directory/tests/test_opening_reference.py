"""Opening states against a reference written another way: it paints minutes one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.opening import (
    DayInterval,
    ExceptionalPeriod,
    OpeningState,
    WeeklyInterval,
    day_schedule,
    opening_state,
)

ZONES = ["Europe/Paris", "America/Miquelon", "Indian/Reunion", "Pacific/Marquesas"]


@dataclass(frozen=True)
class Site:
    intervals: tuple[WeeklyInterval, ...] | None
    exceptions: tuple[ExceptionalPeriod, ...]
    holidays: frozenset[date]
    zone: ZoneInfo
    open_on_holidays: bool
    kinds: tuple[str, ...]

    def holiday_name(self, day: date) -> str | None:
        return "Fête" if day in self.holidays else None

    def state(self, at: datetime, horizon_days: int) -> OpeningState:
        return opening_state(
            intervals=self.intervals,
            exceptions=self.exceptions,
            holiday_name=self.holiday_name,
            zone=self.zone,
            at=at,
            kinds=self.kinds,
            open_on_holidays=self.open_on_holidays,
            horizon_days=horizon_days,
        )


HORIZON = 4
MINUTE = timedelta(minutes=1)


def wall_clock(zone: ZoneInfo, first: date, days: int) -> dict[datetime, datetime]:
    """First instant at which the wall shows each time, for the days around."""
    instant = datetime.combine(first, time(0), UTC) - timedelta(days=1)
    clock: dict[datetime, datetime] = {}
    for _ in range((days + 4) * 24 * 2):
        clock.setdefault(instant.astimezone(zone).replace(tzinfo=None), instant)
        instant += timedelta(minutes=30)
    return clock


def length(period: ExceptionalPeriod) -> timedelta:
    return period.last_day - period.first_day


def covering_periods(site: Site, day: date, kind: str) -> list[ExceptionalPeriod]:
    return [
        period
        for period in site.exceptions
        if period.first_day <= day <= period.last_day and period.kind in (None, kind)
    ]


def ruled_by(site: Site, day: date, kind: str) -> str:
    """ "openings", "closed" or "" when no exceptional period decides."""
    covering = covering_periods(site, day, kind)
    closures = [length(period) for period in covering if period.closed]
    openings = [length(period) for period in covering if not period.closed]
    if closures and (not openings or min(openings) >= min(closures)):
        return "closed"
    return "openings" if openings else ""


def openings_of(site: Site, day: date, kind: str) -> Iterator[tuple[time, time, str]]:
    ruling = ruled_by(site, day, kind)
    if ruling == "openings":
        covering = covering_periods(site, day, kind)
        shortest_closure = min((length(p) for p in covering if p.closed), default=timedelta.max)
        for period in covering:
            if not period.closed and length(period) < shortest_closure:
                assert period.opens is not None
                assert period.closes is not None
                yield period.opens, period.closes, ""
    if ruling or site.intervals is None:
        return
    if day in site.holidays and not site.open_on_holidays:
        return
    for interval in site.intervals:
        if interval.kind == kind and interval.weekday == day.weekday():
            yield interval.opens, interval.closes, interval.note


def painted(site: Site, first: date, days: int) -> tuple[set[datetime], set[datetime]]:
    """Minutes certainly open and minutes possibly open, of openings that start in these days."""
    clock = wall_clock(site.zone, first, days)

    def instant(day: date, moment: time) -> datetime:
        shown = datetime.combine(day, moment)
        return clock[shown] if shown in clock else clock[shown + timedelta(hours=1)]

    certain: set[datetime] = set()
    possible: set[datetime] = set()
    for day in (first + timedelta(days=offset) for offset in range(days)):
        tomorrow = day + timedelta(days=1)
        for kind in site.kinds:
            for opens, closes, note in openings_of(site, day, kind):
                minute = instant(day, opens)
                end = instant(day if closes > opens else tomorrow, closes)
                if closes <= opens and ruled_by(site, tomorrow, kind) == "closed":
                    end = instant(tomorrow, time(0))
                while minute < end:
                    (possible if note else certain).add(minute)
                    minute += MINUTE
    return certain, possible


def is_unknown(site: Site, day: date) -> bool:
    return site.intervals is None and any(not ruled_by(site, day, kind) for kind in site.kinds)


def expected_state(
    site: Site, at: datetime
) -> tuple[bool | None, datetime | None, datetime | None]:
    """`is_open`, `closes_at` and `opens_at`, found by walking one minute after the other."""
    today = at.astimezone(site.zone).date()
    certain, possible = painted(site, today - timedelta(days=1), HORIZON + 2)
    end = datetime.combine(today + timedelta(days=HORIZON + 1), time(0), site.zone)
    minute = at
    if at in certain:
        while minute in certain:
            minute += MINUTE
        return True, None if minute >= end else minute, None
    opens_at = None
    while opens_at is None and minute < end:
        if minute in certain:
            opens_at = minute
        elif is_unknown(site, minute.astimezone(site.zone).date()):
            later_today = [m for m in certain if m > minute and _same_day(m, minute, site.zone)]
            opens_at = min(later_today, default=None)
            break
        minute += MINUTE
    unknown = at in possible or is_unknown(site, today)
    return (None if unknown else False), None, opens_at


def in_utc(moment: datetime | None) -> datetime | None:
    """Python finds a repeated hour equal to no instant of another zone: compare in UTC."""
    return moment.astimezone(UTC) if moment else None


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


half_hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
kinds = st.sampled_from(["walk_in", "telephone"])
# A change of clocks (Paris, Saint-Pierre-et-Miquelon) or an ordinary week.
anchors = st.sampled_from(
    [
        *(date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1)),
        *(date(2026, 6, 17), date(2026, 12, 31)),
    ]
)


@st.composite
def sites(draw: st.DrawFn) -> tuple[Site, datetime]:
    anchor = draw(anchors)
    days = st.integers(-3, 6).map(lambda offset: anchor + timedelta(days=offset))

    def period() -> ExceptionalPeriod:
        first = draw(days)
        last = first + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 3])))
        closed = draw(st.booleans())
        opens, closes = (None, None) if closed else (draw(half_hours), draw(half_hours))
        kind = draw(st.sampled_from([None, None, "walk_in", "telephone"]))
        reason = draw(st.sampled_from(["", "Grève", "Travaux"]))
        return ExceptionalPeriod(first, last, closed, opens, closes, kind, reason)

    weekday = st.integers(-1, 2).map(lambda offset: (anchor + timedelta(days=offset)).weekday())
    interval = st.builds(
        WeeklyInterval,
        weekday=weekday | st.integers(0, 6),
        opens=half_hours,
        closes=half_hours,
        kind=kinds,
        note=st.sampled_from(["", "", "", "semaines paires", "sauf vacances"]),
    )
    site = Site(
        intervals=draw(st.none() | st.lists(interval, max_size=8).map(tuple)),
        exceptions=tuple(period() for _ in range(draw(st.integers(0, 3)))),
        holidays=frozenset(draw(st.lists(days, max_size=2))),
        zone=draw(st.sampled_from([ZoneInfo(name) for name in ZONES])),
        open_on_holidays=draw(st.booleans()),
        kinds=draw(st.sampled_from([("walk_in",), ("walk_in", "telephone")])),
    )
    minutes = draw(st.integers(-36 * 60, 36 * 60))
    at = datetime.combine(anchor, time(0), UTC) + timedelta(minutes=minutes)
    return site, at


@given(sites())
@settings(max_examples=150, deadline=None)
def test_the_state_is_that_of_a_reference_that_walks_minute_by_minute(
    case: tuple[Site, datetime],
) -> None:
    site, at = case
    state = site.state(at, HORIZON)
    told = (state.is_open, in_utc(state.closes_at), in_utc(state.opens_at))
    assert told == expected_state(site, at)


@given(sites())
@settings(deadline=None)
def test_a_site_is_not_open_when_it_closes_and_is_open_when_it_opens(
    case: tuple[Site, datetime],
) -> None:
    site, at = case
    state = site.state(at, HORIZON)
    closes_at, opens_at = in_utc(state.closes_at), in_utc(state.opens_at)
    if closes_at:
        assert closes_at > at
        assert site.state(closes_at, HORIZON).is_open is not True
        assert site.state(closes_at - MINUTE, HORIZON).is_open is True
    if opens_at:
        assert opens_at > at
        assert site.state(opens_at, HORIZON).is_open is True
        assert site.state(opens_at - MINUTE, HORIZON).is_open is not True


@given(sites(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_hours_and_exceptions_does_not_matter(
    case: tuple[Site, datetime], random: Random
) -> None:
    site, at = case
    intervals = site.intervals and tuple(random.sample(site.intervals, len(site.intervals)))
    exceptions = tuple(random.sample(site.exceptions, len(site.exceptions)))
    shuffled = replace(site, intervals=intervals, exceptions=exceptions)
    assert site.state(at, HORIZON) == shuffled.state(at, HORIZON)


@given(sites())
@settings(deadline=None)
def test_a_table_of_hours_agrees_with_the_state(case: tuple[Site, datetime]) -> None:
    site, at = case
    today = at.astimezone(site.zone).date()
    certain, _ = painted(site, today, 1)
    schedule = day_schedule(
        today,
        intervals=site.intervals,
        exceptions=site.exceptions,
        holiday_name=site.holiday_name,
        kinds=site.kinds,
        open_on_holidays=site.open_on_holidays,
    )
    assert bool(certain) == any(
        not interval.note and _takes_place(site.zone, today, interval)
        for interval in schedule.intervals
    )
    assert schedule.is_known is not is_unknown(site, today)


def _takes_place(zone: ZoneInfo, day: date, interval: DayInterval) -> bool:
    last_day = day if interval.closes > interval.opens else day + timedelta(days=1)
    start = datetime.combine(day, interval.opens, zone).astimezone(UTC)
    return start < datetime.combine(last_day, interval.closes, zone).astimezone(UTC)
