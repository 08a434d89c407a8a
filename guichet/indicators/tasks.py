"""Jobs of measurement."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.indicators.batches.reminders import remind
from guichet.indicators.batches.sending import do_work, erase_unused_files, forget_old_works
from guichet.indicators.models import BatchWork


@app.task(name="do_batch_work")
def do_batch_work(*, work_id: int) -> None:
    """Check a file that waits, or confirm a batch; what is gone asks for nothing."""
    works = BatchWork.objects.select_related("network", "sender", "scope", "batch")
    work = works.filter(pk=work_id).first()
    if work is not None:
        do_work(work)


@app.periodic(cron="50 2 * * *")
@app.task(name="forget_batch_works", queueing_lock="forget_batch_works")
def forget_batch_works(timestamp: int) -> None:
    forget_old_works(timezone.now())
    erase_unused_files(timezone.now())


@app.periodic(cron="10 7 * * 1-5")
@app.task(name="remind_of_batches", queueing_lock="remind_of_batches", lock="remind_of_batches")
def remind_of_batches(timestamp: int) -> None:
    """Mail those who send, five days before figures are due and when they are late."""
    remind(timezone.localdate())
