"""The lines of figures of the example of twelve sites."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from guichet.indicators.figures import FIGURE_COLUMNS, Declared, declared_lines, figure_table
from guichet.indicators.tests.tables_of_method import definitions, table

THROUGH = date(2026, 4, 30)
NETWORK = "REL"


def part_rows(indicator):
    """The rows of one part, in the shape that the roll-up gives."""
    units = {
        (row["level"], row["place"]): row["departement"]
        for row in table("expected_base.csv")
        if row["indicator"] == indicator
    }
    rows = [row for row in table("expected_rows.csv") if row["indicator"] == indicator]
    columns = {name: [row[name] for row in rows] for name in ("level", "place", "period", "cut")}
    columns["departement"] = [units.get((row["level"], row["place"]), "") for row in rows]
    counters = [row["counters"].split("|") if row["counters"] else [] for row in rows]
    for rank in range(2):
        columns[f"c{rank + 1}"] = pa.array(
            [int(given[rank]) if given else None for given in counters], pa.int64()
        )
    for name in ("expected", "received"):
        columns[name] = pa.array([int(row[name]) for row in rows], pa.int64())
    return pa.table(columns)


def lines(found):
    return [",".join(row[name] for name in FIGURE_COLUMNS) for row in found.to_pylist()]


def expected_lines(indicator):
    return [
        ",".join(row.values())
        for row in table("expected_figures.csv")
        if row["indicator"] == indicator
    ]


@pytest.mark.parametrize("indicator", ["decroche", "satisfaction", "accuse-delai"])
def test_every_line_of_the_example(indicator):
    found = figure_table(
        part_rows(indicator),
        None,
        definitions()[indicator],
        network=NETWORK,
        through=THROUGH,
        pools={},
        previous_pools={},
    )
    assert lines(found) == expected_lines(indicator)


def test_columns_are_those_of_the_example():
    assert list(FIGURE_COLUMNS) == list(table("expected_figures.csv")[0])


def test_declared_values_of_the_example():
    typed = Declared(NETWORK, "delai-moyen", 1, "departement", "59", "2026-Q1", Decimal("12.4000"))
    assert lines(declared_lines([typed])) == expected_lines("delai-moyen")
