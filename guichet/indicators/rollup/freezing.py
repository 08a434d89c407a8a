"""Freezing: the parts of a release, computed by an engine and written as files.

Owns the order of statements and the files of a part; refuses figures (`formulas`) and releases.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from guichet.indicators.rollup.computing import Rollup
from guichet.indicators.rollup.engines import engine_named
from guichet.indicators.rollup.inputs import FrozenInputs
from guichet.indicators.rollup.parts import PartPlan, parts_of
from guichet.indicators.rollup.pooling import WITHHELD, Pool, Pooling
from guichet.indicators.rollup.writing import write_part

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class FrozenPart:
    """`name` is that of the method, "REL/decroche.1/2026.csv". A `reused` part was not computed:
    its files are those of the release that `known` came from, and hash and count are empty."""

    network: str
    indicator: str
    version: int
    year: int
    name: str
    rows_sha256: str
    row_count: int
    inputs_digest: str
    reused: bool


def freeze(
    inputs: FrozenInputs,
    *,
    engine: str,
    out: Path,
    previous_pools: Mapping[str, Sequence[Pool]],
    known: Mapping[str, str],
    progress: Progress | None = None,
) -> list[FrozenPart]:
    """Compute the parts of a release that `known` (part name → inputs digest) does not hold.

    `previous_pools` gives the pools of each part in the latest earlier release that holds it
    (see `Pool`); `known` comes from the same release. Writes under `out`: `base/<name>`,
    `rows/<name>`, `pools/<name>` where there is a pool, `parquet/rows/<name with .parquet>`.
    Parts come sorted by name. `progress` is told how many parts are done, of how many, and the
    name of the last.
    Raises RuleViolation when a batch names a structure that the directory no longer holds.
    """
    plans = list(parts_of(inputs))
    scratch = out / ".scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    frozen = []
    try:
        with engine_named(engine, scratch=scratch, reads=batch_folders(inputs)) as running:
            rollup = Rollup(inputs, running, previous_pools)
            for count, plan in enumerate(plans, start=1):
                frozen += frozen_part(rollup, plan, out, known.get(plan.name, ""))
                if progress:
                    progress(count, len(plans), plan.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return sorted(frozen, key=lambda part: part.name)


def batch_folders(inputs: FrozenInputs) -> list[Path]:
    return sorted({batch.path.parent for batch in inputs.batches})


def frozen_part(rollup: Rollup, plan: PartPlan, out: Path, known: str) -> list[FrozenPart]:
    """The part, or none when no cell was expected nor received."""
    definition = plan.grain.definition
    part = FrozenPart(
        network=plan.grain.network,
        indicator=definition.code,
        version=definition.version,
        year=plan.year,
        name=plan.name,
        rows_sha256="",
        row_count=0,
        inputs_digest=rollup.plan_digest(plan),
        reused=False,
    )
    if part.inputs_digest == known:
        return [replace(part, reused=True)]
    computation = rollup.compute(plan)
    written = write_part(
        computation.rows(),
        computation.wording(),
        *(paths := part_paths(out, plan.name)),
    )
    if not written.row_count and not computation.pooling.withheld:
        for path in paths:
            path.unlink()
        return []
    write_pools(part, computation.pooling, out)
    return [replace(part, rows_sha256=written.rows_sha256, row_count=written.row_count)]


def part_paths(out: Path, name: str) -> tuple[Path, Path, Path]:
    return made(out / "rows" / name), made(out / "base" / name), made(parquet_path(out, name))


def parquet_path(out: Path, name: str) -> Path:
    """Where a part's rows for tools are, under the folder given to `freeze` or of a release."""
    return (out / "parquet" / "rows" / name).with_suffix(".parquet")


def made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write_pools(part: FrozenPart, pooling: Pooling, out: Path) -> None:
    members = [(pool.code, member) for pool in pooling.pools for member in pool.members]
    members += [(WITHHELD, member) for member in pooling.withheld]
    if members:
        start = f"{part.network},{part.indicator},{part.version},{part.year:04}"
        lines = sorted(f"{start},{pool},{member}" for pool, member in members)
        text = "\n".join(["network,indicator,version,year,pool,member", *lines, ""])
        made(out / "pools" / part.name).write_text(text, encoding="utf-8", newline="\n")


def part_rows(path: Path) -> pa.Table:
    """A part's rows from its file for tools: level, place, departement ("" unless a unit with
    one), period, cut, c1… (null when nothing was received), expected, received."""
    table = pa.parquet.read_table(path).drop_columns(["network", "indicator", "version"])
    start = table.column_names.index("cut") + 1
    count = table.num_columns - start - 2
    names = table.column_names
    names[start : start + count] = [f"c{rank}" for rank in range(1, count + 1)]
    return table.rename_columns(names)
