"""Jobs run by a real worker: a failure keeps its reason, an interrupted job starts again."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from guichet.core.logs import current_context
from guichet.core.models import JobFailure
from guichet.core.tasks import STARTS_AT_MOST

pytestmark = pytest.mark.django_db(transaction=True)
seen_context: dict[str, str] = {}
short_one_ended = threading.Event()
PATIENCE_SECONDS = 60


@pytest.fixture
def queue(monkeypatch) -> Iterator[App]:
    """The real queue with tasks of its own, whose worker stops once it has caught up; without the
    jobs of the hour at which the tests happen to run."""
    known = dict(app.tasks)
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)

    @app.task(name="fail_with_words")
    def fail_with_words() -> None:
        raise ValueError("le récit de Jeanne")

    @app.task(name="fail_later")
    async def fail_later() -> None:
        await asyncio.sleep(0)
        raise KeyError("le récit de Jeanne")

    @app.task(name="succeed")
    def succeed() -> None:
        seen_context.update(current_context())

    @app.task(name="last_long")
    def last_long() -> None:
        assert short_one_ended.wait(PATIENCE_SECONDS)

    @app.task(name="last_short")
    def last_short() -> None:
        short_one_ended.set()

    short_one_ended.clear()
    yield app
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    app.tasks.clear()
    app.tasks.update(known)


def run_worker(queue: App, **options: int) -> None:
    async def until_idle() -> None:
        with queue.replace_connector(queue.connector.get_worker_connector()) as worker_app:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    wait=False, install_signal_handlers=False, **options
                )

    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    asyncio.run(until_idle())


@pytest.mark.parametrize("name", ["fail_with_words", "fail_later"])
def test_a_failed_job_keeps_its_reason_without_anybodys_words(queue, name):
    job_id = queue.configure_task(name).defer()
    run_worker(queue)
    failure = JobFailure.objects.get(job_id=job_id)
    assert ProcrastinateJob.objects.get(pk=job_id).status == "failed"
    assert failure.task_name == name
    assert failure.reason.startswith(("ValueError\n", "KeyError\n"))
    assert "test_jobs.py:" in failure.reason
    assert "Jeanne" not in failure.reason


def test_a_job_that_succeeds_is_forgotten_and_its_lines_carry_its_number(queue):
    job_id = queue.configure_task("succeed").defer()
    run_worker(queue)
    assert not ProcrastinateJob.objects.filter(pk=job_id).exists()
    assert seen_context["job_id"] == str(job_id)


def test_a_long_job_does_not_hold_back_the_next_one(queue):
    for name in ("last_long", "last_short"):
        queue.configure_task(name).defer()
    run_worker(queue)
    assert short_one_ended.is_set()
    assert not JobFailure.objects.filter(task_name="last_long").exists()


def interrupted_job(queue: App, attempts: int) -> int:
    """A job whose worker died in the middle."""
    job_id = queue.configure_task("succeed").defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s",
            [attempts, job_id],
        )
    return job_id


def resume(queue: App) -> None:
    queue.configure_task("resume_interrupted_jobs").defer(timestamp=0)
    run_worker(queue, concurrency=1)  # so that what is resumed is seen before the worker stops


def test_a_job_whose_worker_died_starts_again(queue):
    job_id = interrupted_job(queue, attempts=1)
    resume(queue)
    assert not ProcrastinateJob.objects.filter(pk=job_id).exists()


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(queue):
    job_id = interrupted_job(queue, attempts=STARTS_AT_MOST)
    resume(queue)
    assert ProcrastinateJob.objects.get(pk=job_id).status == Status.FAILED.value
