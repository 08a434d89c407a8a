"""The rows that every test starts from: kept once a session, put back after a test that commits.

Django's own way empties every table, then writes permissions, needs, indicators and texts again:
over a second a test. Here only the tables that changed are put back, as the migrations left them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

KEPT = "starting_rows"
# From here on TRUNCATE costs less than DELETE, and leaves no dead rows to read through.
MANY_ROWS = 2_000


@dataclass(frozen=True)
class Marks:
    """What tells a table from itself after any write: its rows, and where and since when they lie.

    A write that was rolled back leaves both as they were.
    """

    rows: int
    versions: str


class StartingRows:
    """The rows of every table of `public`, copied apart in the same database."""

    def __init__(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE")
            cursor.execute(f"CREATE SCHEMA {KEPT}")
            self._tables = all_tables(cursor)
            self._marks = marks_of(cursor, self._tables)
            self._columns = {
                table: plain_columns(cursor, table)
                for table, marks in self._marks.items()
                if marks.rows
            }
            for table in self._columns:
                cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')

    def put_back(self) -> None:
        """The tables that a test changed are again as they were when they were kept."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither triggers nor keys: an audit trail refuses to be erased, and rows that
            # point at each other go in any order.
            cursor.execute("SET LOCAL session_replication_role = replica")
            changed = self._changed(cursor)
            if full := [table for table, marks in changed.items() if marks.rows > MANY_ROWS]:
                names = ", ".join(f'public."{table}"' for table in full)
                cursor.execute(f"TRUNCATE {names} CASCADE")
                changed = self._changed(cursor)
            for table, marks in changed.items():
                if marks.rows:
                    cursor.execute(f'DELETE FROM public."{table}"')
                if columns := self._columns.get(table):
                    cursor.execute(
                        f'INSERT INTO public."{table}" ({columns}) '
                        f'SELECT {columns} FROM {KEPT}."{table}"'
                    )
            self._marks |= marks_of(cursor, list(changed))

    def _changed(self, cursor: CursorWrapper) -> dict[str, Marks]:
        now = marks_of(cursor, self._tables)
        return {table: marks for table, marks in now.items() if marks != self._marks[table]}


def may_be_kept() -> bool:
    """Whether this database lets its keys and triggers rest: the embedded one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def all_tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def marks_of(cursor: CursorWrapper, tables: list[str]) -> dict[str, Marks]:
    if not tables:
        return {}
    cursor.execute(
        " UNION ALL ".join(
            f"SELECT '{table}', count(*), "
            "coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 0)), 0)::text "
            f'FROM public."{table}"'
            for table in tables
        )
    )
    return {table: Marks(rows, versions) for table, rows, versions in cursor.fetchall()}


def plain_columns(cursor: CursorWrapper, table: str) -> str:
    """The columns that may be written, generated ones left out."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [f'public."{table}"'],
    )
    return str(cursor.fetchone()[0])
