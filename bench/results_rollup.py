"""The integer roll-up of a national network beside one bare query of DuckDB on the same files.

`python -m bench.results_rollup STEP FOLDER` runs one step in a process of its own, so that its
memory is its own, and prints what it took.

The bare query joins the observations with their sites and writes, as Parquet, the sums of two
counters by GROUPING SETS over (site | département | région | nation) × (month | quarter | year),
for each indicator: twelve sets. It replaces no row by a later one, looks for no missing cell,
pools nothing and writes no text. The roll-up does all that, and writes base rows and published
rows as text, published rows as Parquet, and pools.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from bench.figures import Figure

if TYPE_CHECKING:
    from guichet.indicators.rollup.inputs import FrozenBatch, FrozenInputs

INDICATORS = 8
SAMPLES = 2
"""The last ones, with few answers in one site of twenty: their cells are pooled."""
FULL_SITES, SMALL_SITES = 90_000, 2_000
FULL_MONTHS, SMALL_MONTHS = 60, 24
FIRST_YEAR, FIRST_MONTH = 2020, 7
MEMORY = "7GB"
FULL_BYTES = 30_000_000_000
NETWORK = "BENCH"


@dataclass(frozen=True)
class Step:
    spent_s: float
    processor_s: float
    peak_bytes: int
    rows: int
    parts: int = 0


def figures(*, full: bool) -> list[Figure]:
    sites, months = (FULL_SITES, FULL_MONTHS) if full else (SMALL_SITES, SMALL_MONTHS)
    with tempfile.TemporaryDirectory(prefix="guichet-bench-results-") as name:
        folder = Path(name)
        free = shutil.disk_usage(folder).free
        if full and free < FULL_BYTES:
            raise SystemExit(
                f"The full size needs {FULL_BYTES / 1e9:.0f} GB free in {folder.parent} (TMPDIR); "
                f"there are {free / 1e9:.0f}."
            )
        generate(folder, sites, months + 1)
        bare = run("bare", folder, months)
        whole = run("whole", folder, months)
        month = run("whole", folder, months + 1)
    return [
        Figure(f"observations: {sites:,} sites × {months} months × 8", f"{bare.rows:,}", "", None),
        Figure("one bare query of DuckDB on them", took(bare), "", None, "what to compare with"),
        Figure(
            f"roll-up, pooling and coverage: {whole.rows:,} published rows, {whole.parts} parts",
            f"{took(whole)}, {whole.spent_s / bare.spent_s:.2f} × the bare query "
            f"({whole.processor_s / bare.processor_s:.2f} × its processor time)",
            "2 ×, 8 GB" if full else "",
            whole.spent_s < 2 * bare.spent_s and whole.peak_bytes < 8e9 if full else None,
        ),
        Figure(
            f"an edition with one more month: {month.parts} parts computed",
            f"{took(month)}, {month.spent_s / whole.spent_s:.2f} × the whole",
            "0.20 ×" if full else "",
            month.spent_s < whole.spent_s / 5 if full else None,
        ),
    ]


def took(step: Step) -> str:
    return (
        f"{step.spent_s:.1f} s ({step.processor_s:.0f} s of processor), "
        f"peak {step.peak_bytes / 1e9:.1f} GB"
    )


def run(step: str, folder: Path, months: int) -> Step:
    command = [sys.executable, "-m", "bench.results_rollup", step, str(folder), str(months)]
    environment = os.environ | {"GUICHET_ENGINE_MEMORY": MEMORY}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Step(*json.loads(done.stdout.splitlines()[-1]))


def month_code(rank: int) -> str:
    """Of the months one after the other, from 0."""
    months = FIRST_YEAR * 12 + FIRST_MONTH - 1 + rank
    return f"{months // 12:04}-{months % 12 + 1:02}"


def generate(folder: Path, sites: int, months: int) -> None:
    """A file of sites, one batch a month, and a late correction of a thousand rows."""
    with duckdb.connect() as tables:
        tables.execute("SET enable_progress_bar = false")
        tables.execute(
            "CREATE TABLE sites AS SELECT structure, "
            "'D' || lpad(n::VARCHAR, 3, '0') AS departement, "
            "'R' || lpad((n // 8)::VARCHAR, 2, '0') AS region FROM (SELECT "
            "'S' || lpad(i::VARCHAR, 6, '0') AS structure, i * 7919 % 101 AS n "
            f"FROM range({sites}) t(i))"
        )
        tables.execute(f"COPY sites TO '{folder}/sites.parquet'")
        for rank in range(months):
            copy_batch(tables, folder / f"{rank + 1}.parquet", month_code(rank))
        copy_batch(tables, folder / "correction.parquet", month_code(months // 2), few=True)


def copy_batch(
    tables: duckdb.DuckDBPyConnection, path: Path, code: str, *, few: bool = False
) -> None:
    """One row in 200 is missing."""
    whole = (
        f"CASE WHEN k <= {INDICATORS - SAMPLES} THEN 100 + hash(structure, k, '{code}') % 900 "
        f"WHEN hash(structure) % 20 = 0 THEN 5 + hash(structure, k, '{code}') % 40 "
        f"ELSE 20 + hash(structure, k, '{code}') % 200 END"
    )
    kept = "hash(structure, k) % 4000 = 0" if few else f"hash(structure, k, '{code}', 1) % 200 > 0"
    empty = ", ".join(f"NULL::BIGINT AS c{rank}" for rank in range(3, 13))
    tables.execute(
        "COPY (SELECT row_number() OVER () + 1 AS line, 'indicateur-' || k AS indicator, "
        f"1::INTEGER AS version, structure, '{code}' AS period, '' AS cut, "
        f"(n * (50 + hash(structure, k, '{code}', 2) % 50) // 100)::BIGINT AS c1, "
        f"n::BIGINT AS c2, {empty} FROM (SELECT structure, k, {whole} AS n FROM sites, "
        f"(SELECT unnest(range(1, {INDICATORS + 1})) AS k)) WHERE {kept} ORDER BY structure, k) "
        f"TO '{path}' (COMPRESSION zstd)"
    )


def bare(folder: Path, months: int) -> tuple[int, int]:
    """How many observations there are, and 0."""
    files = [str(folder / f"{rank + 1}.parquet") for rank in range(months)]
    sets = ", ".join(
        f"(indicator, {place}, {moment})"
        for place in ("structure", "departement", "region", "nation")
        for moment in ("month", "quarter", "year")
    )
    with duckdb.connect() as tables:
        tables.execute("SET enable_progress_bar = false")
        tables.execute(f"SET memory_limit = '{MEMORY}'")
        tables.execute(f"SET temp_directory = '{folder}/spilled'")
        tables.execute(
            "COPY (SELECT indicator, structure, departement, region, month, quarter, year, "
            "SUM(c1) AS c1, SUM(c2) AS c2 FROM (SELECT indicator, structure, departement, region, "
            "'FR' AS nation, period AS month, substr(period, 1, 4) || '-Q' || "
            "((substr(period, 6, 2)::INTEGER + 2) // 3) AS quarter, substr(period, 1, 4) AS year, "
            f"c1, c2 FROM read_parquet({files}) JOIN '{folder}/sites.parquet' USING (structure)) "
            f"GROUP BY GROUPING SETS ({sets})) TO '{folder}/bare.parquet' (COMPRESSION zstd)"
        )
        counted = tables.execute(f"SELECT count(*) FROM read_parquet({files})").fetchone()
    return (counted[0] if counted else 0), 0


def whole(folder: Path, months: int) -> tuple[int, int]:
    """Published rows and parts computed, of an edition with `months` months."""
    from guichet.indicators.rollup.freezing import freeze

    inputs = frozen(folder, months)
    known_file = folder / "known.json"
    known = json.loads(known_file.read_text()) if known_file.exists() else {}
    parts = freeze(
        inputs, engine="duckdb", out=folder / f"out-{months}", previous_pools={}, known=known
    )
    known_file.write_text(json.dumps({part.name: part.inputs_digest for part in parts}))
    done = [part for part in parts if not part.reused]
    return sum(part.row_count for part in done), len(done)


def frozen(folder: Path, months: int) -> FrozenInputs:
    from guichet.core.periods import PeriodKind, period
    from guichet.indicators.calculations.definition import Definition
    from guichet.indicators.calculations.kinds import Kind
    from guichet.indicators.rollup.inputs import FrozenGrain, FrozenInputs, FrozenStructure

    def structure(code: str, level: str, above: tuple[str, ...], *place: str) -> FrozenStructure:
        departement, region = place or ("", "")
        parent = above[-1] if above else ""
        return FrozenStructure(code, NETWORK, level, parent, above, departement, region, None, None)

    structures = {NETWORK: structure(NETWORK, "national", ())}
    for code, *place in duckdb.sql(f"SELECT * FROM '{folder}/sites.parquet'").fetchall():
        office = f"{NETWORK}-{place[0]}"
        structures.setdefault(office, structure(office, "departement", (NETWORK,), *place))
        structures[code] = structure(code, "site", (NETWORK, office), *place)
    grains = [
        FrozenGrain(
            NETWORK,
            Definition(f"indicateur-{k}", 1, Kind.SHARE, "sample", "higher", Decimal(3), 10),
            "site",
            PeriodKind.MONTH,
            (),
            "network",
            month_code(0),
            None,
            "site",
        )
        for k in range(1, INDICATORS + 1)
    ]
    through = period(month_code(months - 1)).last_day
    return FrozenInputs(
        date.max, through, months, structures, tuple(grains), tuple(batches(folder, months))
    )


def batches(folder: Path, months: int) -> list[FrozenBatch]:
    from guichet.indicators.rollup.inputs import FrozenBatch

    sent = len(list(folder.glob("[0-9]*.parquet")))
    codes = {rank + 1: month_code(rank) for rank in range(months)}
    found = [
        FrozenBatch(number, NETWORK, "network", folder / f"{number}.parquet", code, named(code))
        for number, code in codes.items()
    ]
    code = month_code(sent // 2)
    path = folder / "correction.parquet"
    return [*found, FrozenBatch(10_000, NETWORK, "network", path, "correction", named(code))]


def named(code: str) -> tuple[tuple[str, int, str], ...]:
    return tuple((f"indicateur-{k}", 1, code) for k in range(1, INDICATORS + 1))


def main() -> None:
    step, folder, months = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    import django

    django.setup()
    started, before = time.perf_counter(), os.times()
    rows, parts = (bare if step == "bare" else whole)(folder, months)
    spent_s, after = time.perf_counter() - started, os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    processor_s = after.user + after.system - before.user - before.system
    print(json.dumps([spent_s, processor_s, peak, rows, parts]))


if __name__ == "__main__":
    main()
