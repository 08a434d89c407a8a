"""After a restore, what was withdrawn or erased since the backup is so again, before anybody reads.

Owns the copy of the log in a backup, when it is merged and replayed, and what is said of it;
refuses that anything be served while a story that was withdrawn could still be shown.
"""

from __future__ import annotations

import fcntl
import logging
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from guichet.core import erasures
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.publication.open_data.kept_files import refresh_all
from guichet.web.operations.manifest import ERASURES, SavedFile, copy_hashed
from guichet.web.operations.preparation import Say

LOCK = ".lock"
NOTHING_LOST = "rien n'a été changé"
logger = logging.getLogger("guichet.erasures")


def copy_log(draft: Path) -> list[SavedFile]:
    """The log of erasures in a backup, with what the database alone remembers. Raises OSError."""
    try:
        erasures.mend()
    except OSError:
        logger.exception("log of erasures not mended")
    copies = []
    for path in erasures.month_files(erasures.log_folder()):
        target = draft / ERASURES / path.name
        digest = copy_hashed(path, target)
        copies.append(SavedFile(f"{ERASURES}/{path.name}", target.stat().st_size, digest))
    return copies


def before_loading(folder: Path, say: Say) -> None:
    """Bring together what the present database remembers, the log and its copy in the backup
    `folder`; from here on nothing is served until it is replayed."""
    try:
        remember_present(say)
        erasures.merge(folder / ERASURES)
        erasures.mark_due()
    except OSError as error:
        raise RuleViolation(
            f"Le journal des effacements ({erasures.log_folder()}) ne peut pas être lu ou écrit "
            f"({error.strerror}) : sans lui, des récits retirés reviendraient. Corrigez la cause, "
            f"puis recommencez ; {NOTHING_LOST}."
        ) from error


def remember_present(say: Say) -> None:
    """A database about to be replaced may know of a withdrawal that a full disk kept from the
    log."""
    if not connection.introspection.table_names():
        return
    try:
        with transaction.atomic():
            erasures.mend()
    except DatabaseError:
        logger.exception("present database not read")
        say(
            "La base à remplacer ne peut pas être relue : seul le journal des effacements dira ce "
            "qui a été retiré depuis la sauvegarde."
        )


def replay_log(say: Say) -> str:
    """Do it all again; what was done, in French. `RuleViolation` while anything resists."""
    try:
        outcome = erasures.replay()
    except OSError as error:
        raise RuleViolation(
            f"Le journal des effacements ({erasures.log_folder()}) ne peut pas être lu "
            f"({error.strerror}). {NOT_SERVED}"
        ) from error
    if outcome.failed:
        resisting = counted(outcome.failed, "retrait n'a", "retraits n'ont")
        raise RuleViolation(
            f"{resisting} pas pu être refait : "
            f"cherchez « erasure not done again » dans le journal ci-dessus. {NOT_SERVED}"
        )
    refresh_files(say)
    return said_of(outcome)


NOT_SERVED = (
    "Le site ne s'ouvrira pas tant que ce n'est pas fait. La cause corrigée, lancez : guichet "
    "replay_erasures"
)


def said_of(outcome: erasures.Replayed) -> str:
    done = [
        counted(count, *replayer.words)
        for replayer in erasures.replayers
        if (count := outcome.counts.get(replayer.kind))
    ]
    again = (
        f"Retiré, effacé ou fermé à nouveau, comme avant la restauration : {', '.join(done)}."
        if done
        else "Journal des effacements rejoué : rien de ce qu'il dit n'était à refaire."
    )
    if not outcome.unreadable:
        return again
    lines = counted(outcome.unreadable, "ligne est illisible", "lignes sont illisibles")
    return f"{again} {lines} dans ce journal : voyez docs/howto/backup.md."


def refresh_files(say: Say) -> None:
    """Public files without what was withdrawn; the worker tries again were it to fail."""
    say("Fichiers de données ouvertes…")
    try:
        refresh_all()
    except (OSError, DatabaseError):
        logger.exception("open data not made again")
        say("Ils seront refaits par l'exécutant des tâches de fond, dans les dix minutes.")


def replay_if_due(say: Say) -> None:
    """Before serving: a restore that was cut short after the database was loaded ends here. Web
    server and worker may start at once: one does it, the other waits."""
    if not erasures.is_due():
        return
    with (erasures.log_folder() / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if erasures.is_due():
            say("Une restauration s'est interrompue : ce qui avait été retiré l'est à nouveau…")
            say(replay_log(say))


def warning_of_age(made_at: str) -> str:
    """Empty, or what a person must know of a backup older than the log."""
    age = timezone.now() - datetime.fromisoformat(made_at)
    if age <= erasures.kept_for():
        return ""
    return (
        f"Cette sauvegarde a {age.days} jours, et le journal des effacements n'en garde que "
        f"{erasures.kept_for().days} (GUICHET_BACKUPS_KEPT_DAYS) : des récits retirés avant ont pu "
        "revenir. Voyez docs/howto/backup.md."
    )
