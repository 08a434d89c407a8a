"""A part's rows as text and as Parquet, from the sorted numbers that an engine gives.

Owns the canonical form (`docs/methods/observation.md`, § 12); refuses to sort or to sum.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

ROWS_HEADER = b"network,indicator,version,level,place,period,cut,counters,expected,received\n"
BASE_HEADER = (
    b"network,indicator,version,level,place,ancestors,departement,region,"
    b"period,cut,counters,expected,received\n"
)
WORD = pa.dictionary(pa.int32(), pa.string())
LF = "\n"
NOTHING = ""


@dataclass(frozen=True)
class Written:
    rows_sha256: str
    row_count: int


@dataclass(frozen=True)
class Chunk:
    """Some rows in the three forms."""

    rows: pa.Buffer
    base: pa.Buffer
    table: pa.Table


class Wording:
    """The words of one part for the numbers of its rows.

    `places` (place_id, level, place, ancestors, departement, region, own_departement) is sorted
    by place_id; `periods` are numbered from 1 and `cuts` from 0, in order. `start` is network,
    indicator code and version; `counters` their names.
    """

    def __init__(
        self,
        start: tuple[str, str, int],
        places: pa.Table,
        periods: Sequence[str],
        cuts: Sequence[str],
        counters: Sequence[str],
    ) -> None:
        self.start = start
        self.place_ids = places.column("place_id").to_numpy()
        words = {name: places.column(name).combine_chunks() for name in places.column_names[1:]}
        self.levels, self.places = words["level"], words["place"]
        self.departements = words["own_departement"]
        self.periods = pa.array(["", *periods], pa.string())
        self.cuts = pa.array(cuts, pa.string())
        self.counters = counters
        begin = pa.scalar(f"{start[0]},{start[1]},{start[2]}")
        above = (words["ancestors"], words["departement"], words["region"])
        self.row_starts = joined(",", begin, self.levels, self.places, NOTHING)
        self.base_starts = joined(",", begin, self.levels, self.places, *above, NOTHING)
        moments = [f"{code},{cut}," for code in ["", *periods] for cut in cuts]
        self.moments = pa.array(moments, pa.string())

    def schema(self) -> pa.Schema:
        words = ("level", "place", "departement", "period", "cut")
        return pa.schema(
            [
                ("network", WORD),
                ("indicator", WORD),
                ("version", pa.int32()),
                *((name, WORD) for name in words),
                *((name, pa.int64()) for name in self.counters),
                ("expected", pa.int64()),
                ("received", pa.int64()),
            ]
        )

    def chunk(self, batch: pa.RecordBatch) -> Chunk:
        """The columns of `batch`: place_id, period_id, cut_id, the counters, expected, received,
        is_base."""
        ranks = np.searchsorted(self.place_ids, batch.column(0).to_numpy())
        moments = pc.add(pc.multiply(batch.column(1), len(self.cuts)), batch.column(2))
        numbers = [pc.cast(column, pa.string()) for column in batch.columns[3:-1]]
        counters = pc.coalesce(joined("|", *numbers[:-2]), NOTHING)
        ends = joined(",", counters, *numbers[-2:])
        moments_text = self.moments.take(moments)
        rows = joined("", self.row_starts.take(pa.array(ranks)), moments_text, ends, LF)
        is_base = pc.equal(batch.column(batch.num_columns - 1), 1)
        base_starts = self.base_starts.take(pa.array(ranks[is_base.to_numpy(zero_copy_only=False)]))
        base = joined("", base_starts, moments_text.filter(is_base), ends.filter(is_base), LF)
        return Chunk(text_of(rows), text_of(base), self.table(batch, ranks))

    def table(
        self, batch: pa.RecordBatch, ranks: np.ndarray[tuple[int], np.dtype[np.int64]]
    ) -> pa.Table:
        first, last = (int(ranks[0]), int(ranks[-1]) + 1) if len(ranks) else (0, 0)
        local = pa.array((ranks - first).astype(np.int32))
        span = last - first
        count = batch.num_rows
        network, indicator, version = self.start
        columns = [
            constant(network, count),
            constant(indicator, count),
            pa.repeat(pa.scalar(version, pa.int32()), count),
            *(
                words_at(words.slice(first, span), local)
                for words in (self.levels, self.places, self.departements)
            ),
            words_at(self.periods, batch.column(1)),
            words_at(self.cuts, batch.column(2)),
            *batch.columns[3:-1],
        ]
        return pa.table(columns, schema=self.schema())


def joined(separator: str, *columns: pa.Array | pa.Scalar | str) -> pa.Array:
    """Null where one of the columns is."""
    return pc.binary_join_element_wise(*columns, separator)


def words_at(words: pa.Array, ranks: pa.Array) -> pa.Array:
    """As a dictionary of the distinct words."""
    coded = words.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices.take(ranks), coded.dictionary)


def constant(word: str, count: int) -> pa.Array:
    ranks = pa.repeat(pa.scalar(0, pa.int32()), count)
    return pa.DictionaryArray.from_arrays(ranks, pa.array([word]))


def text_of(lines: pa.StringArray) -> pa.Buffer:
    """The lines one after the other: how Arrow keeps them."""
    if not len(lines):
        return pa.py_buffer(b"")
    offsets = np.frombuffer(lines.buffers()[1], np.int32, len(lines) + 1, lines.offset * 4)
    return lines.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0]))


def write_part(
    batches: Iterable[pa.RecordBatch], wording: Wording, rows: Path, base: Path, parquet: Path
) -> Written:
    """Write the three files of a part, in bounded memory, in the order of `batches`."""
    digest, row_count = hashlib.sha256(ROWS_HEADER), 0
    with ExitStack() as opened:
        rows_file = opened.enter_context(rows.open("wb"))
        base_file = opened.enter_context(base.open("wb"))
        table_file = opened.enter_context(
            pyarrow.parquet.ParquetWriter(
                parquet, wording.schema(), compression="zstd", store_schema=False
            )
        )
        rows_file.write(ROWS_HEADER)
        base_file.write(BASE_HEADER)
        for chunk in in_order(wording, batches):
            rows_file.write(chunk.rows)
            base_file.write(chunk.base)
            table_file.write_table(chunk.table)
            digest.update(chunk.rows)
            row_count += chunk.table.num_rows
    return Written(digest.hexdigest(), row_count)


def in_order(wording: Wording, batches: Iterable[pa.RecordBatch]) -> Iterator[Chunk]:
    """Chunks made by as many threads as cores, given in the order of their batches."""
    threads = os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Chunk]] = deque()
        for batch in batches:
            waiting.append(pool.submit(wording.chunk, batch))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
