"""Every row of observations against what is known, in DuckDB over the staged Parquet.

Owns which rows are wrong and how, as marks; `sentences` says them in words. No Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from guichet.core.duck import quoted
from guichet.indicators.calculations.kinds import MOST_BUCKETS, Kind, headers_of
from guichet.indicators.checking.columns import COUNTERS, CUT, INDICATOR, KEY, PERIOD, VERSION
from guichet.indicators.checking.keys import Judged, judged
from guichet.indicators.checking.known import Known, KnownGrain
from guichet.indicators.checking.numbers import DECIMALS, LARGEST, LARGEST_SQUARES, READ, SPACES

MOST_COMBINATIONS = 300_000
SLOTS = range(1, MOST_BUCKETS + 1)

BAD_KEY, UNKNOWN_PLACE, OUT_OF_SCOPE, OTHER_LEVEL, CLOSED, NOT_OPEN, BAD_CUT, IMPOSSIBLE = (
    1 << rank for rank in range(8)
)
COMBINATIONS = pa.schema(
    [
        ("indicateur", pa.string()),
        ("version", pa.string()),
        ("periode", pa.string()),
        ("cell", pa.int32()),
        ("grain", pa.int32()),
        ("shape", pa.int32()),
        ("level", pa.string()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
        ("ordinal", pa.int32()),
        ("is_bad", pa.bool_()),
        ("indicator", pa.string()),
        ("number", pa.int32()),
        ("period", pa.string()),
        ("version_key", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Shape:
    """A kind with its counters, as the rows of one file use it."""

    kind: Kind
    headers: tuple[str, ...]


@dataclass
class Combinations:
    """The distinct (indicator, version, period) of a file, judged."""

    judged: dict[tuple[str, str, str], Judged] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)
    grains: dict[int, KnownGrain] = field(default_factory=dict)
    table: pa.Table | None = None


def prepare(
    engine: duckdb.DuckDBPyConnection,
    staged: Path,
    positions: dict[str, int],
    structures: pa.Table,
    known: Known,
) -> Combinations:
    """Make the tables `raw`, `structures`, `combinations`, `cuts` of a connection."""
    columns = ", ".join(f"{cleaned(name, positions)} AS {name}" for name in (*KEY, *COUNTERS))
    engine.execute(f"CREATE VIEW raw AS SELECT line, {columns} FROM read_parquet({quoted(staged)})")
    keep_table(engine, "structures", structures)
    found = judged_combinations(engine, known)
    keep_table(engine, "combinations", found.table)
    keep_table(engine, "cuts", cuts_table(found.grains.values()))
    engine.execute("CREATE VIEW cut_ids AS SELECT DISTINCT cut, code FROM cuts")
    return found


def cleaned(name: str, positions: dict[str, int]) -> str:
    """A cell without spaces around nor the apostrophe that forces a text in a spreadsheet."""
    if name not in positions:
        return "''"
    return f"ltrim(trim(coalesce(k{positions[name]}, ''), {quoted(SPACES)}), '''')"


def keep_table(engine: duckdb.DuckDBPyConnection, name: str, table: pa.Table | None) -> None:
    engine.register("given", table)
    engine.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    engine.unregister("given")


def judged_combinations(engine: duckdb.DuckDBPyConnection, known: Known) -> Combinations:
    """At most `MOST_COMBINATIONS` are judged here; rows of the others are faults of key."""
    engine.execute(
        f"SELECT DISTINCT {INDICATOR}, {VERSION}, {PERIOD} FROM raw LIMIT {MOST_COMBINATIONS}"
    )
    found = Combinations()
    cells: dict[tuple[int, str], int] = {}
    rows: list[list[object]] = []
    while batch := engine.fetchmany(10_000):
        for indicator, number, when in batch:
            texts = (indicator, number, when)
            one = judged(indicator, number, when, known)
            if one.faults and len(found.judged) > 10_000:
                continue
            found.judged[texts] = one
            rows.append([*texts, *values_of(one, found, cells)])
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COMBINATIONS)
    arrays = [
        pa.array(values, column.type) for values, column in zip(columns, COMBINATIONS, strict=True)
    ]
    found.table = pa.Table.from_arrays(arrays, schema=COMBINATIONS)
    return found


def values_of(one: Judged, found: Combinations, cells: dict[tuple[int, str], int]) -> list[object]:
    definition = one.version.definition if one.version else None
    shape = shape_number(found, one)
    cell = None
    if one.version and one.period:
        cell = cells.setdefault((one.version.key, one.period.code), len(cells))
    if one.grain:
        found.grains[one.grain.key] = one.grain
    return [
        cell,
        one.grain.key if one.grain else None,
        shape,
        one.grain.level if one.grain else None,
        one.period.first_day if one.period else None,
        one.period.last_day if one.period else None,
        one.period.first_day.toordinal() if one.period else None,
        bool(one.faults),
        definition.code if definition else None,
        definition.version if definition else None,
        one.period.code if one.period else None,
        one.version.key if one.version else None,
    ]


def shape_number(found: Combinations, one: Judged) -> int | None:
    if one.version is None or not one.version.grains:
        return None
    definition = one.version.definition
    shape = Shape(definition.kind, headers_of(definition.kind, definition.bounds))
    if shape not in found.shapes:
        found.shapes.append(shape)
    return found.shapes.index(shape)


def cuts_table(grains: Iterable[KnownGrain]) -> pa.Table:
    """The cuts of each grain; `cut` numbers a code, the same in all grains."""
    codes = {grain.key: grain.cuts or ("",) for grain in grains}
    numbers = {
        code: rank for rank, code in enumerate(sorted({c for cuts in codes.values() for c in cuts}))
    }
    rows = [(grain, code, numbers[code]) for grain, cuts in codes.items() for code in cuts]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    types = (pa.int32(), pa.string(), pa.int32())
    arrays = [pa.array(values, kind) for values, kind in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, names=["grain", "code", "cut"])


def slot_text(slot: int, shapes: Sequence[Shape]) -> str:
    """The text of counter `slot` (from 1), whose column depends on the row's shape."""
    cases = " ".join(
        f"WHEN {number} THEN {shape.headers[slot - 1]}"
        for number, shape in enumerate(shapes)
        if slot <= len(shape.headers)
    )
    return f"CASE j.shape {cases} END" if cases else "NULL"


def slot_value(slot: int, shapes: Sequence[Shape]) -> str:
    """The counter, NULL when its text is not one that `numbers.READ` tells."""
    text = slot_text(slot, shapes)
    if text == "NULL":
        return "NULL::BIGINT"
    value = f"TRY_CAST({text} AS BIGINT)"
    return (
        f"CASE WHEN {value}::VARCHAR = {text} THEN {value} "
        f"WHEN regexp_full_match({text}, {quoted(READ)}) THEN TRY_CAST(regexp_replace("
        f"{text}, {quoted(f'{DECIMALS}|[{SPACES}]')}, '', 'g') AS BIGINT) END"
    )


def largest_of(shape: Shape, slot: int) -> int:
    is_squares = shape.kind is Kind.MEAN and slot == 2
    return LARGEST_SQUARES if is_squares else LARGEST


def bad_slots(shapes: Sequence[Shape], positions: dict[str, int]) -> str:
    """A mask: bit `slot - 1` where the counter has a column and is no number within bounds."""
    terms = []
    for slot in SLOTS:
        cases = " ".join(
            f"WHEN {number} THEN c{slot} IS NULL OR c{slot} < 0 OR c{slot} > "
            f"{largest_of(shape, slot)}"
            for number, shape in enumerate(shapes)
            if slot <= len(shape.headers) and shape.headers[slot - 1] in positions
        )
        if cases:
            terms.append(f"CASE WHEN CASE shape {cases} END THEN {1 << (slot - 1)} ELSE 0 END")
    return " + ".join(terms) or "0"


def stray_columns(shapes: Sequence[Shape], positions: dict[str, int]) -> str:
    """A mask over `COUNTERS`: cells filled although the row's kind has no such counter."""
    terms = []
    for rank, header in enumerate(COUNTERS):
        others = [n for n, shape in enumerate(shapes) if header not in shape.headers]
        if header in positions and others:
            numbers = ", ".join(map(str, others))
            terms.append(
                f"CASE WHEN j.shape IN ({numbers}) AND {header} <> '' THEN {1 << rank} ELSE 0 END"
            )
    return " + ".join(terms) or "0"


def impossible(shapes: Sequence[Shape]) -> str:
    """Whether counters contradict each other (`docs/methods/observation.md`, § 3)."""
    rules = {
        Kind.SHARE: "c1 > c2",
        Kind.NET_SHARE: "c1 + c2 > c3",
        Kind.MEAN: ("c1::HUGEINT * c1 > c3::HUGEINT * c2 OR (c3 = 0 AND (c1 > 0 OR c2 > 0))"),
    }
    cases = " ".join(
        f"WHEN {number} THEN {rules[shape.kind]}"
        for number, shape in enumerate(shapes)
        if shape.kind in rules
    )
    return f"coalesce(CASE shape {cases} ELSE false END, false)" if cases else "false"


def mark_rows(
    engine: duckdb.DuckDBPyConnection,
    out: Path,
    shapes: Sequence[Shape],
    positions: dict[str, int],
) -> None:
    """Write `checked`: ids, counters and marks of each row; the view `checked` reads it."""
    counters = ", ".join(f"{slot_value(slot, shapes)} AS c{slot}" for slot in SLOTS)
    numbers = ", ".join(f"c{slot}" for slot in SLOTS)
    query = f"""
        WITH joined AS (
            SELECT r.line, j.cell, j.grain, j.shape, j.ordinal, s.sid, k.cut, {counters},
                   {stray_columns(shapes, positions)} AS stray,
                   CASE WHEN coalesce(j.is_bad, true) THEN {BAD_KEY} ELSE 0 END
                   + CASE WHEN s.sid IS NULL THEN {UNKNOWN_PLACE} ELSE 0 END
                   + CASE WHEN NOT s.in_scope THEN {OUT_OF_SCOPE} ELSE 0 END
                   + CASE WHEN s.level <> j.level THEN {OTHER_LEVEL} ELSE 0 END
                   + CASE WHEN s.closed_on < j.first_day THEN {CLOSED} ELSE 0 END
                   + CASE WHEN s.opened_on > j.last_day THEN {NOT_OPEN} ELSE 0 END
                   + CASE WHEN j.grain IS NOT NULL AND k.cut IS NULL THEN {BAD_CUT} ELSE 0 END
                   AS marks
            FROM raw r
            LEFT JOIN combinations j USING ({INDICATOR}, {VERSION}, {PERIOD})
            LEFT JOIN structures s ON s.code = r.structure
            LEFT JOIN cuts k ON k.grain = j.grain AND k.code = r.{CUT}
        ), judged AS (SELECT *, {bad_slots(shapes, positions)} AS bad FROM joined)
        SELECT line, cell, grain, shape, ordinal, sid, cut, {numbers}, stray, bad,
               marks + CASE WHEN bad = 0 AND {impossible(shapes)} THEN {IMPOSSIBLE} ELSE 0 END
               AS marks
        FROM judged
    """
    engine.execute(
        f"COPY ({query}) TO {quoted(out)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)"
    )
    engine.execute(f"CREATE VIEW checked AS SELECT * FROM read_parquet({quoted(out)})")


def fault_total(engine: duckdb.DuckDBPyConnection) -> int:
    """How many faults the marks hold."""
    found = engine.execute(
        "SELECT coalesce(sum(bit_count(marks) + bit_count(bad) + bit_count(stray)), 0) FROM checked"
    ).fetchone()
    return int(found[0]) if found else 0


def write_accepted(engine: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Write the rows of an accepted batch, in the columns of the lake."""
    numbers = ", ".join(f"c{slot}" for slot in SLOTS)
    engine.execute(
        f"""
        COPY (
            SELECT c.line, j.indicator, j.number AS version, s.code AS structure, j.period,
                   coalesce(k.code, '') AS cut, {numbers}
            FROM checked c
            JOIN (SELECT DISTINCT cell, indicator, number, period FROM combinations) j USING (cell)
            JOIN structures s USING (sid)
            JOIN cuts k ON k.grain = c.grain AND k.cut = c.cut
        ) TO {quoted(out)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)
        """
    )
