"""One publication at a time: a lock of PostgreSQL, which dies with who held it.

Owns the lock and the sentence that the second publisher reads; refuses to wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from guichet.core.errors import RuleViolation
from guichet.publication.models import Release
from guichet.ui.components.content import written_moment, written_time

LOCK = 4_801_202_601
"""Any number that nothing else of the platform locks."""


@contextmanager
def alone() -> Iterator[None]:
    """Raises RuleViolation when another publication runs, here or on another machine."""
    if not taken():
        raise RuleViolation(who_publishes())
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        except DatabaseError:
            pass  # a lost connection has lost its locks too


def taken() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def is_held_here() -> bool:
    """Whether this connection holds the lock still: a connection that was lost and made again
    does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' "
            "AND pid = pg_backend_pid() AND granted "
            "AND (classid::bigint << 32 | objid::bigint) = %s)",
            [LOCK],
        )
        return bool(cursor.fetchone()[0])


def is_somebody_publishing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND (classid::bigint << 32 | objid::bigint) = %s)",
            [LOCK],
        )
        return bool(cursor.fetchone()[0])


def who_publishes() -> str:
    running = Release.objects.filter(state=Release.State.COMPUTING).select_related("by").first()
    if running is None:
        return "Une autre publication commence à l'instant : attendez qu'elle se termine."
    since = written_time(running.started_at)
    by = f" par {running.by}" if running.by else ""
    return (
        f"L'édition « {running.name} » est en cours de publication depuis {since}{by} : attendez "
        "qu'elle se termine, puis recommencez."
    )


def who_waits(waiting: Release) -> str:
    """Of an edition that was asked for and has not begun."""
    by = f" par {waiting.by}" if waiting.by else ""
    return (
        f"L'édition « {waiting.name} », demandée{by} le {written_moment(waiting.started_at)}, "
        "attend déjà d'être publiée : ouvrez sa page pour la suivre, ou abandonnez-la."
    )
