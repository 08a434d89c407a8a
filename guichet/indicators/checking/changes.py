"""What a batch would change in what counts: keys that are new, replaced, or the same again.

Owns the comparison with the rows that count; refuses results. No Django.
"""

from __future__ import annotations

from typing import Any

import duckdb

from guichet.indicators.checking.rows import SLOTS

KEPT = 200
SAME, REPLACED = "same", "replaced"


def changes_of(engine: duckdb.DuckDBPyConnection, *, has_overlap: bool) -> dict[str, Any]:
    """`new`, `replaced`, `same`: numbers of keys; `rows`: the first replaced ones, each with its
    counters `before` (of batch `batch`) and `after`."""
    total = count(engine, "SELECT count(*) FROM checked")
    if not has_overlap:
        return {"new": total, "replaced": 0, "same": 0, "rows": []}
    counters = ", ".join(f"c{slot}" for slot in SLOTS)
    after = ", ".join(f"c.c{slot}" for slot in SLOTS)
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE again AS
        WITH own AS (
            SELECT c.line, j.version_key, c.sid, c.cut, c.ordinal, [{after}] AS after
            FROM checked c
            JOIN (SELECT DISTINCT cell, version_key FROM combinations) j USING (cell)
        ), touched AS (SELECT DISTINCT version_key, ordinal FROM own),
        counting AS (
            SELECT h.version_key, h.sid, k.cut, h.ordinal, max(h.batch) AS batch,
                   arg_max([{counters}], h.batch) AS before
            FROM overlap h
            JOIN touched USING (version_key, ordinal)
            JOIN cut_ids k ON k.code = h.cut_code
            GROUP BY ALL
        )
        SELECT own.*, counting.batch, counting.before
        FROM own JOIN counting USING (version_key, sid, cut, ordinal)
        """
    )
    again = count(engine, "SELECT count(*) FROM again")
    replaced = count(engine, "SELECT count(*) FROM again WHERE before <> after")
    return {
        "new": total - again,
        "replaced": replaced,
        "same": again - replaced,
        "rows": replaced_rows(engine) if replaced else [],
    }


def replaced_rows(engine: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = engine.execute(
        f"""
        SELECT a.line, j.indicator, j.number, s.code, j.period, k.code, a.before, a.after, a.batch
        FROM again a
        JOIN (SELECT DISTINCT version_key, ordinal, indicator, number, period FROM combinations) j
            USING (version_key, ordinal)
        JOIN structures s USING (sid) JOIN cut_ids k USING (cut)
        WHERE a.before <> a.after ORDER BY a.line LIMIT {KEPT}
        """
    ).fetchall()
    names = ("line", "indicator", "version", "structure", "period", "cut")
    return [
        dict(zip(names, row[:6], strict=True))
        | {"before": filled(row[6]), "after": filled(row[7]), "batch": row[8]}
        for row in rows
    ]


def filled(counters: list[int | None]) -> list[int]:
    return [counter for counter in counters if counter is not None]


def count(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    found = engine.execute(query).fetchone()
    return int(found[0]) if found else 0
