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
    counters `before` (of batch `batch`) and `after`.

    Counters are compared by a hash of 64 bits: lists of twelve take four times the processor.
    """
    total = count(engine, "SELECT count(*) FROM checked")
    if not has_overlap:
        return {"new": total, "replaced": 0, "same": 0, "rows": []}
    own_counters = ", ".join(f"c.c{slot}" for slot in SLOTS)
    past_counters = ", ".join(f"h.c{slot}" for slot in SLOTS)
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE again AS
        WITH own AS (
            SELECT c.line, j.version_key, c.sid, c.cut, c.ordinal, hash({own_counters}) AS after
            FROM checked c
            JOIN (SELECT DISTINCT cell, version_key FROM combinations) j USING (cell)
        ), touched AS (SELECT DISTINCT version_key, ordinal FROM own),
        counting AS (
            SELECT h.version_key, h.sid, k.cut, h.ordinal, max(h.batch) AS batch,
                   arg_max(hash({past_counters}), h.batch) AS before
            FROM overlap h
            JOIN touched USING (version_key, ordinal)
            JOIN cut_ids k ON k.code = h.cut_code
            GROUP BY ALL
        )
        SELECT line, version_key, sid, cut, ordinal, batch, before <> after AS is_replaced
        FROM own JOIN counting USING (version_key, sid, cut, ordinal)
        """
    )
    again = count(engine, "SELECT count(*) FROM again")
    replaced = count(engine, "SELECT count(*) FROM again WHERE is_replaced")
    return {
        "new": total - again,
        "replaced": replaced,
        "same": again - replaced,
        "rows": replaced_rows(engine) if replaced else [],
    }


def replaced_rows(engine: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    before = ", ".join(f"h.c{slot}" for slot in SLOTS)
    after = ", ".join(f"c.c{slot}" for slot in SLOTS)
    rows = engine.execute(
        f"""
        WITH first AS (SELECT * FROM again WHERE is_replaced ORDER BY line LIMIT {KEPT})
        SELECT a.line, j.indicator, j.number, s.code, j.period, k.code, [{before}], [{after}],
               a.batch
        FROM first a
        JOIN checked c USING (line)
        JOIN cut_ids k ON k.cut = a.cut
        JOIN overlap h ON h.version_key = a.version_key AND h.sid = a.sid
            AND h.ordinal = a.ordinal AND h.batch = a.batch AND h.cut_code = k.code
        JOIN (SELECT DISTINCT version_key, ordinal, indicator, number, period FROM combinations) j
            ON j.version_key = a.version_key AND j.ordinal = a.ordinal
        JOIN structures s ON s.sid = a.sid
        ORDER BY a.line
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
    found = engine.execute(query).fetchall()
    return int(found[0][0]) if found else 0
