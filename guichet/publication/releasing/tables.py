"""`indicators.csv`, `grains.csv`, `declared.csv`, read from the database.

Owns their columns; refuses what is not part of the computation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from guichet.core.periods import period
from guichet.directory.csv_sheets import safe_cell
from guichet.indicators.calculations.formulas import plain
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
    values = DeclaredValue.objects.filter(batch__in=counting).order_by("batch__number")
    lines = {}
    for values_of_line in values.values_list(*OF_A_DECLARED_LINE).iterator(chunk_size=2000):
        line = declared_line(*values_of_line)
        if period(line.period).last_day <= through:
            lines[line.key] = line
    return sorted(lines.values(), key=lambda line: line.key)


OF_A_DECLARED_LINE = (
    "value",
    "source_date",
    "aimed_at",
    "aimed_for",
    "network__code",
    "version__indicator__code",
    "version__number",
    "level",
    "place",
    "period",
    "source",
)


def declared_line(
    value: Decimal,
    source_date: date | None,
    aimed_at: Decimal | None,
    aimed_for: str,
    *words: Any,
) -> DeclaredLine:
    """From the values of `OF_A_DECLARED_LINE`."""
    network, indicator, version, level, place, in_period, source = words
    return DeclaredLine(
        network=network,
        indicator=indicator,
        version=version,
        level=level,
        place=place,
        period=in_period,
        value=plain(value),
        source=source,
        source_date=source_date.isoformat() if source_date else "",
        aimed_at=optional(aimed_at),
        aimed_for=aimed_for,
    )
