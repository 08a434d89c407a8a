"""The lines of figures of large parts: values, intervals, comparisons, changes, as text."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from bench.figures import Figure
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.figures import figure_slices
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.plain_figures import plain_lines

YEAR, DEPARTEMENTS = 2025, 101
FULL_SITES, SMALL_SITES = 60_000, 6_000
PLAIN_ROWS = 2_000
MONTHS = [f"{month:02}" for month in range(1, 13)]
SUMS = {
    **{f"-{month}": [rank] for rank, month in enumerate(MONTHS)},
    **{f"-Q{rank + 1}": [3 * rank, 3 * rank + 1, 3 * rank + 2] for rank in range(4)},
    "": list(range(12)),
}
"""What follows the year in the code of a period, and the months that it sums up."""
BESIDE = {"through": date(YEAR, 12, 31), "pools": {}, "previous_pools": {}}

Cells = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Run:
    rows: int
    spent_s: float
    peak_bytes: int


def figures(*, full: bool) -> list[Figure]:
    sites = FULL_SITES if full else SMALL_SITES
    random = np.random.default_rng(1)
    parts = [part(year, sites, usual_cells(sites, random)) for year in (YEAR, YEAR - 1)]
    ties = [part(year, sites, tied_cells(sites, random)) for year in (YEAR, YEAR - 1)]
    return [
        figure("share of a census", parts, "census"),
        figure("share of a sample", parts, "sample"),
        figure("share of a census, every monthly value a tie", ties, "census"),
    ]


def usual_cells(sites: int, random: np.random.Generator) -> Cells:
    """From 10 to 2,000 cases a month and site."""
    whole = random.integers(10, 2_000, (sites, 12))
    return random.binomial(whole, 0.6 + 0.3 * random.random((sites, 1))), whole


def tied_cells(sites: int, random: np.random.Generator) -> Cells:
    """80 cases in each month, an odd part: x.25 % or x.75 %, for ever halfway."""
    return 2 * random.integers(20, 40, (sites, 12)) + 1, np.full((sites, 12), 80)


def part(year: int, sites: int, cells: Cells) -> pa.Table:
    """Rows of sites, départements and nation, in the order of a file."""
    departement = np.arange(sites) % DEPARTEMENTS
    codes = np.array([f"{rank + 1:02}" for rank in range(DEPARTEMENTS)])
    places = np.array([f"site-{rank:06}" for rank in range(sites)])
    blocks = []
    for suffix, months in SUMS.items():
        counters = [counter[:, months].sum(axis=1) for counter in cells]
        expected = np.full(sites, len(months))
        sums = [
            np.bincount(departement, counter, DEPARTEMENTS).astype(np.int64)
            for counter in (*counters, expected)
        ]
        period = f"{year}{suffix}"
        blocks += [
            block("structure", places, codes[departement], period, [*counters, expected]),
            block("departement", codes, np.full(DEPARTEMENTS, ""), period, sums),
            block(
                "nation", np.array(["FR"]), np.array([""]), period, [s.sum()[None] for s in sums]
            ),
        ]
    order = [(name, "ascending") for name in ("level", "place", "period")]
    return pa.concat_tables(blocks).sort_by(order)


def block(
    level: str,
    places: npt.NDArray[np.str_],
    departements: npt.NDArray[np.str_],
    period: str,
    integers: list[npt.NDArray[np.int64]],
) -> pa.Table:
    rows = len(places)
    return pa.table(
        {
            "level": pa.repeat(level, rows),
            "place": places,
            "departement": departements,
            "period": pa.repeat(period, rows),
            "cut": pa.repeat("", rows),
            "c1": integers[0],
            "c2": integers[1],
            "expected": integers[2],
            "received": integers[2],
        }
    )


def figure(name: str, parts: list[pa.Table], nature: str) -> Figure:
    with tempfile.TemporaryDirectory(prefix="guichet-bench-figures-") as folder:
        for year, rows in zip(("now", "before"), parts, strict=True):
            pyarrow.parquet.write_table(rows, Path(folder) / f"{year}.parquet")
        told = subprocess.check_output([sys.executable, "-m", __name__, folder, nature], text=True)
    run = Run(**json.loads(told))
    spent_us = run.spent_s / run.rows * 1e6
    both = sum(rows.num_rows for rows in parts)
    return Figure(
        f"figures of {run.rows:,} rows ({both:,} with the year before), {name}",
        f"{run.spent_s:.1f} s, {spent_us:.1f} µs a row, peak {run.peak_bytes / 1e6:.0f} MB in all",
        "10 µs a row",
        spent_us < 10,
        f"{plain_us(parts, nature) / spent_us:.0f} times as fast as the exact functions alone",
    )


def definition(nature: str) -> Definition:
    margin, target = Decimal(3), Decimal(85)
    return Definition("bench", 1, Kind.SHARE, nature, "higher", margin, 10, target=target)


def plain_us(parts: list[pa.Table], nature: str) -> float:
    """One cell at a time with decimals, on the first rows of sites."""
    now, before = (only_sites(rows).slice(0, PLAIN_ROWS) for rows in parts)
    territories = parts[0].filter(pc.not_equal(parts[0]["level"], "structure"))
    rows = pa.concat_tables([now, territories])
    started = time.perf_counter()
    plain_lines(rows, before, definition(nature), network="bench", only=PLAIN_ROWS, **BESIDE)
    return (time.perf_counter() - started) / PLAIN_ROWS * 1e6


def only_sites(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.equal(rows["level"], "structure"))


def measure(folder: Path, nature: str) -> Run:
    """In a process of its own: from the rows on the disk to lines that are counted and let go."""
    started = time.perf_counter()
    parts = [pyarrow.parquet.read_table(folder / f"{year}.parquet") for year in ("now", "before")]
    pieces = figure_slices(*parts, definition(nature), network="bench", **BESIDE)
    rows = sum(piece.num_rows for piece in pieces)
    spent_s = time.perf_counter() - started
    return Run(rows, spent_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Path(sys.argv[1]), sys.argv[2]))))
