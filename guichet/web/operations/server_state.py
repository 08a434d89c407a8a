"""What the person who runs the server reads on one page.

Owns the gathering; refuses to change anything. Sizes are in bytes.
"""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

from guichet.core.models import OperationRun, OutgoingMail
from guichet.directory.models import ImportRun
from guichet.web.operations.health import CheckOutcome, check_everything, worker_last_seen
from guichet.web.operations.jobs import FailedJob, WaitingJob, failed_jobs, waiting_jobs

BACKUP_IS_LATE_AFTER = timedelta(hours=36)
ERASURE_IS_LATE_AFTER = timedelta(hours=36)
LOW_DISK_SHARE = 0.1
LOW_DISK_BYTES = 1_000_000_000
MAILS_SHOWN = 50
IMPORTS_SHOWN = 10
IMPORT_COUNT_WORDS = {
    "read": "lues",
    "created": "créées",
    "updated": "mises à jour",
    "unchanged": "inchangées",
    "reopened": "rouvertes",
    "closed": "fermées",
    "kept_from_better_source": "gardées d'une source plus sûre",
}
CHECK_LABELS = {
    "database": "Base de données",
    "migrations": "Structure de la base",
    "lake": "Dossier des lots et des millésimes",
    "erasures": "Journal des effacements",
    "worker": "Exécutant des tâches de fond",
    "moderation_reading": "Lecture automatique des textes reçus",
    "moderation_dangers": "Dangers signalés",
    "orientation": "Recherche du bon service",
}


@dataclass(frozen=True)
class Folder:
    """A folder of the installation and the disk under it."""

    label: str
    path: Path
    free_bytes: int
    total_bytes: int

    @property
    def is_low(self) -> bool:
        return self.free_bytes < max(LOW_DISK_BYTES, LOW_DISK_SHARE * self.total_bytes)


@dataclass(frozen=True)
class Operation:
    """The last run of a regular operation; `is_late` when none succeeded lately."""

    last: OperationRun | None
    last_success: OperationRun | None
    is_late: bool

    @property
    def failed(self) -> bool:
        return self.last is not None and not self.last.succeeded


@dataclass(frozen=True)
class ImportLine:
    """One import of the directory, its counts in words; nothing in `result` while it runs."""

    source: str
    file_name: str
    started_at: datetime
    ended_at: datetime | None
    result: str


@dataclass(frozen=True)
class ServerState:
    checks: list[tuple[str, CheckOutcome]]
    failed_jobs: list[FailedJob]
    waiting_jobs: list[WaitingJob]
    mails_given_up: list[OutgoingMail]
    mails_waiting: list[OutgoingMail]
    folders: list[Folder]
    database_bytes: int
    backup: Operation
    erasure: Operation
    worker_seen_at: datetime | None
    imports: list[ImportLine]
    versions: list[tuple[str, str]]


def server_state() -> ServerState:
    return ServerState(
        checks=[(CHECK_LABELS.get(check.name, check.name), check) for check in check_everything()],
        failed_jobs=failed_jobs(),
        waiting_jobs=waiting_jobs(),
        mails_given_up=list(
            OutgoingMail.objects.given_up().defer("content").order_by("-failed_at")[:MAILS_SHOWN]
        ),
        mails_waiting=list(
            OutgoingMail.objects.waiting().defer("content").in_order()[:MAILS_SHOWN]
        ),
        folders=folders(),
        database_bytes=database_bytes(),
        backup=operation(OperationRun.Name.BACKUP, BACKUP_IS_LATE_AFTER),
        erasure=operation(OperationRun.Name.RETENTION, ERASURE_IS_LATE_AFTER),
        worker_seen_at=worker_last_seen(),
        imports=latest_imports(),
        versions=versions(),
    )


def latest_imports() -> list[ImportLine]:
    """The ten latest, most recent first."""
    runs = ImportRun.objects.defer("faults").order_by("-started_at")[:IMPORTS_SHOWN]
    return [
        ImportLine(
            source=run.source,
            file_name=run.file_name,
            started_at=run.started_at,
            ended_at=run.ended_at,
            result=outcome_in_words(run),
        )
        for run in runs
    ]


def outcome_in_words(run: ImportRun) -> str:
    """What an import changed, or that it was refused and changed nothing."""
    if run.ended_at is not None and not run.applied:
        return "refusé, rien n'a changé"
    return ", ".join(
        f"{run.counts[name]} {words}"
        for name, words in IMPORT_COUNT_WORDS.items()
        if run.counts.get(name)
    )


def operation(name: OperationRun.Name, late_after: timedelta) -> Operation:
    success = OperationRun.objects.latest_of(name, succeeded=True)
    return Operation(
        last=OperationRun.objects.latest_of(name),
        last_success=success,
        is_late=success is None or timezone.now() - success.ended_at > late_after,
    )


def folders() -> list[Folder]:
    """Each folder that the installation fills, with the free space of its disk."""
    places = (
        ("Installation (GUICHET_HOME)", Path(settings.HOME)),
        ("Lots et millésimes (GUICHET_LAKE)", Path(settings.LAKE)),
    )
    found = []
    for label, path in places:
        if path.exists():
            usage = shutil.disk_usage(path)
            found.append(Folder(label, path, usage.free, usage.total))
    return found


def database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def versions() -> list[tuple[str, str]]:
    return [
        ("Guichet Ouvert", guichet_version()),
        ("PostgreSQL", server_version()),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("Système", f"{platform.system()} {platform.release()}"),
    ]


def guichet_version() -> str:
    try:
        return version("guichet-ouvert")
    except PackageNotFoundError:
        return "inconnue"


def server_version() -> str:
    """ "18.1", as PostgreSQL numbers itself."""
    connection.ensure_connection()
    number = connection.connection.info.server_version
    return f"{number // 10_000}.{number % 10_000}"
