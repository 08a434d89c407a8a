"""Accepted batches of tests: their rows as Parquet in the lake, as `lake` lays them out."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from django.conf import settings

from guichet.directory.models import Network
from guichet.indicators.models import Batch, Outcome
from guichet.indicators.rollup.pooling import WITHHELD, Pool, Spot
from guichet.indicators.tests.factories import BatchFactory
from guichet.indicators.tests.observation_example import batch_files

COUNTERS = [f"c{rank}" for rank in range(1, 13)]
Row = tuple[str, int, str, str, str, Sequence[int]]
"""Indicator, version, structure, period, cut, counters."""


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    lines = [
        (line, *key, *counters, *[None] * (12 - len(counters)))
        for line, (*key, counters) in enumerate(rows, start=2)
    ]
    types = [pa.int64(), pa.string(), pa.int32(), *[pa.string()] * 3, *[pa.int64()] * 12]
    names = ["line", "indicator", "version", "structure", "period", "cut", *COUNTERS]
    columns = {
        name: pa.array([line[rank] for line in lines], kind)
        for rank, (name, kind) in enumerate(zip(names, types, strict=True))
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pa.table(columns), path)


def accepted_batch(network: Network, number: int, rows: Sequence[Row], **fields: object) -> Batch:
    """A counting batch of these rows, in the lake of the settings."""
    name = f"batches/rows/{number}.parquet"
    path = Path(settings.LAKE) / name
    write_rows(path, rows)
    contents = Counter((row[0], row[1], row[3]) for row in rows)
    return BatchFactory(
        network=network,
        number=number,
        rows_file=name,
        rows_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        row_count=len(rows),
        contents=[[*key, count] for key, count in sorted(contents.items())],
        **fields,
    )


def example_batches(network: Network, until: date) -> None:
    """The batches of the example received by `until`, refused ones left out, withdrawals made."""
    for line, path in batch_files():
        received = date.fromisoformat(line["received_on"])
        if line["outcome"] != Outcome.ACCEPTED or received > until:
            continue
        if Batch.objects.filter(number=int(line["number"])).exists():
            continue
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if "coupe" not in rows[0]:
            continue
        withdrawn = line["withdrawn_on"] and date.fromisoformat(line["withdrawn_on"])
        accepted_batch(
            network,
            int(line["number"]),
            [
                (
                    row["indicateur"],
                    int(row["version"]),
                    row["structure"],
                    row["periode"],
                    row["coupe"],
                    (int(row["partie"]), int(row["total"])),
                )
                for row in rows
            ],
            withdrawn_at=datetime.combine(withdrawn, time(9), UTC) if withdrawn else None,
            withdrawal_reason=line["reason"] if withdrawn else "",
        )


def pools_of_part(base: Path, pools: Path) -> list[Pool]:
    """The pools of a part of an earlier release, from its files `base/` and `pools/`."""
    members: dict[str, list[str]] = defaultdict(list)
    with pools.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["pool"] != WITHHELD:
                members[row["pool"]].append(row["member"])
    spots: dict[str, Spot] = {}
    with base.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["level"] == "pool":
                ancestors = tuple(row["ancestors"].split(">")) if row["ancestors"] else ()
                spots[row["place"]] = Spot(ancestors, row["departement"], row["region"])
    return [Pool(code, tuple(sorted(members[code])), spots[code]) for code in sorted(members)]
