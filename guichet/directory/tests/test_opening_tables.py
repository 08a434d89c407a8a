"""Tables of hours: what each day of a week says, and why it differs."""

from __future__ import annotations

from datetime import date, time

from guichet.directory.opening import DayInterval, day_schedule, weekly_table
from guichet.directory.tests.opening_examples import (
    OFFICE,
    THURSDAY,
    TUESDAY,
    closure,
    holidays_of,
    opening,
    ordinary,
    weekly,
)


def test_a_week_names_what_differs() -> None:
    week = weekly_table(
        date(2026, 11, 9),
        intervals=[*reversed(OFFICE)],
        exceptions=[
            closure(date(2026, 11, 12), reason="Pont"),
            opening(date(2026, 11, 14), "09:00-11:00", reason="Journée des droits"),
        ],
        holiday_name=holidays_of("75"),
    )
    usual = (
        DayInterval(time(9), time(12), "walk_in"),
        DayInterval(time(13, 30), time(17), "walk_in"),
    )
    assert [day.day for day in week] == [date(2026, 11, 9 + n) for n in range(7)]
    assert week[0].intervals == week[1].intervals == week[4].intervals == usual
    assert [day.reason for day in week] == [
        *("", "", "Jour férié (Armistice)", "Pont", "", "Journée des droits", "")
    ]
    assert [day.holiday for day in week if day.holiday] == ["Armistice"]
    assert [len(day.intervals) for day in week] == [2, 2, 0, 0, 2, 1, 0]
    assert [day.is_exceptional for day in week] == [
        *(False, False, False, True, False, True, False)
    ]
    assert all(day.is_known for day in week)


def test_unknown_hours_give_unknown_days_but_for_the_exceptional_ones() -> None:
    week = weekly_table(
        date(2026, 11, 9),
        intervals=None,
        exceptions=[closure(date(2026, 11, 12))],
        holiday_name=ordinary,
    )
    assert [day.is_known for day in week] == [*(False, False, False, True), *(False,) * 3]


def test_hours_that_touch_are_joined_within_a_kind_and_a_note() -> None:
    day = day_schedule(
        date(2026, 11, 19),
        intervals=weekly(THURSDAY, hours="12:00-17:00 08:00-12:00 16:00-16:30")
        + weekly(THURSDAY, hours="17:00-19:00", note="sauf vacances"),
        exceptions=[],
        holiday_name=ordinary,
    )
    assert day.intervals == (
        DayInterval(time(8), time(17), "walk_in"),
        DayInterval(time(17), time(19), "walk_in", "sauf vacances"),
    )


def test_joined_hours_never_exceed_a_day() -> None:
    day = day_schedule(
        date(2026, 11, 19),
        intervals=weekly(THURSDAY, hours="00:00-00:00 20:00-02:00"),
        exceptions=[],
        holiday_name=ordinary,
    )
    assert day.intervals == (
        DayInterval(time(0), time(0), "walk_in"),
        DayInterval(time(20), time(2), "walk_in"),
    )


def test_an_evening_cut_by_a_closure_ends_at_midnight() -> None:
    day = day_schedule(
        date(2026, 11, 17),
        intervals=weekly(TUESDAY, hours="20:00-02:00"),
        exceptions=[closure(date(2026, 11, 18))],
        holiday_name=ordinary,
    )
    assert day.intervals == (DayInterval(time(20), time(0), "walk_in"),)


def test_a_day_that_is_exceptional_for_another_kind_is_not_for_this_one() -> None:
    calls = closure(date(2026, 7, 14), reason="Standard en travaux", kind="telephone")
    day = day_schedule(
        date(2026, 7, 14), intervals=OFFICE, exceptions=[calls], holiday_name=holidays_of("75")
    )
    assert not day.is_exceptional
    assert day.reason == "Jour férié (Fête nationale)"
