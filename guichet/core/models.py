"""What the platform itself keeps: mail on its way out, jobs that failed, operations that ran."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

WAITING = Q(sent_at__isnull=True, failed_at__isnull=True)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> OutgoingMailQuerySet:
        """Mails not delivered: those that wait and those given up."""
        return self.filter(sent_at__isnull=True)

    def waiting(self) -> OutgoingMailQuerySet:
        return self.filter(WAITING)

    def given_up(self) -> OutgoingMailQuerySet:
        return self.filter(failed_at__isnull=False)

    def due(self) -> OutgoingMailQuerySet:
        """Mails to try now, oldest first."""
        return self.waiting().filter(next_attempt_at__lte=timezone.now()).in_order()

    def in_order(self) -> OutgoingMailQuerySet:
        return self.order_by("queued_at", "pk")


class OutgoingMail(models.Model):
    """A mail that is queued; `content` is the whole RFC 5322 message, erased once it is sent.

    It waits, then is either sent or given up (`failed_at`, with `last_error`); a person may then
    ask for another try.
    """

    sender = models.EmailField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=998)
    content = models.TextField()
    queued_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    server_was_down = models.BooleanField(default=False)
    last_error = models.TextField(blank=True, default="")
    is_forgotten_once_sent = models.BooleanField(default=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mail_waiting", condition=WAITING),
            models.Index(
                fields=["queued_at"], name="mail_unsent", condition=Q(sent_at__isnull=True)
            ),
            models.Index(fields=["sent_at"], name="mail_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                name="mail_sent_or_given_up",
            )
        ]

    def __str__(self) -> str:
        return f"courriel {self.pk}"


class JobFailure(models.Model):
    """Why a job failed, one row a try: the queue itself keeps no reason.

    `reason` is the error's kind and places, without any text that could quote a person.
    """

    job_id = models.BigIntegerField()
    task_name = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["job_id", "-at"], name="job_failure_latest"),
            models.Index(fields=["at"], name="job_failure_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.task_name} {self.job_id} {self.at:%Y-%m-%d %H:%M}"


class OperationRunQuerySet(models.QuerySet["OperationRun"]):
    def latest_of(self, name: str, *, succeeded: bool | None = None) -> OperationRun | None:
        """The last run of an operation; `succeeded` keeps only runs that ended so."""
        runs = self.filter(name=name)
        if succeeded is not None:
            runs = runs.filter(succeeded=succeeded)
        return runs.order_by("-ended_at", "-pk").first()


class OperationRun(models.Model):
    """When an operation of the server (backup, erasure…) ended, and how it went."""

    class Name(models.TextChoices):
        BACKUP = "backup", "sauvegarde"
        RESTORE = "restore", "restauration"
        RETENTION = "retention", "effacement des données échues"

    name = models.CharField(max_length=40)
    ended_at = models.DateTimeField(default=timezone.now)
    succeeded = models.BooleanField()
    summary = models.TextField(blank=True, default="")

    objects = OperationRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name", "-ended_at"], name="operation_latest")]

    def __str__(self) -> str:
        return f"{self.name} {self.ended_at:%Y-%m-%d %H:%M}"
