"""The SQL that stands around a restored dump, in the same transaction.

Owns the emptying of the database, the count that accepts or refuses the whole, and what must not
start again by itself (mails that were waiting, workers of another machine).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from guichet.web.operations.backups import USER_SCHEMAS

LOCK_TIMEOUT = "30s"
HELD_MAIL = (
    "Restauré d'une sauvegarde : ce courriel est peut-être déjà parti. Renvoyez-le s'il le faut."
)
CALM = """
DO $$ BEGIN
    UPDATE public.core_outgoingmail SET failed_at = now(), last_error = '{held_mail}'
    WHERE sent_at IS NULL AND failed_at IS NULL;
EXCEPTION WHEN undefined_table OR undefined_column THEN NULL;
END $$;
DELETE FROM public.procrastinate_workers;
"""


def before_loading() -> str:
    """Nothing is left: every schema of ours goes, `public` comes back as PostgreSQL makes it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nspname FROM pg_namespace WHERE {USER_SCHEMAS}")
        schemas = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
    dropped = "".join(f"DROP SCHEMA {schema} CASCADE;\n" for schema in schemas)
    return (
        f"SET client_min_messages = warning;\nSET lock_timeout = '{LOCK_TIMEOUT}';\n{dropped}"
        "CREATE SCHEMA public;\n"
        "ALTER SCHEMA public OWNER TO pg_database_owner;\n"
        "GRANT USAGE ON SCHEMA public TO PUBLIC;\n"
    )


def after_loading(rows: Mapping[str, int]) -> str:
    """Raises in the database, and so undoes everything, when a table lacks a row."""
    checks = "".join(
        f"    IF (SELECT count(*) FROM {quoted(name)}) <> {count} THEN\n"
        f"        RAISE EXCEPTION 'la table {literal(name)} n''a pas ses {count} lignes';\n"
        "    END IF;\n"
        for name, count in rows.items()
    )
    calm = CALM.format(held_mail=literal(HELD_MAIL))
    return f"DO $$ BEGIN\n{checks}    NULL;\nEND $$;\n{calm}"


def quoted(name: str) -> str:
    schema, _, table = name.partition(".")
    return f"{connection.ops.quote_name(schema)}.{connection.ops.quote_name(table)}"


def literal(text: str) -> str:
    return text.replace("'", "''").replace("%", "%%").replace("$", "")
