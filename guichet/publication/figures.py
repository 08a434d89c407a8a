"""Published figures as pages read them: the objects of `PlaceFigures.figures`, with decimals.

Owns the reading of these objects; refuses to compute any figure, and Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guichet.core.periods import PeriodKind, period, previous, year_before

WITHHELD = "withheld"
"""The pool of a structure that could not be pooled with anybody."""

LEAST_POINTS = 6
"""A series by quarters from this many points on; with fewer, by the grain's own period."""

HEADLINE = {PeriodKind.DAY: PeriodKind.QUARTER, PeriodKind.MONTH: PeriodKind.QUARTER}
"""Which period is shown in large, by grain; the grain's own where it is not listed."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against the rest of a place: `verdict` is better, worse, above, below, insufficient or
    no_clear_difference."""

    rest: Decimal | None
    gap: Decimal | None
    verdict: str


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
    """One published figure. `state` is published, missing, no_whole or declared; `target` is met,
    not_met or empty; `low` and `high` are the 95 % interval of a sample. `source` is that of a
    declared value, when the release holds it."""

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

    @property
    def is_published(self) -> bool:
        return self.state == "published"

    @property
    def is_whole(self) -> bool:
        """Nothing that was expected is missing."""
        return self.received >= self.expected

    @property
    def is_comparable(self) -> bool:
        """Compared with something, and not for want of data."""
        verdicts = [one.verdict for one in (self.departement, self.nation) if one]
        return bool(verdicts) and any(verdict != "insufficient" for verdict in verdicts)


def figure(item: Mapping[str, Any]) -> Figure:
    """One object of `PlaceFigures.figures`."""
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
        departement=comparison(item, "departement"),
        nation=comparison(item, "nation"),
        previous=change(item, "change_previous", "previous"),
        year_before=change(item, "change_year", "year_before"),
        quantiles=tuple(bounds(one) for one in item.get("quantiles") or ()),
        source=item.get("source", ""),
        source_date=item.get("source_date", ""),
    )


def decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def comparison(item: Mapping[str, Any], place: str) -> Comparison | None:
    verdict = item.get(f"versus_{place}")
    if not verdict:
        return None
    return Comparison(
        decimal(item.get(f"rest_{place}")), decimal(item.get(f"gap_{place}")), verdict
    )


def change(item: Mapping[str, Any], gap: str, verdict: str) -> Change | None:
    if not item.get(verdict):
        return None
    earlier = previous if verdict == "previous" else year_before
    return Change(earlier(item["period"]) or "", decimal(item.get(gap)), item[verdict])


def bounds(item: Mapping[str, Any]) -> QuantileBounds:
    return QuantileBounds(
        Decimal(item["q"]),
        *(
            decimal(item.get(name))
            for name in ("above", "at_most", "interval_above", "interval_at_most")
        ),
    )


def headline_kind(grain: PeriodKind) -> PeriodKind:
    """The kind of period that is shown in large for a grain: a quarter, of days and months."""
    return HEADLINE.get(grain, grain)


def grain_kind(items: Iterable[Mapping[str, Any]]) -> PeriodKind | None:
    """The finest kind of period among these objects, None when there are none."""
    found = {period(item["period"]).kind for item in items}
    return next((kind for kind in PeriodKind if kind in found), None)


def of_kind(items: Iterable[Mapping[str, Any]], kind: PeriodKind) -> list[Mapping[str, Any]]:
    """The objects of all cuts together and of one kind of period, in order of time."""
    chosen = [item for item in items if not item.get("cut") and period(item["period"]).kind is kind]
    return sorted(chosen, key=lambda item: str(item["period"]))


def headline(items: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The object shown in large: the newest whole quarter that was received, else the newest of
    the year to date, else the newest of the grain; a missing one where there is nothing else."""
    grain = grain_kind(items)
    if grain is None:
        return None
    kinds = dict.fromkeys((headline_kind(grain), *wider(grain), grain))
    candidates = [item for kind in kinds for item in reversed(of_kind(items, kind))]
    received = (item for item in candidates if item.get("state") != "missing")
    return next(received, candidates[0] if candidates else None)


def wider(grain: PeriodKind) -> tuple[PeriodKind, ...]:
    return (PeriodKind.YEAR,) if headline_kind(grain) is not grain else ()


def series_items(items: list[Mapping[str, Any]], shown: str) -> list[Mapping[str, Any]]:
    """The objects of the series beside the one shown in large: of its kind where there are enough
    of them, else of the grain's own."""
    same = of_kind(items, period(shown).kind)
    grain = grain_kind(items)
    return same if len(same) >= LEAST_POINTS or grain is None else of_kind(items, grain)
