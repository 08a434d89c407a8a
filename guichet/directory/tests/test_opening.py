"""Whether a site is open: worked examples on real calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guichet.directory.opening import (
    ALWAYS_OPEN,
    EXCEPTIONAL_CLOSURE,
    UNKNOWN_HOURS,
    ExceptionalPeriod,
    OpeningState,
    WeeklyInterval,
)
from guichet.directory.tests.opening_examples import (
    FRIDAY,
    GUADELOUPE,
    MIQUELON,
    OFFICE,
    POLICE,
    REUNION,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    closed_until,
    closure,
    moment,
    open_until,
    opening,
    state_at,
    weekly,
)
from guichet.territories.holidays import customary_day_off


class TestAnOrdinaryWeek:
    # 19 November 2026 is a Thursday.

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-11-19T08:59", closed_until("2026-11-19T09:00")),
            ("2026-11-19T09:00", open_until("2026-11-19T12:00")),
            ("2026-11-19T11:59:59", open_until("2026-11-19T12:00")),
            ("2026-11-19T12:00", closed_until("2026-11-19T13:30")),
            ("2026-11-19T13:30", open_until("2026-11-19T17:00")),
            ("2026-11-19T17:00", closed_until("2026-11-20T09:00")),
            ("2026-11-20T18:00", closed_until("2026-11-23T09:00")),
            ("2026-11-21T10:00", closed_until("2026-11-23T09:00")),
        ],
    )
    def test_lunch_and_week_end_are_closed(self, at: str, expected: OpeningState) -> None:
        assert state_at(at) == expected

    def test_openings_that_touch_or_overlap_are_one(self) -> None:
        assert state_at(
            "2026-11-19T08:30", weekly(THURSDAY, hours="08:00-12:00 12:00-17:00")
        ) == open_until("2026-11-19T17:00")
        assert state_at(
            "2026-11-19T08:30", weekly(THURSDAY, hours="10:00-18:00 08:00-11:00 09:00-09:30")
        ) == open_until("2026-11-19T18:00")

    def test_the_moment_may_be_told_in_any_zone(self) -> None:
        at = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
        assert state_at(at) == open_until("2026-11-19T12:00")

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            state_at(datetime(2026, 11, 19, 8, 0))  # noqa: DTZ001

    def test_validity_bounds_are_included(self) -> None:
        winter = [replace(i, valid_until=date(2026, 11, 19)) for i in OFFICE]
        summer = [replace(i, valid_from=date(2026, 11, 24)) for i in OFFICE]
        assert state_at("2026-11-19T10:00", winter).is_open is True
        assert state_at("2026-11-20T10:00", winter + summer) == closed_until("2026-11-24T09:00")

    def test_kinds_are_told_apart(self) -> None:
        both = weekly(THURSDAY, hours="09:00-12:00") + weekly(
            THURSDAY, hours="12:00-18:00", kind="telephone"
        )
        assert state_at("2026-11-19T14:00", both).is_open is False
        assert state_at("2026-11-19T14:00", both, kinds=("telephone",)).is_open is True
        assert state_at("2026-11-19T09:00", both, kinds=("walk_in", "telephone")) == open_until(
            "2026-11-19T18:00"
        )


class TestUnknownHours:
    def test_no_hours_are_unknown_and_not_closed(self) -> None:
        assert state_at("2026-11-19T10:00", None) == OpeningState(
            None, None, None, UNKNOWN_HOURS, ""
        )

    def test_an_empty_week_is_closed(self) -> None:
        assert state_at("2026-11-19T10:00", []) == OpeningState(False, None, None, "", "")

    def test_an_exceptional_day_is_known_all_the_same(self) -> None:
        closed = closure(date(2026, 11, 19), reason="Grève")
        assert state_at("2026-11-19T10:00", None, closed) == OpeningState(
            False, None, None, "Grève", ""
        )
        opened = opening(date(2026, 11, 19), "09:00-12:00")
        assert state_at("2026-11-19T10:00", None, opened) == open_until("2026-11-19T12:00")
        assert state_at("2026-11-19T08:00", None, opened) == closed_until("2026-11-19T09:00")

    def test_the_next_opening_is_not_told_beyond_a_day_that_is_unknown(self) -> None:
        exceptions = [closure(date(2026, 11, 19)), opening(date(2026, 11, 21), "09:00-12:00")]
        assert state_at("2026-11-19T10:00", None, *exceptions).opens_at is None
        exceptions.append(closure(date(2026, 11, 20)))
        assert state_at("2026-11-19T10:00", None, *exceptions).opens_at == moment(
            "2026-11-21T09:00"
        )

    def test_an_exceptional_evening_runs_into_an_unknown_day(self) -> None:
        opened = opening(date(2026, 11, 19), "20:00-02:00")
        assert state_at("2026-11-20T01:00", None, opened) == open_until("2026-11-20T02:00")
        assert state_at("2026-11-20T02:00", None, opened).is_open is None


class TestNotes:
    def test_a_condition_that_no_calendar_settles_never_makes_a_site_open(self) -> None:
        even_weeks = weekly(THURSDAY, hours="09:00-12:00", note="semaines paires")
        assert state_at("2026-11-19T10:00", even_weeks) == OpeningState(
            None, None, None, "", "semaines paires"
        )
        assert state_at("2026-11-19T12:00", even_weeks) == OpeningState(
            False, None, None, "", "semaines paires"
        )

    def test_certain_hours_prevail_and_end_where_doubt_begins(self) -> None:
        mixed = weekly(THURSDAY, hours="09:00-12:00") + weekly(
            THURSDAY, hours="11:00-16:00", note="semaines paires"
        )
        assert state_at("2026-11-19T11:30", mixed) == open_until("2026-11-19T12:00")
        assert state_at("2026-11-19T12:00", mixed) == OpeningState(
            None, None, moment("2026-11-26T09:00"), "", "semaines paires"
        )

    def test_an_uncertain_opening_before_the_next_certain_one_is_told(self) -> None:
        mixed = weekly(THURSDAY, note="semaines paires") + weekly(FRIDAY)
        assert state_at("2026-11-18T10:00", mixed) == OpeningState(
            False, None, moment("2026-11-20T09:00"), "", "semaines paires"
        )


class TestPublicHolidays:
    def test_good_friday_closes_strasbourg_and_not_paris(self) -> None:
        # Easter is on 5 April in 2026.
        assert state_at("2026-04-03T10:00", code="67") == closed_until(
            "2026-04-07T09:00", reason="Jour férié (Vendredi saint)"
        )
        assert state_at("2026-04-03T10:00", code="75") == open_until("2026-04-03T12:00")

    def test_27_may_closes_guadeloupe_and_not_martinique(self) -> None:
        at = "2026-05-27T10:00"
        martinique = ZoneInfo("America/Martinique")
        assert state_at(at, code="971", zone=GUADELOUPE) == closed_until(
            "2026-05-28T09:00", GUADELOUPE, "Jour férié (Abolition de l'esclavage)"
        )
        assert state_at(at, code="972", zone=martinique).is_open is True

    def test_an_exceptional_opening_prevails_over_a_holiday(self) -> None:
        opened = opening(date(2026, 8, 14), "10:00-12:00")
        holiday = opening(date(2026, 7, 14), "10:00-12:00", reason="Portes ouvertes")
        assert state_at("2026-07-14T11:00", OFFICE, holiday, opened) == open_until(
            "2026-07-14T12:00"
        )
        assert state_at("2026-07-14T12:00", OFFICE, holiday, opened) == closed_until(
            "2026-07-15T09:00"
        )

    def test_some_sites_are_open_on_holidays(self) -> None:
        assert state_at("2026-07-14T11:00", open_on_holidays=True).is_open is True

    def test_a_customary_day_off_is_uncertain_unless_the_site_says_otherwise(self) -> None:
        options = {
            "code": "971",
            "zone": GUADELOUPE,
            "customary_day_off": lambda day: customary_day_off("971", day),
        }
        assert state_at("2026-07-21T10:00", **options) == OpeningState(
            None,
            None,
            moment("2026-07-22T09:00", GUADELOUPE),
            "",
            "Fête de Victor Schoelcher, jour souvent chômé",
        )
        opened = opening(date(2026, 7, 21), "09:00-11:00")
        assert state_at("2026-07-21T10:00", OFFICE, opened, **options).is_open is True
        assert state_at("2026-07-21T10:00", open_on_holidays=True, **options).is_open is True


class TestExceptionalDays:
    def test_a_closure_says_why_and_when_the_site_opens_again(self) -> None:
        august = closure(date(2026, 8, 3), date(2026, 8, 14), reason="Congés annuels")
        assert state_at("2026-08-10T10:00", OFFICE, august) == closed_until(
            "2026-08-17T09:00", reason="Congés annuels"
        )
        assert state_at("2026-08-10T10:00", OFFICE, replace(august, reason="")).reason == (
            EXCEPTIONAL_CLOSURE
        )

    def test_openings_of_one_day_add_up_and_replace_its_hours(self) -> None:
        day = date(2026, 11, 19)
        exceptions = [
            opening(day, "08:00-10:00"),
            opening(day, "14:00-16:00", day + timedelta(days=1)),
        ]
        assert state_at("2026-11-19T09:30", OFFICE, *exceptions) == open_until("2026-11-19T10:00")
        assert state_at("2026-11-19T10:00", OFFICE, *exceptions) == closed_until("2026-11-19T14:00")
        assert state_at("2026-11-20T09:30", OFFICE, *exceptions) == closed_until("2026-11-20T14:00")

    def test_the_shorter_of_a_closure_and_an_opening_prevails(self) -> None:
        day = date(2026, 8, 12)
        month = (date(2026, 8, 1), date(2026, 8, 31))
        assert state_at(
            "2026-08-12T10:30", OFFICE, closure(*month), opening(day, "10:00-11:00")
        ) == open_until("2026-08-12T11:00")
        summer = opening(month[0], "10:00-11:00", month[1])
        assert state_at("2026-08-12T10:30", OFFICE, summer, closure(day)).is_open is False
        assert state_at("2026-08-13T10:30", OFFICE, summer, closure(day)).is_open is True

    def test_a_closure_prevails_over_an_opening_as_long_as_itself(self) -> None:
        day = date(2026, 11, 19)
        exceptions = [opening(day, "09:00-12:00"), closure(day)]
        assert state_at("2026-11-19T10:00", OFFICE, *exceptions).is_open is False

    def test_every_reason_of_a_closure_is_told(self) -> None:
        day = date(2026, 11, 19)
        exceptions = [closure(day, reason="Travaux"), closure(day), closure(day, reason="Grève")]
        assert state_at("2026-11-19T10:00", OFFICE, *exceptions).reason == "Grève, Travaux"

    def test_a_period_may_concern_one_kind_only(self) -> None:
        closed = closure(date(2026, 11, 19), kind="telephone")
        phones = weekly(THURSDAY, hours="09:00-18:00", kind="telephone")
        assert state_at("2026-11-19T10:00", OFFICE + phones, closed).is_open is True
        telephone = state_at("2026-11-19T10:00", OFFICE + phones, closed, kinds=("telephone",))
        assert telephone.is_open is False
        evening = "2026-11-19T17:30"
        either = ("walk_in", "telephone")
        assert state_at(evening, OFFICE + phones, kinds=either).is_open is True
        assert state_at(evening, OFFICE + phones, closed, kinds=either).is_open is False

    @pytest.mark.parametrize(
        ("first", "last", "closed", "opens", "closes", "message"),
        [
            (2, 1, True, None, None, "précède"),
            (1, 1, True, time(9), time(12), "jours entiers"),
            (1, 1, False, time(9), None, "heure"),
            (1, 1, False, None, None, "heure"),
        ],
    )
    def test_a_period_that_contradicts_itself_is_refused(
        self,
        first: int,
        last: int,
        closed: bool,
        opens: time | None,
        closes: time | None,
        message: str,
    ) -> None:
        with pytest.raises(ValueError, match=message):
            ExceptionalPeriod(
                date(2026, 1, first), date(2026, 1, last), closed, opens, closes, None, ""
            )

    def test_a_weekday_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(ValueError, match="jour de la semaine"):
            WeeklyInterval(7, time(9), time(12))


class TestMidnight:
    BAR = weekly(TUESDAY, hours="20:00-02:00")

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-11-17T23:59", open_until("2026-11-18T02:00")),
            ("2026-11-18T00:00", open_until("2026-11-18T02:00")),
            ("2026-11-18T01:59", open_until("2026-11-18T02:00")),
            ("2026-11-18T02:00", closed_until("2026-11-24T20:00")),
        ],
    )
    def test_an_evening_runs_past_midnight(self, at: str, expected: OpeningState) -> None:
        assert state_at(at, self.BAR) == expected

    def test_the_evening_before_a_holiday_runs_past_midnight(self) -> None:
        # Tuesday 10 November, before Armistice day.
        assert state_at("2026-11-11T01:00", self.BAR) == open_until("2026-11-11T02:00")

    def test_the_evening_of_a_holiday_does_not_take_place(self) -> None:
        # Tuesday 14 July.
        assert state_at("2026-07-14T21:00", self.BAR).is_open is False
        assert state_at("2026-07-15T01:00", self.BAR).is_open is False

    def test_an_exceptional_closure_of_the_next_day_ends_the_evening_at_midnight(self) -> None:
        closed = closure(date(2026, 11, 18))
        assert state_at("2026-11-17T23:00", self.BAR, closed) == open_until("2026-11-18T00:00")
        assert state_at("2026-11-18T00:00", self.BAR, closed).is_open is False

    def test_it_ends_a_round_of_the_clock_too(self) -> None:
        guard = weekly(TUESDAY, hours="08:00-08:00")
        closed = closure(date(2026, 11, 18))
        assert state_at("2026-11-17T23:00", guard, closed) == open_until("2026-11-18T00:00")

    def test_a_closure_of_another_kind_does_not(self) -> None:
        closed = closure(date(2026, 11, 18), kind="telephone")
        assert state_at("2026-11-18T01:00", self.BAR, closed).is_open is True

    def test_always_open_never_closes(self) -> None:
        state = state_at("2026-11-18T03:00", POLICE, open_on_holidays=True)
        assert state == OpeningState(True, None, None, ALWAYS_OPEN, "")

    @pytest.mark.parametrize(
        "week",
        [
            [replace(i, valid_until=date(2026, 11, 30)) for i in POLICE],
            [replace(i, note="sauf travaux") if i.weekday == TUESDAY else i for i in POLICE],
            [replace(i, opens=time(8), closes=time(8)) if i.weekday == 1 else i for i in POLICE],
            POLICE[:1],
        ],
    )
    def test_a_week_round_the_clock_with_a_limit_closes(self, week: list[WeeklyInterval]) -> None:
        assert state_at("2026-11-23T03:00", week, open_on_holidays=True) == open_until(
            "2026-12-01T00:00" if week[0].valid_until else "2026-11-24T00:00"
        )

    def test_an_exceptional_closure_ends_what_is_always_open(self) -> None:
        closed = closure(date(2026, 11, 24))
        assert state_at("2026-11-23T03:00", POLICE, closed, open_on_holidays=True) == open_until(
            "2026-11-24T00:00"
        )

    def test_always_open_but_on_holidays_closes_at_midnight(self) -> None:
        assert state_at("2026-11-09T03:00", POLICE) == open_until("2026-11-11T00:00")
        assert state_at("2026-11-11T03:00", POLICE) == closed_until(
            "2026-11-12T00:00", reason="Jour férié (Armistice)"
        )

    def test_a_round_of_the_clock_starts_and_ends_at_its_own_hour(self) -> None:
        guard = weekly(SATURDAY, hours="08:00-08:00")
        assert state_at("2026-11-22T07:59", guard) == open_until("2026-11-22T08:00")
        assert state_at("2026-11-22T08:00", guard) == closed_until("2026-11-28T08:00")


class TestChangesOfClocks:
    # Metropolitan France: 29 March 2026, 02:00 is 03:00; 25 October 2026, 03:00 is 02:00.

    def test_the_night_of_march_is_an_hour_shorter(self) -> None:
        night = weekly(SATURDAY, hours="22:00-06:00")
        state = state_at("2026-03-28T22:00", night)
        assert state == open_until("2026-03-29T06:00")
        assert state.closes_at is not None
        assert state.closes_at.astimezone(UTC) == datetime(2026, 3, 29, 4, tzinfo=UTC)

    def test_the_night_of_october_is_an_hour_longer(self) -> None:
        night = weekly(SATURDAY, hours="22:00-06:00")
        state = state_at("2026-10-24T22:00", night)
        assert state.closes_at is not None
        assert state.closes_at.astimezone(UTC) == datetime(2026, 10, 25, 5, tzinfo=UTC)

    def test_an_hour_that_does_not_exist_moves_forward(self) -> None:
        early = weekly(SUNDAY, hours="02:30-06:00")
        assert state_at("2026-03-29T01:59", early) == closed_until("2026-03-29T03:30")
        assert state_at("2026-03-29T03:29", early).is_open is False
        assert state_at("2026-03-29T03:30", early) == open_until("2026-03-29T06:00")

    def test_an_opening_that_the_change_of_clocks_swallows_does_not_take_place(self) -> None:
        swallowed = weekly(SUNDAY, hours="02:30-03:15")
        assert state_at("2026-03-29T03:10", swallowed) == closed_until("2026-04-05T02:30")

    def test_an_hour_that_happens_twice_is_the_first(self) -> None:
        late = weekly(SATURDAY, hours="22:00-02:30")
        first, second = (moment("2026-10-25T02:15", fold=fold) for fold in (0, 1))
        assert state_at(first, late).is_open is True
        assert state_at(second, late).is_open is False
        early = weekly(SUNDAY, hours="02:30-06:00")
        opens_at = state_at(first, early).opens_at
        assert opens_at is not None
        assert opens_at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert state_at(second, early) == open_until("2026-10-25T06:00")

    def test_the_same_office_opens_earlier_in_universal_time_in_summer(self) -> None:
        for text, universal in (("2026-03-28T00:00", 8), ("2026-03-29T00:00", 7)):
            opens_at = state_at(text, weekly(*range(7))).opens_at
            assert opens_at is not None
            assert opens_at.astimezone(UTC).hour == universal

    def test_la_reunion_never_changes_its_clocks(self) -> None:
        for day in ("2026-03-29", "2026-10-25"):
            opens_at = state_at(f"{day}T02:30", weekly(SUNDAY), code="974", zone=REUNION).opens_at
            assert opens_at is not None
            assert opens_at.astimezone(UTC).hour == 5

    def test_saint_pierre_changes_on_the_dates_of_canada(self) -> None:
        # Second Sunday of March (8 March 2026): from three hours behind UTC to two.
        for day, universal in (("2026-03-07", 12), ("2026-03-08", 11), ("2026-11-01", 12)):
            site = weekly(*range(7), hours="09:00-12:00")
            opens_at = state_at(
                f"{day}T00:30", site, code="975", zone=MIQUELON, open_on_holidays=True
            ).opens_at
            assert opens_at is not None
            assert opens_at.astimezone(UTC).hour == universal
