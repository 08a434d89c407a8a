"""Numbers and periods as people type them: what is certain is mended, the rest is not guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.periods import PeriodKind, period
from guichet.indicators.checking.numbers import (
    LARGEST,
    counter_fault,
    counter_of,
    declared_value,
    mended_counter,
)
from guichet.indicators.checking.periods_typed import certain_period


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("412", "412"),
        (" 412 ", "412"),
        ("1 234", "1234"),
        ("1\u202f234\u00a0567", "1234567"),
        ("1'234'567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("412,0", "412"),
        ("412.00", "412"),
        ("1 500,0", "1500"),
        ("1,000", None),  # a thousand, or one
        ("1.234", None),
        ("12 34", None),
        ("1 234 56", None),
        ("1,5", None),
        ("-4", None),
        ("4 %", None),
        ("1e3", None),
        ("٣", None),
        ("", None),
    ],
)
def test_only_what_is_certain_is_mended(text: str, mended: str | None) -> None:
    assert mended_counter(text) == mended


@given(st.integers(0, LARGEST), st.sampled_from(["", ",0", ",00", ".0", ".00"]))
def test_any_counter_is_read_as_written_in_digits_or_in_french(number: int, zeros: str) -> None:
    assert counter_of(f"{number}{zeros}") == number
    for separator in (" ", "\u00a0", "\u202f"):
        text = f"{number:,}{zeros}".replace(",", separator, f"{number:,}".count(","))
        assert counter_of(text) == number
        assert mended_counter(text) == str(number)


@pytest.mark.parametrize(
    "text",
    "1,000;1.234;1,234;12 34;1234 567;0 123;1 234 56;1  234;1,0,0;412,;412,000;412,5;,0;1'234;"
    "1.234.567;-4;1e3;٣;;1\t234".split(";"),
)
def test_what_may_say_something_else_is_not_read(text: str) -> None:
    assert counter_of(text) is None


@given(st.text(max_size=20))
def test_a_cell_is_either_a_counter_or_told(text: str) -> None:
    number = counter_of(text)
    if number is None or number > LARGEST:
        assert counter_fault(text).endswith((".", "»"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,4", Decimal("12.4")),
        ("-0.1234", Decimal("-0.1234")),
        ("12", Decimal(12)),
        ("12,45678", None),
        ("1 234,5", None),
        ("12,4 %", None),
        ("nan", None),
    ],
)
def test_declared_values_are_decimals_of_four_places(text: str, value: Decimal | None) -> None:
    assert declared_value(text) == value


MONTH, QUARTER, WEEK = PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.WEEK


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("2026-01-01", MONTH, "2026-01"),
        ("2026-01-01 00:00:00", MONTH, "2026-01"),
        ("01/01/2026", MONTH, "2026-01"),
        ("31/01/2026", MONTH, ""),
        ("01/02/2026", MONTH, "2026-02"),  # a French day, never the American one
        ("1/2026", MONTH, "2026-01"),
        ("202601", MONTH, "2026-01"),
        ("2026/1", MONTH, "2026-01"),
        ("janv-26", MONTH, "2026-01"),
        ("janv.-26", MONTH, "2026-01"),
        ("Février 2026", MONTH, "2026-02"),
        ("déc. 2025", MONTH, "2025-12"),
        ("jui-26", MONTH, ""),
        ("juin 2026", MONTH, "2026-06"),
        ("juil. 26", MONTH, "2026-07"),
        ("13/2026", MONTH, ""),
        ("T1 2026", QUARTER, "2026-Q1"),
        ("2026-T1", QUARTER, "2026-Q1"),
        ("2026q4", QUARTER, "2026-Q4"),
        ("T5 2026", QUARTER, ""),
        ("janv-26", QUARTER, ""),
        ("S5 2026", WEEK, "2026-W05"),
        ("2026-S05", WEEK, "2026-W05"),
        ("2026-S54", WEEK, ""),
        ("31/01/2026", PeriodKind.DAY, "2026-01-31"),
        ("30/02/2026", PeriodKind.DAY, ""),
        ("le mois dernier", MONTH, ""),
        ("", MONTH, ""),
    ],
)
def test_periods_typed_otherwise(text: str, kind: PeriodKind, code: str) -> None:
    assert certain_period(text, kind) == code


@given(st.text(alphabet="0123456789-/. TtQqSsWwjanvier", max_size=12))
def test_a_mended_period_is_always_a_period(text: str) -> None:
    for kind in (MONTH, QUARTER, WEEK, PeriodKind.DAY, None):
        code = certain_period(text, kind)
        assert code == "" or kind in {None, period(code).kind}
