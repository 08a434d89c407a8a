"""The lines of figures of the example of twelve sites."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from guichet.indicators.calculations import figures
from guichet.indicators.calculations.figures import (
    FIGURE_COLUMNS,
    QUANTILE_COLUMNS,
)
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.made_parts import PLACES, summed_up
from guichet.indicators.tests.tables_of_method import definitions, table
from guichet.indicators.tests.whole_figures import figure_table, quantile_table
from guichet.indicators.tests.worked_formulas import definition

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


def lines(found, columns=FIGURE_COLUMNS):
    return [",".join(row[name] for name in columns) for row in found.to_pylist()]


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


def share(nature="census", **changes):
    return definition(Kind.SHARE, nature=nature, **changes)


def line_of(asked, now, before, *, place="S1", period, through, pools=(), previous_pools=()):
    """The line of one place and period, from cells {(place, period): counters} of two years."""
    known = {place[1]: place for place in PLACES}
    tables = [
        summed_up(
            {(known[place], period, ""): counters for (place, period), counters in cells.items()},
            2,
            is_summed=asked.is_summed,
        )
        for cells in (now, before)
    ]
    found = figure_table(
        *tables,
        asked,
        network=NETWORK,
        through=through,
        pools=dict(pools),
        previous_pools=dict(previous_pools),
    )
    [line] = [r for r in found.to_pylist() if (r["place"], r["period"]) == (place, period)]
    return line


def test_changes_cross_the_turn_of_the_year():
    now = {("S1", "2025-01"): (60, 100)}
    before = {("S1", "2024-12"): (50, 100), ("S1", "2024-01"): (70, 100)}
    line = line_of(share(), now, before, period="2025-01", through=date(2025, 12, 31))
    assert (line["change_previous"], line["previous"]) == ("10.0", "improved")
    assert (line["change_year"], line["year_before"]) == ("-10.0", "worsened")


def test_a_year_to_date_has_no_change_and_a_year_that_is_over_has():
    now, before = {("S1", "2025-01"): (60, 100)}, {("S1", "2024-01"): (50, 100)}
    line = line_of(share(), now, before, period="2025", through=date(2025, 1, 31))
    assert (line["to_date"], line["change_year"], line["year_before"]) == ("yes", "", "")
    assert (line["value"], line["change_previous"], line["previous"]) == ("60.0", "", "")
    line = line_of(share(), now, before, period="2025", through=date(2025, 12, 31))
    assert (line["to_date"], line["change_year"], line["year_before"]) == ("", "10.0", "improved")


def test_an_iso_year_is_to_date_until_its_last_sunday():
    now, before = {("S1", "2025-W01"): (60, 100)}, {("S1", "2024-W01"): (50, 100)}
    asked = {"period": "2025-W", "place": "S1"}
    assert line_of(share(), now, before, through=date(2025, 12, 27), **asked)["to_date"] == "yes"
    line = line_of(share(), now, before, through=date(2025, 12, 28), **asked)
    assert (line["to_date"], line["change_previous"]) == ("", "10.0")


def test_a_pool_has_a_change_across_years_only_with_the_same_members():
    pool = "pool~S~02"
    now, before = {(pool, "2025-01"): (60, 100)}, {(pool, "2024-12"): (50, 100)}
    asked = {"place": pool, "period": "2025-01", "through": date(2025, 1, 31)}
    same = {"pools": {pool: ("A", "B")}, "previous_pools": {pool: ("B", "A")}}
    assert line_of(share(), now, before, **asked, **same)["previous"] == "improved"
    other = {"pools": {pool: ("A", "B")}, "previous_pools": {pool: ("A", "B", "C")}}
    assert line_of(share(), now, before, **asked, **other)["previous"] == ""


def test_a_pool_has_a_change_within_the_year():
    pool = "pool~S~02"
    now = {(pool, "2025-01"): (50, 100), (pool, "2025-02"): (60, 100)}
    asked = {"place": pool, "period": "2025-02", "through": date(2025, 2, 28)}
    assert line_of(share(), now, {}, **asked)["previous"] == "improved"


def test_what_is_not_summed_is_compared_with_itself_only():
    now = {("S1", "2025-01"): (60, 100), ("S2", "2025-01"): (90, 100)}
    before = {("S1", "2024-12"): (50, 100)}
    asked = share(is_summed=False)
    line = line_of(asked, now, before, period="2025-01", through=date(2025, 1, 31))
    assert (line["rest_nation"], line["versus_nation"]) == ("", "")
    assert line["previous"] == "improved"


def test_cuts_are_compared_with_the_same_cut():
    cells = {
        (PLACES[rank], "2025-01", cut): counters
        for rank, cut, counters in [
            (0, "courrier", (60, 100)),
            (0, "en-ligne", (80, 100)),
            (1, "courrier", (90, 100)),
            (1, "en-ligne", (80, 100)),
        ]
    }
    found = figure_table(
        summed_up(cells, 2),
        None,
        share(),
        network=NETWORK,
        through=date(2025, 1, 31),
        pools={},
        previous_pools={},
    )
    rests = {
        row["cut"]: (row["rest_departement"], row["versus_departement"])
        for row in found.to_pylist()
        if (row["place"], row["period"]) == ("S1", "2025-01")
    }
    assert rests["courrier"] == ("90.0", "worse")
    assert rests["en-ligne"] == ("80.0", "no_clear_difference")
    assert rests[""] == ("85.0", "worse")


def test_two_rows_of_one_key_are_refused():
    part = summed_up({(PLACES[0], "2025-01", ""): (60, 100)}, 2)
    with pytest.raises(ValueError, match="même lieu"):
        figure_table(
            pa.concat_tables([part, part]),
            None,
            share(),
            network=NETWORK,
            through=date(2025, 1, 31),
            pools={},
            previous_pools={},
        )


def test_an_empty_part_has_its_columns():
    part = summed_up({(PLACES[0], "2025-01", ""): (60, 100)}, 2).slice(0, 0)
    beside = {"network": NETWORK, "through": date(2025, 1, 31), "pools": {}, "previous_pools": {}}
    found = figure_table(part, None, share(), **beside)
    assert (found.num_rows, found.column_names) == (0, list(FIGURE_COLUMNS))


def test_lines_do_not_depend_on_how_rows_are_cut_up(monkeypatch):
    whole = figures_of_example()
    monkeypatch.setattr(figures, "SLICE", 7)
    assert figures_of_example() == whole


def figures_of_example():
    beside = {"network": NETWORK, "through": THROUGH, "pools": {}, "previous_pools": {}}
    found = figure_table(part_rows("satisfaction"), None, definitions()["satisfaction"], **beside)
    return lines(found)


def test_quantiles_have_a_line_for_the_median_and_one_for_the_ninth_decile():
    bounds = tuple(Decimal(bound) for bound in ("1.00", "7.50", "30.00"))
    spread = definition(Kind.DISTRIBUTION, bounds=bounds, reference=bounds[1])
    cells = {
        (PLACES[0], "2025-01", ""): (10, 60, 20, 10),
        (PLACES[1], "2025-01", ""): None,
        (PLACES[3], "2025-01", ""): (0, 0, 0, 0),
    }
    found = quantile_table(summed_up(cells, 4), spread, network=NETWORK)
    assert found.column_names == list(QUANTILE_COLUMNS)
    rows = [r for r in lines(found, QUANTILE_COLUMNS) if ",structure," in r and "2025-01" in r]
    key = "REL,essai,1,structure,S1,2025-01,,"
    assert rows == [f"{key}0.5,1,7.5,1,7.5", f"{key}0.9,7.5,30,7.5,"]
