"""Periods: codes, ISO weeks, what they sum up to, what comes before."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.periods import (
    PeriodKind,
    code_of,
    following,
    period,
    periods_above,
    periods_between,
    previous,
    weeks_in,
    year_before,
)

CASES = (
    Path(__file__).resolve().parents[3]
    / "docs"
    / "methods"
    / "observation_example"
    / "worked_formulas.csv"
)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(PeriodKind)


def cases_of(rule):
    with CASES.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["rule"] == rule]
    assert rows, f"the method holds no case of {rule}"
    return [(row["inputs"].removeprefix("period="), row["expected"]) for row in rows]


@pytest.mark.parametrize(("code", "expected"), cases_of("period_above"))
def test_periods_above_of_the_method(code, expected):
    assert "|".join(periods_above(code)) == expected


@pytest.mark.parametrize(("code", "expected"), cases_of("previous_and_year_before"))
def test_previous_and_year_before_of_the_method(code, expected):
    assert "|".join([previous(code), year_before(code) or ""]) == expected


@pytest.mark.parametrize(
    ("code", "kind", "first", "last"),
    [
        ("2026-01-31", PeriodKind.DAY, "2026-01-31", "2026-01-31"),
        ("2026-W01", PeriodKind.WEEK, "2025-12-29", "2026-01-04"),
        ("2024-02", PeriodKind.MONTH, "2024-02-01", "2024-02-29"),
        ("2026-Q4", PeriodKind.QUARTER, "2026-10-01", "2026-12-31"),
        ("2026", PeriodKind.YEAR, "2026-01-01", "2026-12-31"),
        ("2026-W", PeriodKind.ISO_YEAR, "2025-12-29", "2027-01-03"),
    ],
)
def test_a_code_says_its_first_and_last_day(code, kind, first, last):
    found = period(code)
    days = (found.first_day.isoformat(), found.last_day.isoformat())
    assert (found.code, found.kind, *days) == (code, kind, first, last)


@pytest.mark.parametrize(
    "code",
    ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-W00", "2025-W53", "2026-W54",
     "2026-02-29", "2026-1", "2026-W5", "janvier", "2026-01-01\n", "٢٠٢٦", "0000", "2026/01"],
)  # fmt: skip
def test_anything_else_is_refused_with_the_codes_to_write(code):
    with pytest.raises(ValueError, match="n'est pas une période : écrivez"):
        period(code)


@settings(deadline=None)
@given(KINDS, DAYS)
def test_the_period_of_a_day_holds_it_and_its_code_reads_back(kind, day):
    found = period(code_of(kind, day))
    assert found.kind is kind
    assert found.first_day <= day <= found.last_day


@settings(deadline=None)
@given(KINDS, DAYS)
def test_previous_and_following_undo_each_other_and_leave_no_gap(kind, day):
    code = code_of(kind, day)
    assert previous(following(code)) == code == following(previous(code))
    assert period(following(code)).first_day == period(code).last_day + timedelta(days=1)


@settings(deadline=None)
@given(KINDS, DAYS)
def test_a_year_before_has_the_same_name_in_the_year_before(kind, day):
    code = code_of(kind, day)
    found = year_before(code)
    if found is None:
        assert code.endswith(("-02-29", "-W53"))
    else:
        assert (period(found).year, found[4:]) == (period(code).year - 1, code[4:])


@settings(deadline=None)
@given(KINDS, DAYS)
def test_what_is_above_holds_it_wholly_and_is_of_its_year(kind, day):
    code = code_of(kind, day)
    inner = period(code)
    for above in map(period, periods_above(code)):
        assert above.first_day <= inner.first_day
        assert inner.last_day <= above.last_day
        assert above.year == inner.year


@settings(deadline=None)
@given(st.integers(1990, 2100))
def test_iso_years_follow_each_other_and_count_their_weeks(year):
    found = period(f"{year}-W")
    assert (found.last_day - found.first_day).days + 1 == 7 * weeks_in(year)
    assert found.first_day.isocalendar()[:3] == (year, 1, 1)
    weeks = periods_between(PeriodKind.WEEK, found.first_day, found.last_day)
    assert len(weeks) == weeks_in(year)
    assert {code[:4] for code in weeks} == {str(year)}


def test_years_that_begin_on_a_thursday_or_leap_to_one_have_53_weeks():
    assert [year for year in range(2015, 2033) if weeks_in(year) == 53] == [2015, 2020, 2026, 2032]


def test_periods_between_are_whole():
    found = periods_between(PeriodKind.MONTH, date(2026, 1, 2), date(2026, 4, 29))
    assert found == ["2026-02", "2026-03"]
    assert periods_between(PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 30)) == []


@settings(deadline=None)
@given(KINDS, DAYS, st.integers(0, 800))
def test_periods_between_are_all_those_that_lie_between(kind, first_day, length):
    last_day = first_day + timedelta(days=length)
    found = [period(code) for code in periods_between(kind, first_day, last_day)]
    days = {first_day + timedelta(days=n) for n in range(length + 1)}
    expected = {code_of(kind, day) for day in days}
    whole = {code for code in expected if {period(code).first_day, period(code).last_day} <= days}
    assert {p.code for p in found} == whole
    assert [p.first_day for p in found] == sorted(p.first_day for p in found)


def test_periods_have_french_names():
    assert [kind.label for kind in PeriodKind] == [
        "jour",
        "semaine",
        "mois",
        "trimestre",
        "année",
        "année de semaines",
    ]
