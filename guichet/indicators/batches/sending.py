"""A file on its way: checked at once when it is small, else by the worker, with a page to follow.

Owns `BatchWork` and the files that wait in the lake; refuses to judge their contents.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.indicators import lake
from guichet.indicators.actions.batches import confirm_batch, receive_batch
from guichet.indicators.file_limits import largest_uploaded_mb, refuse_over
from guichet.indicators.models import Batch, BatchWork, Outcome
from guichet.indicators.reading import is_small

SMALL_ROWS = 30_000
SMALL_BYTES = 1_500_000
"""Of a batch to confirm, whose lines are known: checked again in a second or two."""

WAITING = "batches/waiting"
WORKS_KEPT_FOR = timedelta(days=30)
LEFT_AFTER = timedelta(days=1)
UNUSED_FILES_KEPT_FOR = timedelta(days=90)
"""Of a batch refused or abandoned: long enough to mend it; its figures may tell of people."""

CHUNK_BYTES = 1 << 20
two_large_files = threading.BoundedSemaphore(2)


class ReadInChunks(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Busy(RuleViolation):
    """Two large files are being checked by this process already."""

    def __init__(self) -> None:
        super().__init__(
            "Deux gros fichiers sont déjà en cours de contrôle : renvoyez celui-ci dans une minute."
        )


@contextlib.contextmanager
def room_to_check(path: Path) -> Iterator[None]:
    """Let a file be checked within a request: a small one always, others two at once at most.

    Raises `Busy`.
    """
    if is_small(path):
        yield
        return
    if not two_large_files.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        two_large_files.release()


def keep_waiting(file: ReadInChunks) -> Path:
    """Write a file into the lake, where web server and worker find it.

    `RuleViolation` beyond what a request may hold, or when the disk is full: nothing is kept then.
    """
    path = lake.root() / WAITING / secrets.token_hex(16)
    with lake.plain_words_when_full():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            written, most_mb = 0, largest_uploaded_mb()
            with path.open("wb") as kept:
                while chunk := file.read(CHUNK_BYTES):
                    written += len(chunk)
                    refuse_over(written, most_mb)
                    kept.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path


def send_file(
    path: Path, *, file_name: str, network: Network, sender: User, scope: Structure | None
) -> Batch | BatchWork:
    """The batch when the file is small; else the work, which the worker will do.

    The file at `path` is removed once it is checked.
    """
    if is_small(path):
        try:
            return receive_batch(
                path=path, file_name=file_name, network=network, sender=sender, scope=scope
            )
        finally:
            path.unlink(missing_ok=True)
    work = BatchWork.objects.create(
        act=BatchWork.Act.CHECK,
        network=network,
        sender=sender,
        scope=scope,
        file_name=file_name[-250:],
        path=str(path.relative_to(lake.root())),
    )
    ask_worker(work)
    return work


def confirm_sent(batch: Batch, *, by: User) -> Batch | BatchWork:
    """Confirm now a batch of a small file; else leave it to the worker."""
    if batch.row_count <= SMALL_ROWS and batch.byte_count <= SMALL_BYTES:
        return confirm_batch(batch=batch, by=by)
    if batch.outcome != Outcome.TO_CONFIRM:
        raise RuleViolation("Ce lot n'attend pas de confirmation.")
    with transaction.atomic():
        Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        under_way = batch.works.filter(act=BatchWork.Act.CONFIRM, ended_at__isnull=True).first()
        if under_way is not None:
            return under_way
        work = BatchWork.objects.create(
            act=BatchWork.Act.CONFIRM,
            network=batch.network,
            sender=by,
            scope=batch.scope,
            batch=batch,
            file_name=batch.file_name,
        )
    ask_worker(work)
    return work


def ask_worker(work: BatchWork) -> None:
    from guichet.indicators.tasks import do_batch_work

    transaction.on_commit(lambda: do_batch_work.defer(work_id=work.pk))


def forget_old_works(now: datetime) -> int:
    """Erase works that ended a month ago, and files that a killed process left waiting."""
    erased, _ = BatchWork.objects.filter(ended_at__lt=now - WORKS_KEPT_FOR).delete()
    held = set(BatchWork.objects.filter(ended_at__isnull=True).values_list("path", flat=True))
    oldest = (now - LEFT_AFTER).timestamp()
    for path in (lake.root() / WAITING).glob("*"):
        is_held = str(path.relative_to(lake.root())) in held
        if not is_held and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            erased += 1
    return erased


def erase_unused_files(now: datetime) -> int:
    """Erase the received files that only batches refused or abandoned 90 days ago hold; their
    hash, faults and history stay. One that was just received again is left to its new batch."""
    unused = Batch.objects.filter(outcome__in=[Outcome.REFUSED, Outcome.ABANDONED])
    old = unused.filter(settled_at__lt=now - UNUSED_FILES_KEPT_FOR).exclude(received_file="")
    names = set(old.values_list("received_file", flat=True))
    held = Batch.objects.filter(received_file__in=names).exclude(pk__in=old.values("pk"))
    gone = names - set(held.values_list("received_file", flat=True))
    old.update(received_file="")
    for name in gone:
        path = lake.root() / name
        if path.is_file() and path.stat().st_mtime < (now - LEFT_AFTER).timestamp():
            path.unlink()
    return len(gone)


def do_work(work: BatchWork) -> None:
    """What the worker does; done already, nothing. What goes wrong is told to the sender.

    A job that a dead worker left is started again: a check then begins anew, from the same file.
    """
    if work.ended_at is not None:
        return

    def told(words: str) -> None:
        BatchWork.objects.filter(pk=work.pk).update(told=words[:250])

    try:
        if work.act == BatchWork.Act.CHECK:
            work.batch = receive_batch(
                path=lake.root() / work.path,
                file_name=work.file_name,
                network=work.network,
                sender=work.sender,
                scope=work.scope,
                progress=told,
            )
        elif work.batch is not None and work.batch.outcome == Outcome.TO_CONFIRM:
            confirm_batch(batch=work.batch, by=work.sender, progress=told)
    except RuleViolation as error:
        work.problem = str(error)[:500]
    except FileNotFoundError:
        work.problem = "Le fichier n'est plus là : envoyez-le à nouveau."
    work.ended_at = timezone.now()
    work.save(update_fields=["batch", "problem", "ended_at"])
    if work.path:
        (lake.root() / work.path).unlink(missing_ok=True)
