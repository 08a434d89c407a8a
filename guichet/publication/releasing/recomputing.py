"""One part computed again from its own files, by DuckDB: from base rows to rows, then to figures.

Owns the sums written a second time, in plain SQL; refuses the roll-up's own statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from guichet.core.periods import PeriodKind, period, periods_above
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.rollup.pooling import WITHHELD
from guichet.publication.releasing.file_tables import COLUMNS, table_of

SHOWN = 3
YEARS = (PeriodKind.YEAR, PeriodKind.ISO_YEAR)


@dataclass(frozen=True)
class PartPaths:
    """The files of a part, by kind, in the folder of a release."""

    paths: Mapping[str, Path]

    def table(self, kind: str) -> str:
        return table_of(kind, [self.paths[kind]] if kind in self.paths else [])


def counter_names(definition: Definition) -> list[str]:
    return [f"c{rank}" for rank in range(1, len(definition.counters) + 1)]


def with_integers(source: str, definition: Definition, columns: Sequence[str]) -> str:
    """SQL of `columns` of a file with its counters apart, null when nothing was received."""
    counters = [
        f"CAST(nullif(split_part(counters, '|', {rank}), '') AS BIGINT) AS {name}"
        for rank, name in enumerate(counter_names(definition), start=1)
    ]
    listed = ", ".join([*columns, *counters])
    return (
        f"SELECT {listed}, CAST(expected AS BIGINT) AS expected, "
        f"CAST(received AS BIGINT) AS received FROM {source}"
    )


def differing_rows(
    part: PartPaths, definition: Definition, through: date, tables: duckdb.DuckDBPyConnection
) -> list[str]:
    """What differs between `rows/` and the sums of `base/`: lines, the first ones."""
    own = ["level", "place", "ancestors", "departement", "region", "period", "cut"]
    tables.execute(
        "CREATE OR REPLACE TEMP TABLE base_cells AS "
        + with_integers(part.table("base"), definition, ["network", "indicator", "version", *own])
    )
    register_calendar(definition, through, tables)
    counters = counter_names(definition)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in [*counters, "expected", "received"])
    tables.execute(
        f"""CREATE OR REPLACE TEMP TABLE unit_cells AS
        SELECT network, indicator, version, level, place, ancestors, departement, region,
               w.shown AS period, c.shown AS cut, {sums}
        FROM base_cells AS b JOIN wider AS w ON w.period = b.period
        JOIN shown_cuts AS c ON c.cut = b.cut
        GROUP BY ALL"""
    )
    text = " || '|' || ".join(f"coalesce({name}, 0)::VARCHAR" for name in counters)
    line = f"""concat_ws(',', network, indicator, version, level, place, period, cut,
        CASE WHEN received = 0 THEN '' ELSE {text} END, expected, received)"""
    places = f"""
    SELECT network, indicator, version, level, place, period, cut, {", ".join(counters)}, expected,
      received FROM unit_cells"""
    if definition.is_summed:
        places += f" UNION ALL {above(part, sums)}"
    return differences(f"SELECT {line} AS line FROM ({places})", part.table("rows"), "rows", tables)


def register_calendar(
    definition: Definition, through: date, tables: duckdb.DuckDBPyConnection
) -> None:
    """`wider`: what each period sums up to and is published; `shown_cuts`: the same of cuts."""
    codes = [
        code for (code,) in tables.execute("SELECT DISTINCT period FROM base_cells").fetchall()
    ]
    pairs = [(code, code) for code in codes]
    cuts = [
        (cut, cut) for (cut,) in tables.execute("SELECT DISTINCT cut FROM base_cells").fetchall()
    ]
    if definition.is_summed:
        pairs += [
            (code, wider)
            for code in codes
            for wider in periods_above(code)
            if period(wider).kind in YEARS or period(wider).last_day <= through
        ]
        cuts += [(cut, "") for cut, _ in cuts if cut]
    for name, first, found in (("wider", "period", pairs), ("shown_cuts", "cut", cuts)):
        table = pa.table(
            {
                first: pa.array([pair[0] for pair in found], pa.string()),
                "shown": pa.array([pair[1] for pair in found], pa.string()),
            }
        )
        tables.register(name, table)


def above(part: PartPaths, sums: str) -> str:
    """Ancestors that are neither units nor members of a pool, départements, régions, nation."""
    series = "network, indicator, version"
    places = {
        "departement": "departement",
        "region": "region",
        "nation": "'FR'",
    }
    territories = [
        f"SELECT {series}, '{level}' AS level, {place} AS place, period, cut, {sums} "
        f"FROM unit_cells WHERE {place} <> '' GROUP BY ALL"
        for level, place in places.items()
    ]
    ancestors = f"""SELECT {series}, 'structure' AS level, place, period, cut, {sums}
    FROM (SELECT * EXCLUDE (place), unnest(string_split(ancestors, '>')) AS place FROM unit_cells)
    WHERE place <> '' AND place NOT IN (SELECT member FROM {part.table("pools")})
      AND place NOT IN (SELECT place FROM base_cells WHERE level = 'structure')
    GROUP BY ALL"""
    return " UNION ALL ".join([*territories, ancestors])


def differences(
    expected: str, found: str, kind: str, tables: duckdb.DuckDBPyConnection
) -> list[str]:
    """Lines of `expected` (SQL with a column `line`) that `found` lacks, and the reverse; then how
    many more."""
    listed = ", ".join(COLUMNS[kind])
    file = f"SELECT concat_ws(',', {listed}) AS line FROM {found}"
    tables.execute(f"CREATE OR REPLACE TEMP TABLE expected_lines AS {expected}")
    tables.execute(f"CREATE OR REPLACE TEMP TABLE found_lines AS {file}")
    told: list[str] = []
    for words, first, second in (
        ("attendu", "expected_lines", "found_lines"),
        ("trouvé", "found_lines", "expected_lines"),
    ):
        only = f"SELECT line FROM {first} EXCEPT ALL SELECT line FROM {second}"
        lines = tables.execute(f"{only} ORDER BY line LIMIT {SHOWN + 1}").fetchall()
        told += [f"{words} : {line}" for (line,) in lines[:SHOWN]]
        if len(lines) > SHOWN:
            row = tables.execute(f"SELECT count(*) FROM ({only})").fetchone()
            told.append(f"… et {(row[0] if row else 0) - SHOWN} autres lignes « {words} »")
    return told


def figure_rows(
    part: PartPaths, definition: Definition, tables: duckdb.DuckDBPyConnection
) -> pa.Table:
    """The rows of a part in the shape that figures are computed from."""
    rows = with_integers(part.table("rows"), definition, ["level", "place", "period", "cut"])
    own = f"SELECT DISTINCT level, place, departement FROM {part.table('base')}"
    found: pa.Table = tables.sql(
        f"""SELECT r.*, coalesce(b.departement, '') AS departement
        FROM ({rows}) AS r LEFT JOIN ({own}) AS b ON b.level = r.level AND b.place = r.place
        ORDER BY r.level, r.place, r.period, r.cut"""
    ).to_arrow_table()
    return found


def base_faults(
    part: PartPaths, definition: Definition, tables: duckdb.DuckDBPyConnection
) -> list[str]:
    """Base rows under the minimum, and pools of fewer than two members."""
    names = counter_names(definition)
    whole = " + ".join(names) if definition.kind.value == "distribution" else names[-1]
    cells = with_integers(part.table("base"), definition, ["place", "period", "cut"])
    small = tables.execute(
        f"SELECT place, period, cut FROM ({cells}) "
        f"WHERE {whole} > 0 AND {whole} < {definition.minimum} LIMIT {SHOWN}"
    ).fetchall()
    told = [f"moins de {definition.minimum} cas : {', '.join(each)}" for each in small]
    alone = tables.execute(
        f"SELECT pool FROM {part.table('pools')} WHERE pool <> '{WITHHELD}' "
        "GROUP BY pool HAVING count(*) < 2"
    ).fetchall()
    return told + [f"{pool} n'a pas deux membres" for (pool,) in alone]
