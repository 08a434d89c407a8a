"""`corrections.csv`: what differs from the release before for periods that were whole in it.

Owns § 12 of `docs/methods/observation.md` on corrections; refuses to judge why they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from guichet.core.periods import period
from guichet.publication.releasing.csv_text import line_of
from guichet.publication.releasing.file_tables import KEY, table_of

COLUMNS = (*KEY, "counters_before", "counters_after", "value_before", "value_after", "what")
NAME = "corrections.csv"


@dataclass(frozen=True)
class Sides:
    """Paths of the rows and figures of the parts that differ, before and after."""

    rows_before: Sequence[Path]
    rows_after: Sequence[Path]
    figures_before: Sequence[Path]
    figures_after: Sequence[Path]


def write_corrections(
    sides: Sides, through: date, target: Path, connection: duckdb.DuckDBPyConnection
) -> int:
    """Write the corrections of a release against the one that went until `through`; how many."""
    header = line_of(COLUMNS)
    if not (sides.rows_before or sides.rows_after):
        target.write_bytes(header)
        return 0
    before, after = table_of("rows", sides.rows_before), table_of("rows", sides.rows_after)
    found = connection.execute(
        f"SELECT period FROM {before} UNION SELECT period FROM {after}"
    ).fetchall()
    whole = [code for (code,) in found if period(code).last_day <= through]
    connection.execute("CREATE OR REPLACE TEMP TABLE whole_periods (period VARCHAR)")
    if whole:
        connection.executemany("INSERT INTO whole_periods VALUES (?)", [[code] for code in whole])
    connection.execute(DIFFERING.format(before=before, after=after))
    lines = connection.execute(
        WITH_VALUES.format(
            before=table_of("figures", sides.figures_before),
            after=table_of("figures", sides.figures_after),
        )
    )
    count = 0
    with target.open("wb") as file:
        file.write(header)
        while batch := lines.fetchmany(10_000):
            count += len(batch)
            file.writelines(f"{line}\n".encode() for (line,) in batch)
    return count


SAME_KEY = " AND ".join(f"b.{name} = a.{name}" for name in KEY)
EITHER = ", ".join(f"coalesce(b.{name}, a.{name}) AS {name}" for name in KEY)
DIFFERING = f"""
CREATE OR REPLACE TEMP TABLE differing AS
SELECT {EITHER}, b.counters AS counters_before, a.counters AS counters_after,
  CASE WHEN b.place IS NULL THEN 'added' WHEN a.place IS NULL THEN 'removed' ELSE 'changed' END
  AS what
FROM (SELECT * FROM {{before}} WHERE period IN (FROM whole_periods)) AS b
FULL OUTER JOIN (SELECT * FROM {{after}} WHERE period IN (FROM whole_periods)) AS a ON {SAME_KEY}
WHERE b.counters IS DISTINCT FROM a.counters
"""
OF_BEFORE = " AND ".join(f"b.{name} = d.{name}" for name in KEY)
OF_AFTER = " AND ".join(f"a.{name} = d.{name}" for name in KEY)
LINE = ", ".join(
    [
        *(f"d.{name}" for name in KEY),
        "coalesce(d.counters_before, '')",
        "coalesce(d.counters_after, '')",
        "coalesce(b.value, '')",
        "coalesce(a.value, '')",
        "d.what",
    ]
)
WITH_VALUES = f"""
SELECT concat_ws(',', {LINE}) AS line
FROM differing AS d
LEFT JOIN {{before}} AS b ON {OF_BEFORE}
LEFT JOIN {{after}} AS a ON {OF_AFTER}
ORDER BY line COLLATE "C"
"""
