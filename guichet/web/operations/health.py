"""Whether this installation can serve: the checks behind `/readyz` and the server's page.

Owns the platform's own checks; other apps add theirs to `core.extensions.health_checks`.
Sentences are public: they name neither file nor machine.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from guichet.core.erasures import log_folder
from guichet.core.extensions import HealthCheck, health_checks
from guichet.core.jobs import WORKER_IS_LOST_AFTER_SECONDS
from guichet.core.words import counted

DATABASE = "database"
logger = logging.getLogger("guichet.health")


@dataclass(frozen=True)
class CheckOutcome:
    """`problem` is empty when all is well; a notice keeps nobody from being served."""

    name: str
    problem: str
    is_notice: bool = False

    @property
    def is_well(self) -> bool:
        return not self.problem

    @property
    def lets_serve(self) -> bool:
        return self.is_well or self.is_notice


def check_everything() -> list[CheckOutcome]:
    """Every registered check, in order, even when one of them breaks."""
    outcomes: list[CheckOutcome] = []
    database_answers = True
    for health_check in health_checks:
        if health_check.needs_database and not database_answers:
            outcomes.append(outcome_of(health_check, "Inconnu : la base ne répond pas."))
            continue
        outcome = outcome_of(health_check, problem_found_by(health_check))
        outcomes.append(outcome)
        if health_check.name == DATABASE:
            database_answers = outcome.is_well
    return outcomes


def outcome_of(health_check: HealthCheck, problem: str) -> CheckOutcome:
    return CheckOutcome(health_check.name, problem, health_check.is_notice)


def problem_found_by(health_check: HealthCheck) -> str:
    try:
        return health_check.check() or ""
    except Exception:
        logger.exception("health check broke", extra={"subject": health_check.name})
        return "La vérification elle-même a échoué : voyez le journal du serveur."


def check_database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("database does not answer")
        return "La base de données ne répond pas."
    return None


def check_migrations() -> str | None:
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = known_migrations() - applied
    if not missing:
        return None
    changes = counted(len(missing), "changement", "changements")
    return f"La base attend {changes} de structure : lancez « guichet migrate »."


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those that this code needs, read from disk once a process."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    squashed = {
        part for migration in loader.disk_migrations.values() for part in migration.replaces
    }
    return frozenset(set(loader.disk_migrations) - squashed)


def check_lake() -> str | None:
    """Writes a file without a name, which leaves nothing behind."""
    try:
        with tempfile.TemporaryFile(dir=Path(settings.LAKE)) as file:
            file.write(b"?")
            file.flush()
    except OSError:
        logger.exception("lake cannot be written")
        return "Le dossier des lots et des millésimes n'est pas accessible en écriture."
    return None


def check_erasures() -> str | None:
    """A withdrawal that cannot be noted is done all the same: this is where it is seen."""
    folder = log_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
    except OSError:
        logger.exception("log of erasures cannot be written")
        return "Le journal des effacements n'est pas accessible en écriture."
    return None


def check_worker() -> str | None:
    last_seen = worker_last_seen()
    if last_seen is None:
        return "Aucun exécutant des tâches de fond n'a démarré."
    if timezone.now() - last_seen > timedelta(seconds=WORKER_IS_LOST_AFTER_SECONDS):
        return "L'exécutant des tâches de fond ne donne plus signe de vie."
    return None


def worker_last_seen() -> datetime | None:
    last: datetime | None = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))[
        "last"
    ]
    return last


def register_health_checks() -> None:
    """The platform's own checks, the database first."""
    for health_check in (
        HealthCheck(DATABASE, check_database, needs_database=False),
        HealthCheck("migrations", check_migrations),
        HealthCheck("lake", check_lake, needs_database=False),
        HealthCheck("erasures", check_erasures, needs_database=False),
        HealthCheck("worker", check_worker),
    ):
        health_checks.register(health_check)
