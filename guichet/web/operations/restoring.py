"""`guichet restore`: a backup put back, whole or not at all.

Owns the order: verify everything, prepare the files aside, merge the log of erasures, load the
database in one transaction that counts its rows, put the files in place, replay that log. Refuses
an installation that holds something, unless asked to replace it, and one that is running.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.template.defaultfilters import filesizeformat

from guichet.core import erasures
from guichet.core.errors import RuleViolation
from guichet.core.models import OperationRun
from guichet.core.postgres import layout
from guichet.core.retention import erase_expired
from guichet.web.operations import postgres_programs, replaying, restore_script
from guichet.web.operations.manifest import (
    DATABASE_DUMP,
    LAKE,
    SECRET_KEY,
    BadBackup,
    Manifest,
    copy_hashed,
    link_again,
    read_manifest,
    verify_files,
)
from guichet.web.operations.preparation import embedded_database_home, unknown_migrations

STAGED = ".restauration-"
REPLACED = ".remplace-"
SPARE_BYTES = 100_000_000
HEAD_BYTES = 4096
UNKNOWN_TO_OLDER_SERVERS = (b"SET transaction_timeout = 0;\n",)
Say = Callable[[str], None]


@dataclass(frozen=True)
class RestoreReport:
    """What was put back; `secret_key` says what became of it, `again` what was withdrawn or erased
    since the backup and is so again, in French."""

    made_at: str
    tables: int
    rows: int
    lake_files: int
    secret_key: str
    again: str


def restore(folder: Path, *, replace: bool, say: Say) -> RestoreReport:
    """Put the backup in `folder` back into this installation. Raises `RuleViolation`.

    Until the database has accepted everything, nothing of the installation changes.
    """
    folder = folder.resolve()
    say("Vérification de la sauvegarde…")
    try:
        manifest = read_manifest(folder)
        verify_files(manifest, folder)
    except BadBackup as error:
        raise RuleViolation(str(error)) from error
    refuse_newer_backup(manifest)
    refuse_running_installation()
    if not replace:
        refuse_full_installation()
    refuse_lack_of_space(manifest)
    staged = stage_lake(manifest, folder)
    try:
        say("Base de données…")
        load_remembering(manifest, folder, say)
        say("Lots et millésimes…")
        put_lake_in_place(staged)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    secret_key = restore_secret_key(manifest, folder)
    return finish(manifest, secret_key, say)


def refuse_newer_backup(manifest: Manifest) -> None:
    unknown = unknown_migrations(manifest.migrations)
    if unknown:
        raise RuleViolation(
            f"Cette sauvegarde vient d'une version plus récente ({manifest.made_by}) : mettez à "
            "jour cette installation, puis recommencez."
        )
    major = postgres_programs.server_major()
    if major < manifest.server_major:
        raise RuleViolation(
            f"Cette sauvegarde demande PostgreSQL {manifest.server_major} ou plus récent, et cette "
            f"base fonctionne avec PostgreSQL {major}."
        )


def refuse_running_installation() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    if others:
        raise RuleViolation(
            "Des programmes utilisent encore cette base : arrêtez « guichet serve » (ou les "
            "services guichet-web et guichet-worker), puis recommencez."
        )


def refuse_full_installation() -> None:
    lake = Path(settings.LAKE)
    holds_files = lake.is_dir() and any(not path.name.startswith(".") for path in lake.iterdir())
    if connection.introspection.table_names() or holds_files:
        raise RuleViolation(
            "Cette installation n'est pas vide. Pour effacer ce qu'elle contient et mettre la "
            "sauvegarde à la place : guichet restore DOSSIER --replace"
        )


def refuse_lack_of_space(manifest: Manifest) -> None:
    """Room for the files, and for the database where its disk is this machine's."""
    needs: dict[int, tuple[Path, int]] = {}
    wanted = [(Path(settings.LAKE), manifest.lake_bytes)]
    home = embedded_database_home()
    if home is not None:
        wanted.append((layout.locate(home).base, manifest.database_bytes))
    for path, size in wanted:
        existing = next(place for place in (path, *path.parents) if place.exists())
        device = existing.stat().st_dev
        needs[device] = (existing, needs.get(device, (existing, SPARE_BYTES))[1] + size)
    for existing, size in needs.values():
        free = shutil.disk_usage(existing).free
        if free < size:
            raise RuleViolation(
                f"Il reste {filesizeformat(free)} sur le disque de {existing}, et la restauration "
                f"en demande {filesizeformat(size)} : libérez de la place, puis recommencez."
            )


def stage_lake(manifest: Manifest, folder: Path) -> Path:
    """The files in a hidden folder of the lake itself: the same disk, even when it is mounted."""
    lake = Path(settings.LAKE)
    staged = lake / f"{STAGED}{secrets.token_hex(4)}"
    try:
        staged.mkdir(parents=True)
        known: dict[str, Path] = {}
        for file in manifest.lake_files:
            target = staged / file.path.removeprefix(f"{LAKE}/")
            if file.sha256 in known:
                link_again(known[file.sha256], target)
            elif copy_hashed(folder / file.path, target) != file.sha256:
                raise RuleViolation(f"{file.path} a changé pendant la lecture : rien n'est changé.")
            known.setdefault(file.sha256, target)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise RuleViolation(
            f"Les fichiers n'ont pas pu être copiés dans {lake} ({error.strerror}) : rien n'a été "
            "changé."
        ) from error
    except RuleViolation:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return staged


def load_remembering(manifest: Manifest, folder: Path, say: Say) -> None:
    """A database that refused the backup has nothing to do again; one that was killed on the way
    may, and is not served before."""
    was_due = erasures.is_due()
    replaying.before_loading(folder, say)
    try:
        load_database(manifest, folder)
    except RuleViolation:
        if not was_due:
            erasures.forget_due()
        raise


def load_database(manifest: Manifest, folder: Path) -> None:
    """One transaction: empty, load, count, commit; a fault leaves the database as it was."""
    major = postgres_programs.server_major()
    programs = postgres_programs.programs_from(manifest.programs_major, wanted=major)
    with tempfile.TemporaryDirectory(prefix="guichet-restore-") as scripts:
        before, after = Path(scripts) / "before.sql", Path(scripts) / "after.sql"
        before.write_text(restore_script.before_loading(), encoding="utf-8")
        after.write_text(restore_script.after_loading(manifest.rows), encoding="utf-8")
        reading = programs.command(
            *("pg_restore", "--no-owner", "--no-privileges", "--no-comments"),
            *("--file=-", folder / DATABASE_DUMP),
        )
        loading = programs.command(
            *("psql", "--no-psqlrc", "--quiet", "--no-password", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            *("--file", before, "--file", "-", "--file", after),
            f"--dbname={postgres_programs.connection_string()}",
        )
        connections.close_all()
        pipe(reading, loading)
    ContentType.objects.clear_cache()


def pipe(reading: list[str], loading: list[str]) -> None:
    """`reading | loading`. Were the first cut short, the counts of the second would not agree."""
    environment = postgres_programs.program_environment()
    with tempfile.TemporaryFile() as faults:
        common: dict[str, Any] = {"env": environment, "stderr": faults}
        with (
            subprocess.Popen(
                reading, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **common
            ) as source,
            subprocess.Popen(
                loading, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **common
            ) as sink,
        ):
            if source.stdout and sink.stdin:
                pour(source.stdout, sink.stdin)
        if source.returncode or sink.returncode:
            faults.seek(0)
            said = postgres_programs.last_words(faults.read().decode("utf-8", "replace"))
            raise RuleViolation(f"La base a refusé la sauvegarde, rien n'a été changé : {said}")


def pour(source: IO[bytes], sink: IO[bytes]) -> None:
    """All of `source`, but the settings of its first lines that an older server does not know."""
    head = source.read(HEAD_BYTES)
    for setting in UNKNOWN_TO_OLDER_SERVERS:
        head = head.replace(setting, b"")
    with suppress(BrokenPipeError), sink, source:
        sink.write(head)
        shutil.copyfileobj(source, sink)


def put_lake_in_place(staged: Path) -> None:
    """Renames only: what was there leaves, what is staged takes its place."""
    lake = staged.parent
    replaced = lake / f"{REPLACED}{secrets.token_hex(4)}"
    replaced.mkdir()
    try:
        for path in sorted(lake.iterdir()):
            if path not in (staged, replaced):
                path.rename(replaced / path.name)
        for path in sorted(staged.iterdir()):
            path.rename(lake / path.name)
    except OSError as error:
        raise RuleViolation(
            f"La base est restaurée, mais un fichier de {lake} n'a pas pu être déplacé "
            f"({error.filename} : {error.strerror}). Corrigez la cause, puis relancez la même "
            "restauration avec --replace."
        ) from error
    shutil.rmtree(replaced, ignore_errors=True)


def restore_secret_key(manifest: Manifest, folder: Path) -> str:
    """Only where the key is kept in GUICHET_HOME; returns what the person must know."""
    lost = (
        "Les liens déjà envoyés par courriel et les applications d'authentification des agents ne "
        "seront reconnus que si GUICHET_SECRET_KEY a la valeur de l'installation d'origine."
    )
    if not manifest.holds_secret_key:
        return f"La clé secrète n'est pas dans cette sauvegarde. {lost}"
    if os.environ.get("GUICHET_SECRET_KEY", "").strip():
        return f"GUICHET_SECRET_KEY est fixée : la clé de la sauvegarde n'est pas reprise. {lost}"
    path = Path(settings.HOME) / SECRET_KEY
    draft = path.with_suffix(".draft")
    with suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write((folder / SECRET_KEY).read_bytes())
    draft.replace(path)
    return "La clé secrète de la sauvegarde est en place."


def finish(manifest: Manifest, secret_key: str, say: Say) -> RestoreReport:
    """Bring the data to this version, and erase what was, or should have been, since the backup."""
    say("Mise à jour et effacement des données retirées ou échues…")
    call_command("migrate", interactive=False, verbosity=0)
    try:
        again = replaying.replay_log(say)
    except RuleViolation as error:
        note_restore(str(error), succeeded=False)
        raise
    erase_expired()
    warning = replaying.warning_of_age(manifest.made_at)
    report = RestoreReport(
        made_at=manifest.made_at,
        tables=len(manifest.rows),
        rows=sum(manifest.rows.values()),
        lake_files=len(manifest.lake_files),
        secret_key=secret_key,
        again=f"{again} {warning}".strip(),
    )
    summary = f"sauvegarde du {manifest.made_at}, {report.rows} lignes. {report.again}"
    note_restore(summary, succeeded=True)
    return report


def note_restore(summary: str, *, succeeded: bool) -> None:
    OperationRun.objects.create(
        name=OperationRun.Name.RESTORE, succeeded=succeeded, summary=summary[:2000]
    )
