"""Many rows at once, by PostgreSQL's COPY: five times faster than INSERT.

Owns the copy; refuses to know what the rows mean. Model `save` and signals do not run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Insert unsaved `rows` of `model`; a row without a primary key draws its own."""
    rows = list(rows)
    if rows:
        copy_into(model, sql.Identifier(model._meta.db_table), rows)


def upsert_rows(
    model: type[models.Model], rows: Iterable[models.Model], *, unique: Sequence[str]
) -> None:
    """Insert `rows`, or overwrite those that have the same `unique` columns."""
    rows = list(rows)
    if not rows:
        return
    table = sql.Identifier(model._meta.db_table)
    staging = sql.Identifier(f"staging_{model._meta.db_table}")
    columns = written_columns(model, rows)
    names = listed(field.column for field in columns)
    kept = [str(field.column) for field in columns if field.column not in unique]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                staging, names, table
            )
        )
        copy_into(model, staging, rows)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) DO UPDATE SET {}"
            ).format(
                table,
                names,
                names,
                staging,
                listed(unique),
                overwritten(kept),
            )
        )
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))


def listed(columns: Iterable[str | None]) -> sql.Composed:
    return sql.Composed([sql.Identifier(str(column)) for column in columns]).join(", ")


def overwritten(columns: Iterable[str]) -> sql.Composed:
    assignment = sql.SQL("{0} = EXCLUDED.{0}")
    return sql.Composed([assignment.format(sql.Identifier(name)) for name in columns]).join(", ")


def copy_into(model: type[models.Model], table: sql.Identifier, rows: list[models.Model]) -> None:
    fields = written_columns(model, rows)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        table, listed(field.column for field in fields)
    )
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row([database_value(field, row) for field in fields])


def written_columns(
    model: type[models.Model], rows: list[models.Model]
) -> list[models.Field[Any, Any]]:
    has_keys = rows[0].pk is not None
    return [field for field in model._meta.concrete_fields if has_keys or not field.primary_key]


def database_value(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
