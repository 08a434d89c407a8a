"""Base rows computed again from the accepted batches: what only this installation can check.

Owns § 4 written a second time, in plain SQL; refuses the roll-up's own statements. Who is pooled
with whom is read from the release: its tree was that of its day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from django.conf import settings

from guichet.core.duck import quoted
from guichet.core.files import sha256_of
from guichet.core.periods import period
from guichet.core.tokens import sealed
from guichet.directory.models import Structure
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.grains_in_force import nearest_grain
from guichet.indicators.models import Batch, Grain
from guichet.indicators.rollup.pooling import WITHHELD
from guichet.publication.releasing.manifest import BATCH_SEAL, CountedBatch
from guichet.publication.releasing.parts import PartKey
from guichet.publication.releasing.recomputing import (
    SHOWN,
    PartPaths,
    counter_names,
    with_integers,
)


@dataclass(frozen=True)
class BatchRows:
    """The accepted rows of one counted batch."""

    number: int
    network: str
    path: Path
    series: frozenset[tuple[str, int]]


def rows_of_batches(counted: Sequence[CountedBatch]) -> tuple[list[BatchRows], list[str]]:
    """Those of observations that the installation still holds unchanged; then what is wrong."""
    known = Batch.objects.select_related("network").in_bulk(
        [batch.number for batch in counted], field_name="number"
    )
    found, faults = [], []
    for each in counted:
        batch = known.get(each.number)
        if batch is None or sealed(BATCH_SEAL, batch.sha256) != each.seal:
            faults.append(f"lot {each.number} : absent de cette installation, ou un autre")
            continue
        if batch.content != Batch.Content.OBSERVATIONS:
            continue
        path = Path(settings.LAKE) / batch.rows_file
        if not path.is_file() or sha256_of(path) != batch.rows_sha256:
            faults.append(f"lot {each.number} : son fichier de lignes est absent ou altéré")
            continue
        series = frozenset((str(code), int(version)) for code, version, *_ in batch.contents)
        found.append(BatchRows(each.number, batch.network.code, path, series))
    return found, faults


def differing_base(
    key: PartKey,
    part: PartPaths,
    definition: Definition,
    batches: Sequence[BatchRows],
    through: date,
    tables: duckdb.DuckDBPyConnection,
) -> list[str]:
    """What differs between the received cells of `base/` and the accepted rows, the first lines."""
    series = (key.indicator, key.version)
    files = [b for b in batches if b.network == key.network and series in b.series]
    counters = counter_names(definition)
    keep_latest(key, files, counters, through, tables)
    keep_units(key, tables)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in counters)
    expected = f"""
    SELECT coalesce(p.pool, u.unit) AS place, period, cut, {sums}, COUNT(*) AS received
    FROM latest AS l JOIN units AS u ON u.structure = l.structure
    LEFT JOIN {part.table("pools")} AS p ON p.member = u.unit
    WHERE coalesce(p.pool, '') <> '{WITHHELD}'
    GROUP BY ALL"""
    cells = with_integers(part.table("base"), definition, ["place", "period", "cut"])
    found = f"SELECT * EXCLUDE (expected) FROM ({cells}) WHERE received > 0"
    columns = ", ".join(["place", "period", "cut", *counters, "received"])
    tables.execute(
        f"CREATE OR REPLACE TEMP TABLE from_batches AS SELECT {columns} FROM ({expected})"
    )
    tables.execute(f"CREATE OR REPLACE TEMP TABLE from_base AS SELECT {columns} FROM ({found})")
    told = []
    for words, first, second in (
        ("d'après les lots", "from_batches", "from_base"),
        ("dans l'édition", "from_base", "from_batches"),
    ):
        only = tables.execute(
            f"FROM {first} EXCEPT ALL FROM {second} ORDER BY ALL LIMIT {SHOWN}"
        ).fetchall()
        told += [f"{words} : {', '.join(str(each) for each in row)}" for row in only]
    return told


def keep_latest(
    key: PartKey,
    files: Sequence[BatchRows],
    counters: Sequence[str],
    through: date,
    tables: duckdb.DuckDBPyConnection,
) -> None:
    """`latest`: of each structure, period and cut of the year, the row of the highest batch."""
    columns = ", ".join(["structure", "period", "cut", *counters])
    where = f"indicator = {quoted(key.indicator)} AND version = {key.version}"
    selects = [
        f"SELECT {batch.number} AS batch, {columns} FROM read_parquet({quoted(batch.path)}) "
        f"WHERE {where} AND period LIKE '{key.year:04}%'"
        for batch in files
    ]
    if not selects:
        empty = ", ".join(f"0::BIGINT AS {name}" for name in counters)
        selects = [f"SELECT 0 AS batch, '' AS structure, '' AS period, '' AS cut, {empty} LIMIT 0"]
    tables.execute(f"CREATE OR REPLACE TEMP TABLE sent AS {' UNION ALL '.join(selects)}")
    codes = [code for (code,) in tables.execute("SELECT DISTINCT period FROM sent").fetchall()]
    covered = [code for code in codes if period(code).last_day <= through]
    tables.register("covered_periods", pa.table({"period": pa.array(covered, pa.string())}))
    tables.execute(
        """CREATE OR REPLACE TEMP TABLE latest AS
        SELECT * FROM sent WHERE period IN (SELECT period FROM covered_periods)
        QUALIFY row_number() OVER (PARTITION BY structure, period, cut ORDER BY batch DESC) = 1"""
    )


def keep_units(key: PartKey, tables: duckdb.DuckDBPyConnection) -> None:
    """`units`: the unit that each structure counts for, itself unless the network publishes at a
    coarser level; then its ancestor of that level, as the directory stands today."""
    sent = [code for (code,) in tables.execute("SELECT DISTINCT structure FROM latest").fetchall()]
    level = coarser_level(key)
    units = ancestors_at(level, sent) if level else {code: code for code in sent}
    table = {"structure": list(units), "unit": list(units.values())}
    tables.register(
        "units", pa.table({name: pa.array(found, pa.string()) for name, found in table.items()})
    )


def coarser_level(key: PartKey) -> str:
    """The publication level of the part's grain where it is not the grain's own, else empty.

    A 28 December lies in the same calendar and ISO year.
    """
    grains = Grain.objects.filter(
        network__code=key.network,
        version__indicator__code=key.indicator,
        version__number=key.version,
    )
    grain = nearest_grain(list(grains), date(key.year, 12, 28))
    return grain.publication_level if grain and grain.publication_level != grain.level else ""


def ancestors_at(level: str, codes: Sequence[str]) -> Mapping[str, str]:
    rows = Structure.objects.values_list("pk", "code", "level", "path")
    known = {str(pk): (code, own, str(path)) for pk, code, own, path in rows}
    wanted, found = set(codes), {}
    for code, _, path in known.values():
        if code not in wanted:
            continue
        above = [known[label] for label in reversed(path.split(".")) if label in known]
        nearest = next((other for other, own, _ in above if own == level), None)
        if nearest:
            found[code] = nearest
    return found
