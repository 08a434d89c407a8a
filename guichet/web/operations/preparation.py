"""What must be true before the platform is served: database at this version, static files, lake.

Owns what is mended without asking and what is refused with the command to run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from guichet.core.errors import RuleViolation
from guichet.core.postgres import layout
from guichet.core.words import counted

FINGERPRINT = ".fingerprint"
Say = Callable[[str], None]


def prepare(say: Say, *, with_pages: bool) -> None:
    """Makes the platform ready to be served, or raises `RuleViolation`."""
    check_database()
    apply_or_refuse_migrations(say)
    make_lake()
    if with_pages:
        collect_static_files(say)


def check_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise RuleViolation(
            f"La base de données ne répond pas ({reason}). Vérifiez GUICHET_DATABASE_URL et que "
            "PostgreSQL fonctionne."
        ) from error


def embedded_database_home() -> Path | None:
    """The GUICHET_HOME whose embedded server is our database; None with a server elsewhere."""
    host = settings.DATABASES["default"]["HOST"]
    if not host.startswith("/"):
        return None
    home = Path(settings.HOME)
    return home if Path(host) == layout.locate(home).socket_folder else None


def apply_or_refuse_migrations(say: Say) -> None:
    """Migrates the embedded database, ours alone; refuses for a server elsewhere."""
    pending = pending_migrations()
    if not pending:
        return
    changes = counted(len(pending), "changement", "changements")
    if embedded_database_home() is None:
        raise RuleViolation(
            f"La base attend {changes} de structure pour cette version de Guichet Ouvert. Faites "
            "une sauvegarde (guichet backup DOSSIER), puis lancez : guichet migrate"
        )
    say(f"Mise à jour de la base ({changes})…")
    call_command("migrate", interactive=False, verbosity=0)


def pending_migrations() -> list[str]:
    """`app.name` of the migrations that this code has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_migrations(applied: Iterable[tuple[str, str]]) -> list[str]:
    """Those of `applied` that this code does not have: they come from a newer version of it."""
    known = MigrationExecutor(connection).loader.disk_migrations or {}
    ours = {app for app, _ in known}
    return [f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known]


def collect_static_files(say: Say) -> None:
    """Copies, compresses and names static files by content, once for each state of the sources."""
    root = Path(settings.STATIC_ROOT)
    mark = root / FINGERPRINT
    fingerprint = static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint and (root / "staticfiles.json").exists():
        return
    say("Préparation des fichiers statiques (une fois par version)…")
    outcome = subprocess.run(
        [sys.executable, "-m", "guichet", "collectstatic", "--noinput", "--clear", "-v0"],
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        last_line = (outcome.stderr.strip().splitlines() or ["aucun message"])[-1]
        raise RuleViolation(
            f"Les fichiers statiques n'ont pas pu être écrits dans {root} : {last_line}"
        )
    mark.write_text(fingerprint)


def static_fingerprint() -> str:
    """Changes with the name, size or date of any source file."""
    sources = sorted(
        (path, Path(storage.path(path)).stat().st_size, Path(storage.path(path)).stat().st_mtime_ns)
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def make_lake() -> None:
    try:
        Path(settings.LAKE).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RuleViolation(
            f"Le dossier des lots et des millésimes ({settings.LAKE}) ne peut pas être créé : "
            f"{error.strerror}. Choisissez-en un autre avec GUICHET_LAKE."
        ) from error
