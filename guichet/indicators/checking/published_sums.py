"""What a batch would change where the network publishes at a coarser level than it sends: the sum
of each département, region or nation that it touches, before and after.

Owns these sums, on today's tree; refuses small cells, which the edition withholds. No Django.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from guichet.indicators.checking.changes import filled
from guichet.indicators.checking.rows import SLOTS, keep_table

KEPT = 100
MOST_ROWS = 1_000_000
"""Beyond, the file is a whole history: its sums are those of the edition to come."""

ABOVE = pa.schema([("grain", pa.int32()), ("code", pa.string()), ("place", pa.string())])


def published_sums(
    engine: duckdb.DuckDBPyConnection, above: pa.Table, *, row_count: int
) -> list[dict[str, Any]]:
    """The first places whose counters change: `before` is empty where nothing counted yet.

    `above` (see `ABOVE`) gives for each grain published at a coarser level the place of each
    structure; needs the tables of `rows` and the view `overlap`.
    """
    if not above.num_rows or row_count > MOST_ROWS:
        return []
    keep_table(engine, "above", above)
    total = f"[{', '.join(f'sum(c{slot})::BIGINT' for slot in SLOTS)}] AS counters"
    latest = ", ".join(f"arg_max(h.c{slot}, h.batch) AS c{slot}" for slot in SLOTS)
    numbers = ", ".join(f"c{slot}" for slot in SLOTS)
    found = engine.execute(
        f"""
        WITH cells AS (
            SELECT DISTINCT cell, grain, version_key, ordinal, indicator, number, period
            FROM combinations WHERE grain IN (SELECT grain FROM above)
        ), own AS (
            SELECT cells.grain, cells.version_key, cells.ordinal, c.sid, k.code AS cut, {numbers}
            FROM checked c JOIN cells USING (cell) JOIN cut_ids k ON k.cut = c.cut
        ), touched AS (
            SELECT DISTINCT own.version_key, own.ordinal, own.grain, a.place
            FROM own JOIN structures s USING (sid)
            JOIN above a ON a.grain = own.grain AND a.code = s.code
        ), was AS (
            SELECT t.version_key, t.ordinal, t.place, h.sid, h.cut_code AS cut, {latest}
            FROM overlap h JOIN structures s USING (sid)
            JOIN touched t ON t.version_key = h.version_key AND t.ordinal = h.ordinal
            JOIN above a ON a.grain = t.grain AND a.code = s.code AND a.place = t.place
            GROUP BY ALL
        ), will AS (
            SELECT t.version_key, t.ordinal, t.place, own.sid, own.cut, {numbers}
            FROM own JOIN structures s USING (sid)
            JOIN above a ON a.grain = own.grain AND a.code = s.code
            JOIN touched t ON t.version_key = own.version_key AND t.ordinal = own.ordinal
                AND t.place = a.place
            UNION ALL
            SELECT was.* FROM was ANTI JOIN own USING (version_key, ordinal, sid, cut)
        ), sums_before AS (
            SELECT version_key, ordinal, place, {total} FROM was GROUP BY ALL
        ), sums_after AS (
            SELECT version_key, ordinal, place, {total} FROM will GROUP BY ALL
        )
        SELECT DISTINCT cells.indicator, cells.number, cells.period, a.place, b.counters, a.counters
        FROM sums_after a
        JOIN cells USING (version_key, ordinal)
        LEFT JOIN sums_before b USING (version_key, ordinal, place)
        WHERE b.counters IS DISTINCT FROM a.counters
        ORDER BY b.counters IS NULL, cells.indicator, cells.number, cells.period, a.place
        LIMIT {KEPT}
        """
    ).fetchall()
    names = ("indicator", "version", "period", "place")
    return [
        dict(zip(names, row[:4], strict=True))
        | {"before": filled(row[4] or []), "after": filled(row[5])}
        for row in found
    ]
