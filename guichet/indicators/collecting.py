"""Counts of what the platform itself holds, sent as batches by the apps that hold it.

Owns what is sent: only what differs from what counts, of periods that are over. Refuses a grain
whose source is another.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.utils import timezone

from guichet.core.duck import quoted
from guichet.core.errors import RuleViolation
from guichet.core.periods import period
from guichet.directory.models import Network
from guichet.indicators import lake
from guichet.indicators.actions.batches import ALWAYS, receive_batch
from guichet.indicators.calculations.kinds import headers_of
from guichet.indicators.checking.columns import COUNTERS, KEY
from guichet.indicators.checking.engine import engine
from guichet.indicators.checking.history import PastFile, past_files
from guichet.indicators.checking.knowing import known_of
from guichet.indicators.checking.known import Known
from guichet.indicators.checking.rows import SLOTS
from guichet.indicators.models import Batch

Place = tuple[str, int, str, str]
"""Indicator, version, structure, period: all its cuts are sent together."""


@dataclass(frozen=True)
class CountRow:
    """One observation; `counters` in the order of the definition."""

    indicator: str
    version: int
    structure: str
    period: str
    counters: tuple[int, ...]
    cut: str = ""

    @property
    def place(self) -> Place:
        return self.indicator, self.version, self.structure, self.period


def submit_counts(*, source: str, network: Network, rows: Iterable[CountRow]) -> Batch | None:
    """Send what differs from what counts already; None when nothing does.

    Rows of periods that are not over are left out. Jumps are not asked: a machine counted.
    `RuleViolation` for an indicator version that does not exist. A batch may come back REFUSED,
    with its faults.
    """
    today = timezone.localdate()
    known = known_of(network, source=source, scope=None, today=today)
    given = [row for row in rows if period(row.period).last_day <= today]
    refuse_unknown(given, known)
    versions = {(row.indicator, row.version) for row in given}
    counting = counting_rows(past_files(network, source, versions), given)
    changed = {row.place for row in given if counting.get((row.place, row.cut)) != row.counters}
    if not changed:
        return None
    with lake.workshop() as folder:
        path = folder / "counts.csv"
        write_counts(path, (row for row in given if row.place in changed), known)
        return receive_batch(
            path=path,
            file_name=f"{source}-{today.isoformat()}.csv",
            network=network,
            source=source,
            accept=ALWAYS,
        )


def refuse_unknown(rows: Iterable[CountRow], known: Known) -> None:
    for row in rows:
        version = known.versions.get((row.indicator, row.version))
        if version is None:
            raise RuleViolation(
                f"L'indicateur {row.indicator}, version {row.version} n'existe pas."
            )
        if len(row.counters) != len(version.definition.counters):
            raise RuleViolation(
                f"{row.indicator} a {len(version.definition.counters)} compteurs, "
                f"{len(row.counters)} sont donnés."
            )


def counting_rows(
    files: list[PastFile], given: list[CountRow]
) -> dict[tuple[Place, str], tuple[int, ...]]:
    """The counters that count today, of the periods given."""
    touched = {(row.indicator, row.version, row.period) for row in given}
    read = [file for file in files if file.cells & touched]
    if not read:
        return {}
    wanted = pa.table(
        {
            "indicator": pa.array([cell[0] for cell in touched], pa.string()),
            "version": pa.array([cell[1] for cell in touched], pa.int32()),
            "period": pa.array([cell[2] for cell in touched], pa.string()),
        }
    )
    counters = ", ".join(f"c{slot}" for slot in SLOTS)
    query = " UNION ALL ".join(
        f"SELECT {file.number} AS batch, indicator, version, structure, period, cut, "
        f"[{counters}] AS counters FROM read_parquet({quoted(file.path)}) "
        "SEMI JOIN wanted USING (indicator, version, period)"
        for file in read
    )
    with lake.workshop() as folder, engine(folder, lake.root()) as connection:
        connection.register("wanted", wanted)
        found = connection.execute(
            f"SELECT indicator, version, structure, period, cut, arg_max(counters, batch) "
            f"FROM ({query}) GROUP BY ALL"
        ).fetchall()
    return {
        ((indicator, version, structure, when), cut): tuple(n for n in values if n is not None)
        for indicator, version, structure, when, cut, values in found
    }


def write_counts(path: Path, rows: Iterator[CountRow], known: Known) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*KEY, *COUNTERS], restval="")
        writer.writeheader()
        for row in rows:
            definition = known.versions[row.indicator, row.version].definition
            headers = headers_of(definition.kind, definition.bounds)
            key = (row.indicator, str(row.version), row.structure, row.period, row.cut)
            writer.writerow(
                dict(zip(KEY, key, strict=True))
                | dict(zip(headers, map(str, row.counters), strict=True))
            )
