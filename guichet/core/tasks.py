"""Jobs of the platform itself."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app

from guichet.core import mail, retention
from guichet.core.jobs import WORKER_IS_LOST_AFTER_SECONDS
from guichet.core.models import OutgoingMail

STARTS_AT_MOST = 5
HOURS_KEPT = 90 * 24


@app.task(name="deliver_mail")
def deliver_mail(*, mail_id: int) -> None:
    """Deliver a mail that was just queued, then those that an outage held back."""
    queued = OutgoingMail.objects.filter(pk=mail_id).first()
    if queued and mail.deliver(queued) and mail.release_after_outage():
        mail.deliver_due()


@app.periodic(cron="* * * * *")
@app.task(name="deliver_due_mail", queueing_lock="deliver_due_mail", lock="deliver_due_mail")
def deliver_due_mail(timestamp: int) -> None:
    mail.deliver_due()


@app.periodic(cron="30 2 * * *")
@app.task(name="erase_expired_personal_data", queueing_lock="erase_expired_personal_data")
def erase_expired_personal_data(timestamp: int) -> None:
    retention.erase_expired()


@app.periodic(cron="40 2 * * *")
@app.task(name="forget_finished_jobs", queueing_lock="forget_finished_jobs", pass_context=True)
async def forget_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Erase jobs that ended three months ago, failed ones too."""
    await context.app.job_manager.delete_old_jobs(
        HOURS_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="resume_interrupted_jobs", queueing_lock="resume_interrupted_jobs", pass_context=True
)
async def resume_interrupted_jobs(context: JobContext, timestamp: int) -> None:
    """Start again the jobs whose worker died in the middle, five times at most.

    Every job may therefore run twice: jobs are written so that it does no harm.
    """
    from procrastinate.jobs import Status

    queue = context.app.job_manager
    await queue.prune_stalled_workers(WORKER_IS_LOST_AFTER_SECONDS)
    stalled = await queue.get_stalled_jobs(seconds_since_heartbeat=WORKER_IS_LOST_AFTER_SECONDS)
    for job in stalled:
        if job.attempts < STARTS_AT_MOST:
            await queue.retry_job(job, retry_at=datetime.now(UTC))
        else:
            await queue.finish_job(job, Status.FAILED, delete_job=False)
