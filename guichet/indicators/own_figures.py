"""A structure's own figures before they are published, and what it says of them.

Owns the reading of its accepted counters; refuses any other structure's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from guichet.core.periods import PeriodKind, period
from guichet.core.words import NBSP, grouped
from guichet.directory.models import Structure
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import exact_value, written
from guichet.indicators.calculations.kinds import Kind, whole_of
from guichet.indicators.counted_rows import CountedRow, has_row, rows_of_structure
from guichet.indicators.definitions.content import UNIT_WORDS
from guichet.indicators.models import FigureComment, Grain, IndicatorVersion

SHOWN_PERIODS = {
    PeriodKind.DAY: 31,
    PeriodKind.WEEK: 26,
    PeriodKind.MONTH: 24,
    PeriodKind.QUARTER: 12,
    PeriodKind.YEAR: 10,
    PeriodKind.ISO_YEAR: 10,
}


@dataclass(frozen=True)
class OwnFigure:
    """One period: the value of all cuts together in words, its counters, those of each cut."""

    period: str
    value: str
    counters: str
    cuts: list[tuple[str, str, str]]
    is_small: bool
    batch: int
    comment: FigureComment | None = None


@dataclass(frozen=True)
class OwnIndicator:
    """The latest periods of one indicator version; `beyond` older ones are not shown."""

    version: IndicatorVersion
    figures: list[OwnFigure]
    beyond: int


@dataclass
class Held:
    """What words need, read once for the whole page."""

    versions: dict[tuple[str, int], IndicatorVersion] = field(default_factory=dict)
    comments: dict[tuple[int, str], FigureComment] = field(default_factory=dict)
    cut_words: dict[int, dict[str, str]] = field(default_factory=dict)


def own_indicators(structure: Structure) -> list[OwnIndicator]:
    """By title, latest period first."""
    if structure.network is None:
        return []
    rows = rows_of_structure(structure.network, structure.code)
    held = held_for(structure, rows)
    found = []
    for key, same in groupby(rows, key=lambda row: (row.indicator, row.version)):
        version = held.versions.get(key)
        if version is not None:
            found.append(own_indicator(version, list(same), held))
    return sorted(found, key=lambda one: (one.version.title, -one.version.number))


def held_for(structure: Structure, rows: Iterable[CountedRow]) -> Held:
    codes = {row.indicator for row in rows}
    versions = IndicatorVersion.objects.filter(indicator__code__in=codes)
    comments = FigureComment.objects.filter(structure=structure, withdrawn_at__isnull=True)
    grains = Grain.objects.filter(network=structure.network_id, version__in=versions)
    return Held(
        versions={
            (one.indicator.code, one.number): one for one in versions.select_related("indicator")
        },
        comments={(one.version_id, one.period): one for one in comments},
        cut_words={
            version: dict(words) for version, words in grains.values_list("version", "cut_words")
        },
    )


def own_indicator(version: IndicatorVersion, rows: list[CountedRow], held: Held) -> OwnIndicator:
    by_period: dict[str, list[CountedRow]] = {}
    for row in rows:
        by_period.setdefault(row.period, []).append(row)
    codes = sorted(by_period, key=lambda code: period(code).first_day, reverse=True)
    most = SHOWN_PERIODS[period(codes[0]).kind]
    return OwnIndicator(
        version=version,
        figures=[own_figure(version, code, by_period[code], held) for code in codes[:most]],
        beyond=max(0, len(codes) - most),
    )


def own_figure(
    version: IndicatorVersion, code: str, rows: list[CountedRow], held: Held
) -> OwnFigure:
    definition = version.definition
    together = tuple(map(sum, zip(*(row.counters for row in rows), strict=True)))
    words = held.cut_words.get(version.pk, {})
    cuts = [
        (
            words.get(row.cut, row.cut),
            value_in_words(definition, row.counters),
            counters_in_words(version, row.counters),
        )
        for row in rows
        if row.cut
    ]
    cells = [whole_of(definition.kind, row.counters) for row in rows]
    return OwnFigure(
        period=code,
        value=value_in_words(definition, together),
        counters=counters_in_words(version, together),
        cuts=cuts,
        is_small=any(0 < whole < definition.minimum for whole in cells),
        batch=max(row.batch for row in rows),
        comment=held.comments.get((version.pk, code)),
    )


def value_in_words(definition: Definition, counters: tuple[int, ...]) -> str:
    """« 82,4 % », « 12,5 jours », « aucun cas » when nothing was counted."""
    value = exact_value(definition, counters)
    if value is None:
        return "aucun cas"
    kind = definition.kind
    unit = "%" if kind in (Kind.SHARE, Kind.DISTRIBUTION) else definition.unit
    text = written(value, definition).replace(".", ",")
    if kind is Kind.COUNT:
        text = grouped(int(text))
    return f"{text}{NBSP}{UNIT_WORDS.get(unit, unit)}"


def counters_in_words(version: IndicatorVersion, counters: tuple[int, ...]) -> str:
    """« 412 appels décrochés, 500 appels reçus »."""
    names = version.definition.counters
    return ", ".join(
        f"{grouped(counter)} {version.counter_words.get(name, name)}"
        for name, counter in zip(names, counters, strict=True)
    )


def has_figure(structure: Structure, version: IndicatorVersion, code: str) -> bool:
    """True when accepted rows hold this period of this structure."""
    if structure.network is None:
        return False
    wanted = (version.indicator.code, version.number, code)
    return has_row(structure.network, structure.code, wanted)
