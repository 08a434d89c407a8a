"""`verify.py` and the platform, which share no code, write the same figures, letter for letter."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.whole_figures import figure_table, quantile_table
from guichet.publication.tests.release_folders import made_release

BOUNDS = (Decimal(3), Decimal("7.5"), Decimal(15))
WIDTHS = {Kind.SHARE: 2, Kind.NET_SHARE: 3, Kind.MEAN: 3, Kind.DISTRIBUTION: 4, Kind.COUNT: 1}
HOMES = {"S1": ("01", "32"), "S2": ("01", "32"), "S3": ("02", "32"), "S4": ("02", "84"),
         "S5": ("", "")}  # fmt: skip
WHOLES = (0, 10, 16, 20, 30, 40, 48, 80, 96, 100, 160, 240, 800, 2000, 10**9)
THROUGH = date(2026, 8, 31)
CASES = [
    (kind, nature, direction)
    for kind in Kind
    for nature, direction in [("census", "higher"), ("sample", "lower"), ("sample", "none")]
]


def counters_of(kind: Kind, drawn: random.Random) -> list[int]:
    """Wholes whose quotients are often ties; never under the minimum."""
    whole = drawn.choice(WHOLES)
    if kind is Kind.COUNT:
        return [whole]
    if kind is Kind.SHARE:
        return [drawn.randint(0, whole), whole]
    if kind is Kind.NET_SHARE:
        favourable = drawn.randint(0, whole)
        return [favourable, drawn.randint(0, whole - favourable), whole]
    if kind is Kind.MEAN:
        total = drawn.randint(0, 20 * whole)
        return [
            total,
            (total * total // whole + drawn.randint(1, 9 * whole)) if whole else 0,
            whole,
        ]
    cuts = sorted(drawn.randint(0, whole) for _ in range(3))
    return [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], whole - cuts[2]]


def base_lines(kind: Kind, drawn: random.Random) -> list[str]:
    lines = []
    for place, (departement, region) in HOMES.items():
        for month in range(20):
            period = f"{2025 + month // 12}-{month % 12 + 1:02}"
            if drawn.random() < 0.1:
                continue
            for cut in ("a", "b"):
                is_missing = drawn.random() < 0.25
                counters = "|".join(map(str, counters_of(kind, drawn)))
                told = ",1,0" if is_missing else f"{counters},1,1"
                lines.append(
                    f"R,x,1,structure,{place},R0,{departement},{region},{period},{cut},{told}"
                )
    return lines


def table_of(path, width: int) -> pa.Table:
    """The published rows of a part, in the shape that the platform's figures read."""
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    counters = [[int(each) for each in row[7].split("|")] if row[7] else None for row in rows]
    columns = {
        "level": [row[3] for row in rows],
        "place": [row[4] for row in rows],
        "departement": [
            HOMES.get(row[4], ("", ""))[0] if row[3] == "structure" else "" for row in rows
        ],
        "period": [row[5] for row in rows],
        "cut": [row[6] for row in rows],
    }
    for rank in range(12):
        given = [each[rank] if each and rank < width else None for each in counters]
        columns[f"c{rank + 1}"] = pa.array(given, pa.int64())
    columns["expected"] = pa.array([int(row[8]) for row in rows], pa.int64())
    columns["received"] = pa.array([int(row[9]) for row in rows], pa.int64())
    return pa.table(columns)


def lines_of(table: pa.Table) -> list[str]:
    return [",".join(row.values()) for row in table.to_pylist()]


def found_lines(path) -> list[str]:
    return path.read_text().splitlines()[1:]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("kind", "nature", "direction"), CASES)
def test_figures_are_the_same(tmp_path, kind, nature, direction, seed):
    drawn = random.Random(f"{kind}{nature}{direction}{seed}")
    margin, target = drawn.choice(["0", "3", "6.25"]), drawn.choice(["", "50"])
    is_distribution = kind is Kind.DISTRIBUTION
    definition = Definition(
        code="x",
        version=1,
        kind=kind,
        nature=nature,
        direction=direction,
        margin=Decimal(margin),
        minimum=10,
        unit="percent",
        target=Decimal(target) if target else None,
        bounds=BOUNDS if is_distribution else (),
        reference_bound=BOUNDS[1] if is_distribution else None,
    )
    words = "|".join(definition.counters)
    bounds = "3|7.5|15,7.5" if is_distribution else ","
    folder = tmp_path / "r"
    made_release(
        folder,
        f"x,1,X,{kind.value},{words},{nature},percent,{direction},{target},{margin},10,yes,{bounds}",
        "R,x,1,site,month,a|b,network,2025-01",
        base_lines(kind, drawn),
        THROUGH.isoformat(),
    )
    before = None
    for year in (2025, 2026):
        rows = table_of(folder / f"rows/R/x.1/{year}.csv", WIDTHS[kind])
        table = figure_table(
            rows, before, definition, network="R", through=THROUGH, pools={}, previous_pools={}
        )
        assert lines_of(table) == found_lines(folder / f"figures/R/x.1/{year}.csv")
        if is_distribution:
            quantiles = quantile_table(rows, definition, network="R")
            assert lines_of(quantiles) == found_lines(folder / f"quantiles/R/x.1/{year}.csv")
        before = rows
