"""What somebody needs to compute a published figure again: its file, its row, the sum to do.

Owns these words; refuses to compute.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.core.words import NBSP
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import cases
from guichet.indicators.calculations.kinds import Kind
from guichet.publication import wording
from guichet.publication.models import Part, Release
from guichet.publication.published.figures import Figure
from guichet.publication.published.structure_results import IndicatorResult


@dataclass(frozen=True)
class Recipe:
    """What somebody needs to find the row of a figure and to compute it again; `counters` are
    « usagers satisfaits : 262 »."""

    file: str
    url: str
    release_url: str
    sha256: str
    row: str
    formula: str
    counters: tuple[str, ...]


def recipe_of(
    result: IndicatorResult, latest: Figure, definition: Definition, release: Release
) -> Recipe | None:
    part = result.part
    if part is None or not latest.counters:
        return None
    counters = [str(one) for one in latest.counters]
    release_url = f"/donnees/millesimes/{release.name}/"
    row = [
        part.network,
        part.indicator,
        str(part.version),
        *result.place.key,
        latest.period,
        latest.cut,
        "|".join(counters),
        str(latest.expected),
        str(latest.received),
    ]
    names = (result.version.counter_words.get(one, one) for one in definition.counters)
    return Recipe(
        file=file_name(part),
        url=f"{release_url}{file_name(part)}",
        release_url=release_url,
        sha256=part.files.get("rows", ""),
        row=",".join(row),
        formula=formula_in_words(latest, definition),
        counters=tuple(
            f"{name}{NBSP}: {number}" for name, number in zip(names, counters, strict=False)
        ),
    )


def file_name(part: Part) -> str:
    """Where the rows of a part stand in the folder of the release."""
    return f"rows/{part.network}/{part.indicator}.{part.version}/{part.year}.csv"


def formula_in_words(latest: Figure, definition: Definition) -> str:
    """The sum to do again, with the one rounding that the method allows."""
    counters = latest.counters
    value = wording.value_in_words(latest.value, definition)
    if not value:
        return ""
    if definition.kind is Kind.SHARE:
        return f"100 × {counters[0]} ÷ {counters[1]} = {value}"
    if definition.kind is Kind.NET_SHARE:
        return f"100 × ({counters[0]} − {counters[1]}) ÷ {counters[2]} = {value}"
    if definition.kind is Kind.MEAN:
        return f"{counters[0]} ÷ {counters[2]} = {value}"
    if definition.kind is Kind.DISTRIBUTION:
        return f"100 × {cases(definition, counters)} ÷ {sum(counters)} = {value}"
    return value
