"""`indicators.csv`, `grains.csv`, `declared.csv`, read from the database.

Owns their columns; refuses what is not part of the computation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from guichet.core.periods import period
from guichet.directory.csv_sheets import safe_cell
from guichet.indicators.formulas import plain
from guichet.indicators.models import Batch, DeclaredValue, Grain, IndicatorVersion
from guichet.publication.releasing.csv_text import csv_bytes
from guichet.publication.releasing.declared import DeclaredLine

INDICATORS = (
    "code",
    "version",
    "title",
    "kind",
    "counters",
    "nature",
    "unit",
    "direction",
    "target",
    "margin",
    "minimum",
    "summed",
    "bounds",
    "reference_bound",
)
GRAINS = (
    "network",
    "indicator",
    "version",
    "level",
    "period",
    "cuts",
    "source",
    "first_period",
    "publication_level",
    "ended_on",
)


def optional(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def indicators_csv(versions: Iterable[IndicatorVersion]) -> bytes:
    return csv_bytes(INDICATORS, (indicator_row(version) for version in versions))


def indicator_row(version: IndicatorVersion) -> list[str]:
    definition = version.definition
    return [
        definition.code,
        str(definition.version),
        safe_cell(version.title),
        definition.kind.value,
        "|".join(definition.counters),
        definition.nature,
        definition.unit,
        definition.direction,
        optional(definition.target),
        plain(definition.margin),
        str(definition.minimum),
        "yes" if definition.is_summed else "no",
        "|".join(plain(bound) for bound in definition.bounds),
        optional(definition.reference_bound),
    ]


def grains_csv(grains: Iterable[Grain]) -> bytes:
    return csv_bytes(GRAINS, (grain_row(grain) for grain in grains))


def grain_row(grain: Grain) -> list[str]:
    return [
        grain.network.code,
        grain.version.indicator.code,
        str(grain.version.number),
        grain.level,
        grain.period_kind,
        "|".join(grain.cuts),
        grain.source,
        grain.first_period,
        grain.publication_level,
        grain.ended_on.isoformat() if grain.ended_on else "",
    ]


def grains_until(through: date) -> list[Grain]:
    """Grains whose first period begins by `through`."""
    grains = Grain.objects.select_related("network", "version__indicator")
    return [grain for grain in grains if period(grain.first_period).first_day <= through]


def versions_named(keys: Collection[tuple[str, int]]) -> list[IndicatorVersion]:
    """Those of these (code, number)."""
    versions = IndicatorVersion.objects.select_related("indicator")
    return [each for each in versions if (each.indicator.code, each.number) in keys]


def declared_lines(*, through: date, last_batch: int) -> list[DeclaredLine]:
    """Declared values that count: of each key, that of the highest batch not withdrawn."""
    counting = Batch.objects.counting().filter(number__lte=last_batch)
    values = (
        DeclaredValue.objects.filter(batch__in=counting)
        .select_related("network", "version__indicator")
        .order_by("batch__number")
    )
    lines = {}
    for value in values.iterator(chunk_size=2000):
        if period(value.period).last_day <= through:
            line = declared_line(value)
            lines[line.key] = line
    return sorted(lines.values(), key=lambda line: line.key)


def declared_line(value: DeclaredValue) -> DeclaredLine:
    return DeclaredLine(
        network=value.network.code,
        indicator=value.version.indicator.code,
        version=value.version.number,
        level=value.level,
        place=value.place,
        period=value.period,
        value=plain(value.value),
        source=value.source,
        source_date=value.source_date.isoformat() if value.source_date else "",
    )
