"""Published figures as pages read them: the objects of `PlaceFigures.figures`, with decimals.

Owns the reading of these objects; refuses to compute any figure, and Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from guichet.core import periods
from guichet.core.periods import Period, PeriodKind
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import whole_of
from guichet.indicators.calculations.verdicts import least_whole

Item = Mapping[str, Any]
"""One object of `PlaceFigures.figures`."""

WITHHELD = "withheld"
"""The pool of a structure that could not be pooled with anybody."""

LEAST_POINTS = 6
"""A series by quarters from this many points on; with fewer, by the finest period."""

MOST_MONTHS = 12
"""Months told beside a figure by quarters."""

HEADLINE = (
    PeriodKind.QUARTER,
    PeriodKind.WEEK,
    PeriodKind.YEAR,
    PeriodKind.ISO_YEAR,
    PeriodKind.MONTH,
    PeriodKind.DAY,
)
"""Which period is shown in large, best first: a quarter holds more cases than a month, and says
more; days and months are always in a quarter or in a year."""


@lru_cache(maxsize=4096)
def kind_of(code: str) -> PeriodKind:
    """The kind of period of a code; few codes are read many times."""
    return periods.period(code).kind


@lru_cache(maxsize=4096)
def earlier_period(code: str, verdict: str) -> str:
    """The period that a change is about: `verdict` is "previous" or "year_before"."""
    earlier = periods.previous if verdict == "previous" else periods.year_before
    return earlier(code) or ""


@lru_cache(maxsize=4096)
def whole_period(last_day: date, grain: PeriodKind, through: date) -> Period:
    """The period of the grain that holds `last_day`, or the one before while it is not over."""
    found = periods.period(periods.code_of(grain, last_day))
    return found if found.last_day <= through else periods.period(periods.previous(found.code))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against the rest of a place: `verdict` is better, worse, above, below, insufficient or
    no_clear_difference."""

    rest: Decimal | None
    gap: Decimal | None
    verdict: str

    @property
    def is_insufficient(self) -> bool:
        return self.verdict == "insufficient"


@dataclass(frozen=True, slots=True)
class Change:
    """Since `period`: `verdict` is improved, worsened, rose, fell, insufficient or
    no_clear_change."""

    period: str
    gap: Decimal | None
    verdict: str


@dataclass(frozen=True, slots=True)
class QuantileBounds:
    """The bounds of one quantile; None is open."""

    q: Decimal
    above: Decimal | None
    at_most: Decimal | None
    interval_above: Decimal | None
    interval_at_most: Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure. `state` is published, missing, no_whole, declared, or withheld where a
    sum of no case leaves some out (`left_out`); `target` is met, not_met or empty; `low` and
    `high` are the 95 % interval of a sample. `source` is that of a declared value, when the release
    holds it, and `aimed_at` what this source aims at for the period `aimed_for`."""

    period: str
    cut: str
    state: str
    is_to_date: bool
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    expected: int
    received: int
    counters: tuple[int, ...]
    target: str
    departement: Comparison | None
    nation: Comparison | None
    previous: Change | None
    year_before: Change | None
    quantiles: tuple[QuantileBounds, ...] = ()
    source: str = ""
    source_date: str = ""
    aimed_at: Decimal | None = None
    aimed_for: str = ""

    def has_few_cases(self, definition: Definition) -> bool:
        """Too few to compare: nothing to choose a service by."""
        return bool(self.counters) and whole_of(definition.kind, self.counters) < least_whole(
            definition
        )

    @property
    def is_published(self) -> bool:
        return self.state == "published"

    @property
    def is_whole(self) -> bool:
        """Nothing that was expected is missing."""
        return self.received >= self.expected


def figure(item: Item, *, alone: bool = False) -> Figure:
    """One object of `PlaceFigures.figures`; `alone`, without its comparisons and changes, which a
    line of a long series does not show."""
    return Figure(
        period=item["period"],
        cut=item.get("cut", ""),
        state=item.get("state", "published"),
        is_to_date=item.get("to_date") == "yes",
        value=decimal(item.get("value")),
        low=decimal(item.get("low")),
        high=decimal(item.get("high")),
        expected=int(item.get("expected") or 0),
        received=int(item.get("received") or 0),
        counters=tuple(int(one) for one in (item.get("counters") or "").split("|") if one),
        target=item.get("target", ""),
        departement=None if alone else comparison(item, "departement"),
        nation=None if alone else comparison(item, "nation"),
        previous=None if alone else change(item, "change_previous", "previous"),
        year_before=None if alone else change(item, "change_year", "year_before"),
        quantiles=tuple(bounds(one) for one in item.get("quantiles") or ()),
        source=item.get("source", ""),
        source_date=item.get("source_date", ""),
        aimed_at=decimal(item.get("aimed_at")),
        aimed_for=item.get("aimed_for", ""),
    )


def stands_apart(item: Item) -> bool:
    """Without a value, or with too little data for any of its comparisons: never ranked."""
    if not item.get("value"):
        return True
    verdicts = [item[name] for name in ("versus_departement", "versus_nation") if item.get(name)]
    return bool(verdicts) and all(verdict == "insufficient" for verdict in verdicts)


def decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def comparison(item: Item, place: str) -> Comparison | None:
    verdict = item.get(f"versus_{place}")
    if not verdict:
        return None
    return Comparison(
        decimal(item.get(f"rest_{place}")), decimal(item.get(f"gap_{place}")), verdict
    )


def change(item: Item, gap: str, verdict: str) -> Change | None:
    if not item.get(verdict):
        return None
    since = earlier_period(item["period"], verdict)
    return Change(since, decimal(item.get(gap)), item[verdict])


def bounds(item: Item) -> QuantileBounds:
    return QuantileBounds(
        Decimal(item["q"]),
        *(
            decimal(item.get(name))
            for name in ("above", "at_most", "interval_above", "interval_at_most")
        ),
    )


class Timeline:
    """The objects of one place and indicator version, all cuts together, by kind of period and in
    order of time."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.by_kind: dict[PeriodKind, list[Item]] = {}
        for item in items:
            if not item.get("cut"):
                self.by_kind.setdefault(kind_of(item["period"]), []).append(item)
        for found in self.by_kind.values():
            found.sort(key=lambda item: str(item["period"]))

    def headline(self) -> Item | None:
        """The object shown in large: the newest quarter that was received, else the newest of the
        next kind; a missing one where there is nothing else."""
        candidates = [item for kind in HEADLINE for item in reversed(self.by_kind.get(kind, []))]
        received = (item for item in candidates if item.get("state") != "missing")
        return next(received, candidates[0] if candidates else None)

    def has_received_quarter(self) -> bool:
        """Then no earlier year holds what is shown in large, nor anything received since."""
        quarters = self.by_kind.get(PeriodKind.QUARTER, [])
        return any(item.get("state") != "missing" for item in quarters)

    def series(self, shown: str) -> list[Item]:
        """Those beside the one shown in large: of its kind where there are enough of them, else
        of the finest."""
        same = self.by_kind.get(kind_of(shown), [])
        if len(same) >= LEAST_POINTS:
            return same
        return next((self.by_kind[kind] for kind in PeriodKind if kind in self.by_kind), same)

    def months(self) -> list[Item]:
        """The last twelve that are there."""
        return self.by_kind.get(PeriodKind.MONTH, [])[-MOST_MONTHS:]

    def newer_month(self, shown: str) -> Item | None:
        """The newest month with a value, where it is after the period shown in large."""
        told = [item for item in self.months() if item.get("value")]
        if not told or kind_of(shown) is PeriodKind.MONTH:
            return None
        newest = told[-1]
        ends = (periods.period(code).last_day for code in (newest["period"], shown))
        return newest if next(ends) > next(ends) else None

    def last_received(self, grain: PeriodKind, through: date) -> Period | None:
        """The latest period of the grain that was received, even where only the periods above it
        were read: a year that is not over holds more reports than its quarters once a newer month
        is there."""
        last_day = date.min
        for items in reversed(self.by_kind.values()):
            if last_day >= through:
                break
            item = next((one for one in reversed(items) if self.shows_receipt(one, grain)), None)
            if item is not None:
                last_day = max(last_day, periods.period(item["period"]).last_day)
        if last_day == date.min:
            return None
        return whole_period(min(last_day, through), grain, through)

    def shows_receipt(self, item: Item, grain: PeriodKind) -> bool:
        """Its last day was received: of a year that sums up shorter periods, only when it holds
        more reports than its quarters."""
        kind = kind_of(item["period"])
        if item.get("state") == "missing" or kind is PeriodKind.ISO_YEAR:
            return False
        if kind is not PeriodKind.YEAR or grain is kind:
            return True
        told = self.received_in_quarters.get(str(item["period"]), 0)
        return int(item.get("received") or 0) > told

    @cached_property
    def received_in_quarters(self) -> dict[str, int]:
        """By year, how many reports its quarters hold."""
        told: dict[str, int] = {}
        for one in self.by_kind.get(PeriodKind.QUARTER, []):
            year = one["period"][:4]
            told[year] = told.get(year, 0) + int(one.get("received") or 0)
        return told

    def newest(self, kind: PeriodKind) -> str:
        """The newest period of a kind, empty without any."""
        found = self.by_kind.get(kind)
        return str(found[-1]["period"]) if found else ""
