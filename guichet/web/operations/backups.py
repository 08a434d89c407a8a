"""`guichet backup`: everything that the installation holds, in one folder that stands alone.

Owns what is saved (database, lake, a copy of the log of erasures, the secret key when asked) and
what is not (sessions, shared cache, static files, mail folder). Refuses a folder that is not empty,
and leaves a whole backup or none.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.models import OperationRun
from guichet.web.operations import postgres_programs
from guichet.web.operations.manifest import (
    DATABASE_DUMP,
    LAKE,
    SECRET_KEY,
    Manifest,
    SavedFile,
    copy_hashed,
    link_again,
    saved,
    write_manifest,
)
from guichet.web.operations.postgres_programs import Programs
from guichet.web.operations.replaying import copy_log
from guichet.web.operations.server_state import database_bytes, guichet_version

TABLES_WITHOUT_ROWS = ("django_session",)
SPARE_BYTES = 50_000_000
LOCK_WAIT = "60s"
Say = Callable[[str], None]
USER_SCHEMAS = "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
SAVED_TABLES = f"""
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND relpersistence = 'p' AND {USER_SCHEMAS} ORDER BY 1, 2
"""
TABLES_BYTES = f"""
SELECT coalesce(sum(pg_table_size(pg_class.oid)), 0) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r' AND {USER_SCHEMAS}
"""


@dataclass(frozen=True)
class BackupReport:
    folder: Path
    total_bytes: int
    tables: int
    lake_files: int
    seconds: float
    holds_secret_key: bool

    @property
    def summary(self) -> str:
        return (
            f"{filesizeformat(self.total_bytes)} dans {self.folder}, "
            f"{self.tables} tables et {self.lake_files} fichiers, {self.seconds:.0f} s"
        )


def make_backup(folder: Path, *, with_secret_key: bool, say: Say) -> BackupReport:
    """Save the installation in `folder`, which must be new or empty.

    Raises `RuleViolation`; in every case an `OperationRun` says how it went.
    """
    folder = folder.resolve()
    started = time.monotonic()
    try:
        with naming_full_disk(folder):
            refuse_folder(folder)
            refuse_lack_of_space(folder)
            manifest = write_whole(folder, with_secret_key=with_secret_key, say=say)
    except RuleViolation as error:
        OperationRun.objects.create(
            name=OperationRun.Name.BACKUP, succeeded=False, summary=str(error)[:2000]
        )
        raise
    report = BackupReport(
        folder=folder,
        total_bytes=manifest.total_bytes,
        tables=len(manifest.rows),
        lake_files=len(manifest.lake_files),
        seconds=time.monotonic() - started,
        holds_secret_key=manifest.holds_secret_key,
    )
    OperationRun.objects.create(
        name=OperationRun.Name.BACKUP, succeeded=True, summary=report.summary
    )
    return report


def refuse_folder(folder: Path) -> None:
    lake = Path(settings.LAKE)
    if folder == lake or lake in folder.parents:
        raise RuleViolation(f"{folder} est dans ce qui est à sauvegarder : choisissez ailleurs.")
    if folder.is_mount():
        raise RuleViolation(
            f"{folder} est un disque entier : donnez un dossier dedans, par exemple "
            f"{folder / timezone.localdate().isoformat()}."
        )
    if folder.exists() and not folder.is_dir():
        raise RuleViolation(f"{folder} n'est pas un dossier : choisissez un autre nom.")
    if folder.is_dir() and any(folder.iterdir()):
        raise RuleViolation(
            f"{folder} n'est pas vide : une sauvegarde ne recouvre rien. Choisissez un dossier "
            "neuf, daté du jour par exemple."
        )


def refuse_lack_of_space(folder: Path) -> None:
    """The dump is compressed, so the size of the tables is more than enough."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES_BYTES)
        needed = int(cursor.fetchone()[0]) + SPARE_BYTES
    needed += sum({(file.st_dev, file.st_ino): file.st_size for file in lake_stats()}.values())
    existing = next(parent for parent in folder.parents if parent.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise RuleViolation(
            f"Il reste {filesizeformat(free)} sur le disque de {existing}, et la sauvegarde peut "
            f"en demander {filesizeformat(needed)} : libérez de la place ou choisissez un autre "
            "disque."
        )


def write_whole(folder: Path, *, with_secret_key: bool, say: Say) -> Manifest:
    """Write under a draft name that becomes `folder` only once everything is on the disk."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.en-cours-{secrets.token_hex(4)}")
    former_mask = os.umask(0o077)
    try:
        draft.mkdir()
        say("Base de données…")
        manifest = dump_database(draft)
        say("Lots et millésimes…")
        files = [saved(draft / DATABASE_DUMP, draft), *copy_lake(draft), *copy_log(draft)]
        if with_secret_key:
            (draft / SECRET_KEY).write_text(settings.SECRET_KEY)
            files.append(saved(draft / SECRET_KEY, draft))
        manifest = replace(manifest, files=tuple(files))
        write_manifest(manifest, draft)
        os.sync()
        draft.rename(folder)
    finally:
        os.umask(former_mask)
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def dump_database(draft: Path) -> Manifest:
    """Dump and count in the same snapshot, so that a restore can compare."""
    major = postgres_programs.server_major()
    programs = postgres_programs.programs_from(major, wanted=major)
    size = database_bytes()
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = counted_rows()
        run_pg_dump(programs, snapshot, draft / DATABASE_DUMP)
    check_dump(programs, draft / DATABASE_DUMP)
    return Manifest(
        made_by=f"Guichet Ouvert {guichet_version()}",
        made_at=timezone.now().isoformat(timespec="seconds"),
        server_major=major,
        programs_major=programs.major,
        database_bytes=size,
        migrations=tuple(applied),
        rows=rows,
        files=(),
    )


def counted_rows() -> dict[str, int]:
    """Rows of each table whose rows are saved, by `schema.table`."""
    with connection.cursor() as cursor:
        cursor.execute(SAVED_TABLES)
        tables = [pair for pair in cursor.fetchall() if pair[1] not in TABLES_WITHOUT_ROWS]
        counts = {}
        for schema, table in tables:
            name = f"{connection.ops.quote_name(schema)}.{connection.ops.quote_name(table)}"
            cursor.execute(f"SELECT count(*) FROM {name}")
            counts[f"{schema}.{table}"] = int(cursor.fetchone()[0])
    return counts


def run_pg_dump(programs: Programs, snapshot: str, path: Path) -> None:
    postgres_programs.run(
        programs.command(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            "--no-unlogged-table-data",
            f"--lock-wait-timeout={LOCK_WAIT}",
            f"--snapshot={snapshot}",
            *(f"--exclude-table-data=*.{table}" for table in TABLES_WITHOUT_ROWS),
            f"--file={path}",
            f"--dbname={postgres_programs.connection_string()}",
        ),
        doing="La copie de la base (pg_dump)",
    )


def check_dump(programs: Programs, path: Path) -> None:
    """The programs that will read the dump one day can read it today."""
    listing = postgres_programs.run(
        programs.command("pg_restore", "--list", path), doing="La relecture de la copie de la base"
    )
    if "TABLE DATA" not in listing:
        raise RuleViolation(
            "La base ne contient aucune table : il n'y a rien à sauvegarder. Vérifiez "
            "GUICHET_HOME ou GUICHET_DATABASE_URL."
        )


def copy_lake(draft: Path) -> list[SavedFile]:
    """After the dump: every file it names was there before it, and files never change.

    What releases share by hard links is copied once, and linked again.
    """
    copies = []
    known: dict[tuple[int, int], SavedFile] = {}
    for path, inside in lake_paths():
        target = draft / LAKE / inside
        try:
            status = path.stat()
            first = known.get((status.st_dev, status.st_ino))
            if first:
                link_again(draft / first.path, target)
            digest = first.sha256 if first else copy_hashed(path, target)
        except FileNotFoundError:
            continue
        saved_file = SavedFile(f"{LAKE}/{inside}", target.stat().st_size, digest)
        known.setdefault((status.st_dev, status.st_ino), saved_file)
        copies.append(saved_file)
    return copies


def lake_stats() -> Iterator[os.stat_result]:
    for path, _ in lake_paths():
        with suppress(FileNotFoundError):
            yield path.stat()


def lake_paths() -> Iterator[tuple[Path, str]]:
    """Files of the lake with their path inside it; drafts, whose name begins with a dot, stay."""
    lake = Path(settings.LAKE)
    for path in sorted(lake.rglob("*")):
        inside = path.relative_to(lake)
        if any(part.startswith(".") for part in inside.parts):
            continue
        if path.is_symlink():
            raise RuleViolation(
                f"{path} est un lien : le dossier des lots et des millésimes ne doit contenir que "
                "de vrais fichiers. Remplacez ce lien par ce qu'il désigne."
            )
        if path.is_file():
            yield path, inside.as_posix()


@contextmanager
def naming_full_disk(folder: Path) -> Iterator[None]:
    """Errors of the system in the sentence that a person needs."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RuleViolation(
                f"Le disque de {folder} est plein : rien n'a été gardé. Libérez de la place, puis "
                "recommencez."
            ) from error
        raise RuleViolation(
            f"{error.filename or folder} : {error.strerror}. Rien n'a été gardé."
        ) from error
