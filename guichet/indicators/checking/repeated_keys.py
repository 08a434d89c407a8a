"""Keys of a batch against each other: none twice, and all cuts of a place together.

Owns the two counts in DuckDB (`docs/methods/observation.md`, § 2 and § 4). No Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

PACKED = "((cell::BIGINT << 37) + (sid::BIGINT << 16) + cut)"
"""One integer for a key: 16 bits for the cut (65,536 codes over all grains of a network), 21 for
the structure (2,097,152 of a network), 26 for the indicator version and period (67,108,864)."""

LINES_NAMED = 12


@dataclass(frozen=True)
class Twice:
    """`lines` are the first ones that hold the key, of `times` in all."""

    lines: tuple[int, ...]
    times: int


@dataclass(frozen=True)
class MissingCuts:
    line: int
    structure: str
    period: str
    indicator: str
    present: frozenset[str]
    grain: int


def rows_twice(engine: duckdb.DuckDBPyConnection, most: int) -> tuple[list[Twice], int]:
    """The first keys that stand on several lines, and how many there are."""
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE twice AS
        SELECT {PACKED} AS key, count(*) AS times FROM checked
        WHERE sid IS NOT NULL AND cut IS NOT NULL AND cell IS NOT NULL
        GROUP BY key HAVING count(*) > 1
        """
    )
    found = engine.execute("SELECT count(*) FROM twice").fetchone()
    count = int(found[0]) if found else 0
    if not count:
        return [], 0
    rows = engine.execute(
        f"""
        SELECT min(c.line, {LINES_NAMED}) AS lines, any_value(t.times)
        FROM checked c JOIN twice t ON t.key = {PACKED}
        GROUP BY t.key ORDER BY lines[2] LIMIT {most}
        """
    ).fetchall()
    return [Twice(tuple(lines), times) for lines, times in rows], count


def places_without_all_cuts(
    engine: duckdb.DuckDBPyConnection, cut_counts: dict[int, int], most: int
) -> tuple[list[MissingCuts], int]:
    """The places and periods that lack a cut; `cut_counts` are those of grains with cuts."""
    if not cut_counts:
        return [], 0
    cases = " ".join(f"WHEN {grain} THEN {count}" for grain, count in cut_counts.items())
    query = f"""
        SELECT min(line) AS line, cell, sid, grain, list(DISTINCT cut_ids.code) AS present
        FROM checked LEFT JOIN cut_ids USING (cut)
        WHERE sid IS NOT NULL AND grain IN ({", ".join(map(str, cut_counts))})
        GROUP BY cell, sid, grain
        HAVING count(DISTINCT cut) < CASE grain {cases} END AND count(*) = count(cut)
    """
    found = engine.execute(f"SELECT count(*) FROM ({query})").fetchone()
    count = int(found[0]) if found else 0
    return list(lacking(engine, query, most)) if count else [], count


def lacking(engine: duckdb.DuckDBPyConnection, query: str, most: int) -> Iterator[MissingCuts]:
    rows = engine.execute(
        f"""
        SELECT q.line, s.code, j.period, j.indicator, q.present, q.grain FROM ({query}) q
        JOIN structures s USING (sid)
        JOIN (SELECT DISTINCT cell, period, indicator FROM combinations) j USING (cell)
        ORDER BY q.line LIMIT {most}
        """
    ).fetchall()
    for line, structure, when, indicator, present, grain in rows:
        yield MissingCuts(line, structure, when, indicator, frozenset(present), grain)
