"""Which parts a release has: one network, indicator version and year each, with its calendar.

Owns how inputs are cut and what makes two computations of a part the same; refuses to compute.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from guichet.core.periods import PeriodKind, period, periods_above, periods_between
from guichet.indicators.method import ROWS_VERSION
from guichet.indicators.rollup.inputs import FrozenBatch, FrozenGrain, FrozenInputs


@dataclass(frozen=True)
class PartPlan:
    """`periods` are the codes of the grain's periods that the part covers, in order; `batches`
    those that name one of them; `contested` the periods that several batches name."""

    grain: FrozenGrain
    year: int
    through: date
    periods: tuple[str, ...]
    batches: tuple[FrozenBatch, ...]
    contested: tuple[str, ...]

    @property
    def name(self) -> str:
        definition = self.grain.definition
        return f"{self.grain.network}/{definition.code}.{definition.version}/{self.year:04}.csv"

    @property
    def order(self) -> tuple[str | int | tuple[str, ...], ...]:
        grain = self.grain
        return (
            grain.network,
            grain.level,
            grain.publication_level,
            grain.period_kind.value,
            self.year,
            grain.cuts,
            self.periods,
            self.name,
        )

    @property
    def cuts(self) -> tuple[str, ...]:
        return self.grain.cuts or ("",)

    @property
    def first_day(self) -> date:
        return period(self.periods[0]).first_day

    @property
    def last_day(self) -> date:
        return period(self.periods[-1]).last_day

    def above(self, code: str) -> list[str]:
        """Periods that `code` sums up to and that are published: months and quarters once whole,
        the current year from its first day."""
        return [
            wider
            for wider in periods_above(code)
            if period(wider).kind in {PeriodKind.YEAR, PeriodKind.ISO_YEAR}
            or period(wider).last_day <= self.through
        ]

    def shown_periods(self) -> list[str]:
        """All periods with rows, in the order of their bytes."""
        above = (wider for code in self.periods for wider in self.above(code))
        return sorted({*self.periods, *(above if self.grain.definition.is_summed else ())})


def parts_of(inputs: FrozenInputs) -> Iterator[PartPlan]:
    """Those that share structures and calendar one after the other."""
    batches: dict[tuple[str, str, str, int], dict[str, list[FrozenBatch]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for batch in inputs.batches:
        for indicator, version, code in sorted(set(batch.contents)):
            batches[batch.network, batch.source, indicator, version][code].append(batch)
    plans = [
        plan
        for grain in bounded(inputs.grains)
        for plan in parts_of_grain(
            grain,
            inputs.through,
            batches[grain.network, grain.source, grain.definition.code, grain.definition.version],
        )
    ]
    yield from sorted(plans, key=lambda plan: plan.order)


def bounded(grains: Sequence[FrozenGrain]) -> Iterator[FrozenGrain]:
    """Each grain ends at the latest on the eve of the one that replaces it."""
    ordered = sorted(
        grains,
        key=lambda g: (
            g.network,
            g.definition.code,
            g.definition.version,
            period(g.first_period).first_day,
        ),
    )
    for grain, following in zip(ordered, [*ordered, None][1:], strict=True):
        same = following is not None and (
            (following.network, following.definition.code, following.definition.version)
            == (grain.network, grain.definition.code, grain.definition.version)
        )
        if not same or following is None:
            yield grain
            continue
        eve = period(following.first_period).first_day - timedelta(days=1)
        yield replace(grain, ended_on=min(grain.ended_on or eve, eve))


def parts_of_grain(
    grain: FrozenGrain, through: date, batches: Mapping[str, Sequence[FrozenBatch]]
) -> Iterator[PartPlan]:
    first = period(grain.first_period)
    last_day = min(through, grain.ended_on or through)
    by_year: dict[int, list[str]] = defaultdict(list)
    if first.last_day <= last_day:
        for code in periods_between(grain.period_kind, first.first_day, last_day):
            by_year[int(code[:4])].append(code)
    for year, codes in by_year.items():
        naming = Counter(code for code in codes for _ in batches.get(code, ()))
        concerned = {batch.number: batch for code in codes for batch in batches.get(code, ())}
        yield PartPlan(
            grain=grain,
            year=year,
            through=through,
            periods=tuple(codes),
            batches=tuple(concerned[number] for number in sorted(concerned)),
            contested=tuple(code for code in codes if naming[code] > 1),
        )


def inputs_digest(plan: PartPlan, structures_digest: str) -> str:
    """Of all that the part's rows follow from, but for pools carried from the edition before:
    the same inputs with the pools that they gave give them again."""
    grain, definition = plan.grain, plan.grain.definition
    known = [
        ROWS_VERSION,
        plan.name,
        [definition.kind.value, definition.counters, definition.minimum, definition.is_summed],
        [grain.level, grain.period_kind.value, list(grain.cuts), grain.publication_level],
        [[code, plan.above(code)] for code in plan.periods],
        [[batch.number, batch.seal] for batch in plan.batches],
        list(plan.contested),
        structures_digest,
    ]
    return hashlib.sha256(json.dumps(known, separators=(",", ":")).encode()).hexdigest()
