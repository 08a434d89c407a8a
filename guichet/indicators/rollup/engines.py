"""DuckDB and Spark behind the few gestures that rolling up needs.

Owns how statements run and how results are written; refuses to know what they compute. The SQL
is the same for both: integers only, and a sum that leaves 64 bits is an error.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet
from django.conf import settings

from guichet.core.duck import confined, quoted
from guichet.core.errors import RuleViolation

ROW_COLUMNS = ("indicator", "version", "structure", "period", "cut")
ROW_TYPES = "indicator STRING, version INT, structure STRING, period STRING, cut STRING"
SPARK_OPTIONS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
SPARK_TYPES = {pa.int32(): "INT", pa.int64(): "BIGINT", pa.string(): "STRING"}
STREAMED_ROWS = 131_072


class Engine(Protocol):
    """Tables by name: what is registered, then what statements keep."""

    def register_rows(self, files: Sequence[tuple[int, Path]], counters: Sequence[str]) -> None:
        """`batch_rows`: rows of the files, each with the number of its batch."""

    def register(self, name: str, table: pa.Table) -> None: ...

    def keep(self, name: str, statement: str) -> None: ...

    def define(self, name: str, statement: str) -> None:
        """As `keep`, for what is read once: nothing is computed yet."""

    def fetch(self, statement: str) -> pa.Table: ...

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Rows in the statement's order, some at a time."""


class Tables:
    """The tables of an engine. What is registered again as it stands is left where it is: parts
    of one year share their calendar and their structures."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.registered: dict[str, pa.Table] = {}

    def register(self, name: str, table: pa.Table) -> None:
        known = self.registered.get(name)
        if known is None or not known.equals(table):
            self.engine.register(name, table)
            self.registered[name] = table

    def keep(self, name: str, statement: str) -> None:
        self.registered.pop(name, None)
        self.engine.keep(name, statement)


class DuckEngine:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def register_rows(self, files: Sequence[tuple[int, Path]], counters: Sequence[str]) -> None:
        columns = ", ".join([*ROW_COLUMNS, *counters])
        selects = [
            f"SELECT CAST({number} AS BIGINT) AS batch, {columns} FROM read_parquet({quoted(path)})"
            for number, path in files
        ]
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW batch_rows AS {' UNION ALL '.join(selects)}"
        )

    def register(self, name: str, table: pa.Table) -> None:
        self.connection.register("arriving", table)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM arriving")
        self.connection.unregister("arriving")

    def keep(self, name: str, statement: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {statement}")

    def define(self, name: str, statement: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {statement}")

    def fetch(self, statement: str) -> pa.Table:
        return self.connection.sql(statement).to_arrow_table()

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        yield from self.connection.sql(statement).to_arrow_reader(STREAMED_ROWS)


class SparkEngine:
    """Each table is written to `scratch`, which the master, its workers and we must share."""

    def __init__(self, session: Any, scratch: Path) -> None:
        self.session = session
        self.scratch = scratch
        self.count = 0

    def fresh(self) -> Path:
        self.count += 1
        return self.scratch / str(self.count)

    def register_rows(self, files: Sequence[tuple[int, Path]], counters: Sequence[str]) -> None:
        columns = ", ".join([*ROW_COLUMNS, *counters])
        types = ROW_TYPES + "".join(f", {name} BIGINT" for name in counters)
        selects = []
        for number, path in files:
            name = f"rows_of_batch_{number}"
            self.view(name, path, types)
            selects.append(f"SELECT CAST({number} AS BIGINT) AS batch, {columns} FROM {name}")
        self.session.sql(" UNION ALL ".join(selects)).createOrReplaceTempView("batch_rows")

    def register(self, name: str, table: pa.Table) -> None:
        path = self.fresh()
        pyarrow.parquet.write_table(table, path)
        types = ", ".join(f"{column.name} {SPARK_TYPES[column.type]}" for column in table.schema)
        self.view(name, path, types)

    def keep(self, name: str, statement: str) -> None:
        found = self.session.sql(statement)
        path = self.fresh()
        found.write.parquet(str(path))
        self.view(name, path, found.schema)

    def define(self, name: str, statement: str) -> None:
        self.session.sql(statement).createOrReplaceTempView(name)

    def view(self, name: str, path: Path, types: Any) -> None:
        """With its types said, which spares Spark a look at each file."""
        self.session.read.schema(types).parquet(str(path)).createOrReplaceTempView(name)

    def fetch(self, statement: str) -> pa.Table:
        return pa.concat_tables(pyarrow.parquet.read_table(file) for file in self.files(statement))

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        for file in self.files(statement):
            yield from pyarrow.parquet.ParquetFile(file).iter_batches(STREAMED_ROWS)

    def files(self, statement: str) -> list[Path]:
        """Of a result, in its order: Spark numbers them so."""
        path = self.fresh()
        self.session.sql(statement).write.parquet(str(path))
        return sorted(path.glob("part-*.parquet"))


def engine_name() -> str:
    """The installation's: duckdb or spark."""
    return str(settings.ENGINE)


@contextmanager
def engine_named(name: str, *, scratch: Path, reads: Sequence[Path]) -> Iterator[Engine]:
    """An engine with an empty folder for what does not fit in memory, which reads under `reads`
    only where it can be held to that."""
    if name == "duckdb":
        with confined(
            memory=settings.ENGINE_MEMORY,
            spill=scratch,
            folders=reads,
            threads=settings.ENGINE_THREADS,
        ) as connection:
            yield DuckEngine(connection)
    elif name == "spark":
        with spark_session() as session:
            yield SparkEngine(session, scratch)
    else:
        raise RuleViolation(f"GUICHET_ENGINE doit valoir duckdb ou spark (reçu : « {name} »).")


@contextmanager
def spark_session() -> Iterator[Any]:
    """A session on `GUICHET_SPARK_MASTER`; one that is open already is used, and stays open."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RuleViolation(
            "Le calcul par Spark demande le paquet « pyspark » : installez "
            "requirements/spark.lock, ou choisissez GUICHET_ENGINE=duckdb."
        ) from error
    logging.getLogger("py4j").setLevel(logging.WARNING)
    open_already = SparkSession.getActiveSession()
    if open_already is not None:
        yield open_already
        return
    master = settings.SPARK_MASTER
    builder = SparkSession.builder.master(master).appName("guichet-rollup")
    for name, value in SPARK_OPTIONS.items():
        builder = builder.config(name, value)
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise RuleViolation(
            f"Spark ne démarre pas sur « {master} » : il lui faut Java 17 et un maître joignable "
            f"(GUICHET_SPARK_MASTER). {type(error).__name__}"
        ) from error
    try:
        yield session
    finally:
        session.stop()
