"""What every job of the queue gets: its id in the logs, and the reason kept when it fails.

Owns how workers run jobs (`worker_options`); refuses to know any job.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from procrastinate import App, JobContext
from procrastinate.exceptions import JobAborted
from procrastinate.worker import Worker

from guichet.core.logs import error_words, log_context, places_of

LONGEST_REASON = 4000
HEARTBEAT_SECONDS = 10
WORKER_IS_LOST_AFTER_SECONDS = 60
STOP_SECONDS = 8
JOBS_AT_ONCE = 4
"""A long job (an edition, the posters of a network) never holds back a sign-in code."""
logger = logging.getLogger("guichet.jobs")


def prepare(app: App) -> None:
    """Called once by procrastinate when Django is ready (`PROCRASTINATE_ON_APP_READY`)."""
    middlewares = list(app.worker_defaults.get("task_middleware") or [])
    app.worker_defaults = {
        **app.worker_defaults,
        "task_middleware": [*middlewares, explain_failures, explain_async_failures],
        "delete_jobs": "successful",
        "update_heartbeat_interval": HEARTBEAT_SECONDS,
        "stalled_worker_timeout": WORKER_IS_LOST_AFTER_SECONDS,
        "shutdown_graceful_timeout": STOP_SECONDS,
        "concurrency": JOBS_AT_ONCE,
    }


def explain_failures(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    with log_context(job_id=context.job.id):
        try:
            return call_next()
        except Exception as error:
            keep_reason(context.job.id, context.job.task_name, error)
            raise


async def explain_async_failures(
    call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
) -> Any:
    with log_context(job_id=context.job.id):
        try:
            return await call_next()
        except Exception as error:
            if not isinstance(error, JobAborted):
                keep = sync_to_async(keep_reason)
                await keep(context.job.id, context.job.task_name, error)
            raise


def keep_reason(job_id: int | None, task_name: str, error: BaseException) -> None:
    """One `JobFailure`; a database out of reach is a line in the log, not a second failure."""
    from guichet.core.models import JobFailure

    reason = "\n".join([error_words(error), *places_of(error.__traceback__)])
    try:
        close_old_connections()
        JobFailure.objects.create(
            job_id=job_id or 0, task_name=task_name, reason=reason[:LONGEST_REASON]
        )
    except DatabaseError:
        logger.exception("reason of a failed job not kept", extra={"subject": task_name})
