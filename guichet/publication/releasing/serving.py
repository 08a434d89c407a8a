"""What pages read: the figures of the new parts of a release, copied into the database.

Owns their JSON (`PlaceFigures`) and their copy; refuses to decide which release is current.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, models
from django.db.models import Q
from psycopg import sql
from psycopg.types.json import Json

from guichet.directory.models import Structure
from guichet.indicators.calculations.figures import FIGURE_COLUMNS, QUANTILE_COLUMNS
from guichet.indicators.models import Grain
from guichet.publication.models import CorrectedFigure, PlaceFigures, PoolMember, Release
from guichet.publication.releasing.declared import DeclaredLine
from guichet.publication.releasing.file_tables import KEY, quoted_name, table_of
from guichet.publication.releasing.moves import Line, Moves, Spot
from guichet.publication.releasing.parts import PartFiles, PartKey
from guichet.territories.models import Departement

ROWS_AT_ONCE = 2000
FIGURES_AT_ONCE = 400_000
"""What bounds the memory: the JSON of these figures, some 500 bytes each, stands in it."""
Row = Sequence[Any]


def copy_values(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert plain values in these columns of `model`."""
    names = sql.Composed([sql.Identifier(name) for name in columns]).join(", ")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), names
    )
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def load_part(
    pk: int,
    part: PartFiles,
    object_path: Callable[[str], Path],
    tables: duckdb.DuckDBPyConnection,
) -> None:
    """Copy the figures of a computed part, known to the database as `pk`, and its pools."""
    paths = {kind: [object_path(part.files[kind])] for kind in part.files}
    slices = 1 + part.row_count // FIGURES_AT_ONCE
    for rank in range(slices):
        rows = place_figures(paths, tables, f"hash(place) % {slices} = {rank}")
        copy_values(
            PlaceFigures, ("part_id", "level", "place", "figures"), ([pk, *row] for row in rows)
        )
    if "pools" in paths:
        members = tables.execute(f"SELECT pool, member FROM {table_of('pools', paths['pools'])}")
        copy_values(
            PoolMember, ("part_id", "pool", "member"), ([pk, *row] for row in every(members))
        )


def place_figures(
    paths: Mapping[str, Sequence[Path]], tables: duckdb.DuckDBPyConnection, where: str = "true"
) -> Iterator[Row]:
    """(level, place, figures as JSON text) of each place of a part; of some, by a condition."""

    def source(kind: str) -> str:
        return f"(SELECT * FROM {table_of(kind, paths.get(kind, []))} WHERE {where})"

    same = " AND ".join(f"f.{name} = r.{name}" for name in KEY)
    of_quantile = " AND ".join(f"f.{name} = q.{name}" for name in KEY)
    joined, written = "", ""
    if "quantiles" in paths:
        lists = QUANTILE_LISTS.replace("{source}", source("quantiles"))
        joined = f"LEFT JOIN ({lists}) AS q ON {of_quantile}"
        written = """, '"quantiles":' || q.quantiles"""
    item = f"""'{{' || concat_ws(',', {OWN_COLUMNS},
        CASE WHEN r.counters <> '' THEN '"counters":"' || r.counters || '"' END{written}) || '}}'"""
    tables.execute(
        f"""SELECT f.level, f.place,
        '[' || string_agg({item}, ',' ORDER BY f.period, f.cut) || ']'
        FROM {source("figures")} AS f JOIN {source("rows")} AS r ON {same} {joined}
        GROUP BY f.level, f.place"""
    )
    return every(tables)


def every(tables: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while found := tables.fetchmany(ROWS_AT_ONCE):
        yield from found


def written_when_any(name: str, table: str) -> str:
    """SQL of `"name":"value"`, null when the value is empty. Codes and numbers need no escape;
    cuts get one."""
    column = f"{table}.{quoted_name(name)}"
    value = f"to_json({column})::VARCHAR" if name == "cut" else f"""'"' || {column} || '"'"""
    return f"""CASE WHEN {column} <> '' THEN '"{name}":' || {value} END"""


PLACE_COLUMNS = ("network", "indicator", "version", "level", "place")
OWN_COLUMNS = ", ".join(
    written_when_any(name, "f") for name in FIGURE_COLUMNS if name not in PLACE_COLUMNS
)
OWN_QUANTILES = [name for name in QUANTILE_COLUMNS if name not in KEY]
QUANTILE_LISTS = f"""
SELECT {", ".join(KEY)}, '[' || string_agg('{{' || concat_ws(',',
  {", ".join(written_when_any(name, "s") for name in OWN_QUANTILES)}) || '}}', ',' ORDER BY q)
  || ']' AS quantiles
FROM {{source}} AS s GROUP BY ALL
"""


def load_declared_part(pk: int, lines: Sequence[DeclaredLine]) -> None:
    """Copy the declared values of one part: a figure says its source too."""

    def place(line: DeclaredLine) -> tuple[str, str]:
        return line.level, line.place

    ordered = sorted(lines, key=lambda line: (place(line), line.period))
    rows = [
        [pk, level, code, Json([declared_figure(line) for line in found])]
        for (level, code), found in groupby(ordered, key=place)
    ]
    copy_values(PlaceFigures, ("part_id", "level", "place", "figures"), rows)


def declared_figure(line: DeclaredLine) -> dict[str, str]:
    figure = {"period": line.period, "state": "declared", "value": line.value}
    beside = {
        "source": line.source,
        "source_date": line.source_date,
        "aimed_at": line.aimed_at,
        "aimed_for": line.aimed_for,
    }
    return figure | {name: text for name, text in beside.items() if text}


def load_corrections(release: Release, path: Path, former: Collection[PartKey]) -> None:
    """Copy the lines of `corrections.csv` that concern a part of the release before: nobody was
    told another figure of a series that begins."""

    def lines() -> Iterator[Line]:
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                year = int(line["period"][:4])
                key = PartKey(line["network"], line["indicator"], int(line["version"]), year)
                if key in former:
                    yield line

    levels = Grain.objects.values_list(
        "network__code", "version__indicator__code", "version__number", "publication_level"
    )
    moves = Moves(
        lines(),
        spots_of(lines()),
        regions=dict(Departement.objects.values_list("pk", "region")),
        published_at={(code, name, str(number)): level for code, name, number, level in levels},
    )
    rows = (
        [release.pk, moves.is_move(line), *(line[column] for column in CORRECTED[2:])]
        for line in lines()
    )
    copy_values(CorrectedFigure, CORRECTED, rows)


def spots_of(lines: Iterable[Line]) -> dict[str, Spot]:
    """Where the structures of these lines stand today, and the parents of their groups."""
    named = {line["place"] for line in lines if line["level"] == "structure"}
    parents = Structure.objects.filter(
        pk__in=Structure.objects.exclude(parent=None).values("parent")
    )
    codes = dict(parents.values_list("pk", "code"))
    structures = Structure.objects.filter(Q(code__in=named) | Q(pk__in=codes)).values_list(
        "pk", "code", "level", "path", *TERRITORIES
    )
    return {
        code: Spot(
            ancestors=tuple(codes[int(label)] for label in str(path).split(".")[:-1]),
            departement=departement or "",
            region=region or "",
            level=level if pk in codes else "",
        )
        for pk, code, level, path, departement, region in structures
    }


TERRITORIES = ("commune__departement_id", "commune__departement__region_id")
CORRECTED = (
    "release_id",
    "is_move",
    "network",
    "indicator",
    "version",
    "level",
    "place",
    "period",
    "cut",
    "counters_before",
    "counters_after",
    "value_before",
    "value_after",
    "what",
)
