"""The queue of background jobs, as the person who runs the server reads and mends it.

Owns reading failed and waiting jobs, starting one again, erasing one. Refuses to touch a job that
runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.models import JobFailure

JOBS_SHOWN = 50
GONE = "Cette tâche n'est plus en échec : elle a été relancée ou effacée entre-temps."
TASK_LABELS = {
    "deliver_mail": "Envoi d'un courriel",
    "deliver_due_mail": "Envoi des courriels en attente",
    "erase_expired_personal_data": "Effacement des données échues",
    "forget_finished_jobs": "Effacement des tâches terminées",
    "resume_interrupted_jobs": "Reprise des tâches interrompues",
    "publish_release": "Publication d'une édition",
    "make_posters": "Affiches d'un réseau",
    "forget_old_posters": "Effacement des affiches anciennes",
    "refresh_open_data": "Fichiers de données ouvertes",
    "keep_archives": "Archives des éditions",
    "forget_unused_charts": "Effacement des graphiques inutiles",
    "submit_displays": "Comptage des affichages",
    "do_batch_work": "Lecture d'un fichier de chiffres",
    "forget_batch_works": "Effacement des envois de chiffres abandonnés",
    "remind_of_batches": "Rappels des chiffres attendus",
    "read_moderated_text": "Lecture automatique d'un texte reçu",
    "read_late_texts": "Lecture automatique des textes en retard",
    "tell_of_held_back_alerts": "Alertes de danger envoyées ensemble",
    "tell_of_late_dangers": "Rappels des dangers qui attendent",
    "remind_moderators": "Rappels aux modérateurs",
    "read_reply_draft": "Relecture d'un brouillon de réponse",
    "hand_over_stories": "Récits des agents absents, confiés à d'autres",
    "send_story_digests": "Courriel du matin aux agents",
    "tell_corrections": "Courriels aux auteurs sur les réponses corrigées",
    "send_story_news": "Courriel aux abonnés des récits",
    "ask_about_promises": "Questions aux auteurs sur les promesses",
    "count_story_figures": "Comptage des récits",
    "submit_experiences": "Envoi des chiffres des récits",
    "measure_coverage": "Mesure de la couverture",
    "submit_calls": "Envoi des chiffres du standard",
}


@dataclass(frozen=True)
class FailedJob:
    """`reason` is the kind of error; `places` where in the code it went, innermost last."""

    job_id: int
    label: str
    attempts: int
    failed_at: datetime | None
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class WaitingJob:
    job_id: int
    label: str
    runs: bool
    scheduled_at: datetime | None


def failed_jobs() -> list[FailedJob]:
    """The latest fifty, most recent first; two queries."""
    jobs = list(failed().annotate(at=latest_event_at("failed")).order_by("-at", "-id")[:JOBS_SHOWN])
    reasons = {
        failure.job_id: failure.reason.splitlines()
        for failure in JobFailure.objects.filter(job_id__in=[job.id for job in jobs]).order_by("at")
    }
    return [
        FailedJob(
            job_id=job.id,
            label=task_label(job.task_name),
            attempts=job.attempts,
            failed_at=job.at,
            reason=(reasons.get(job.id) or ["Interrompue plusieurs fois avant la fin"])[0],
            places=tuple(reasons.get(job.id, [])[1:]),
        )
        for job in jobs
    ]


def failed() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status__in=("failed", "aborted"))


def latest_event_at(kind: str) -> Subquery:
    events = ProcrastinateEvent.objects.filter(job_id=OuterRef("pk"), type=kind)
    return Subquery(events.order_by().values("job_id").annotate(at=Max("at")).values("at"))


def waiting_jobs() -> list[WaitingJob]:
    """Jobs that run, then those that wait, in the order the worker takes them."""
    jobs = ProcrastinateJob.objects.filter(status__in=("todo", "doing")).order_by(
        "status", "-priority", "id"
    )
    found = [
        WaitingJob(
            job_id=job.id,
            label=task_label(job.task_name),
            runs=job.status == "doing",
            scheduled_at=job.scheduled_at,
        )
        for job in jobs[:JOBS_SHOWN]
    ]
    return sorted(found, key=lambda job: not job.runs)


def task_label(task_name: str) -> str:
    return TASK_LABELS.get(task_name, task_name)


@transaction.atomic
def retry_job(*, job_id: int, by: User) -> None:
    """Queue a failed job again, at once; `RuleViolation` when it no longer is."""
    job = locked_failed_job(job_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s AND status = 'aborted'",
            [job.id],
        )
    app.job_manager.retry_job_by_id(job.id, retry_at=timezone.now())
    record(by=by, action="job.retried", subject=job, after={"task_name": job.task_name})


@transaction.atomic
def erase_job(*, job_id: int, by: User) -> None:
    """Erase a failed job and the reasons of its failures."""
    job = locked_failed_job(job_id)
    record(by=by, action="job.erased", subject=job, before={"task_name": job.task_name})
    JobFailure.objects.filter(job_id=job.id).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])


def locked_failed_job(job_id: int) -> ProcrastinateJob:
    job = failed().select_for_update().filter(pk=job_id).first()
    if job is None:
        raise RuleViolation(GONE)
    return job
