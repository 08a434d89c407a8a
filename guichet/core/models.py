"""What the platform itself keeps: mail on its way out, erasures and backups that ran."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def unsent(self) -> OutgoingMailQuerySet:
        return self.filter(sent_at__isnull=True)


class OutgoingMail(models.Model):
    """A mail that is queued, kept until sent; `content` is the whole RFC 5322 message."""

    sender = models.EmailField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=998)
    content = models.TextField()
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at"], name="mail_unsent", condition=models.Q(sent_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class OperationRun(models.Model):
    """When an operation of the server (backup, erasure…) last ended, and how it went."""

    name = models.CharField(max_length=40)
    ended_at = models.DateTimeField(default=timezone.now)
    succeeded = models.BooleanField()
    summary = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["name", "-ended_at"], name="operation_latest")]

    def __str__(self) -> str:
        return f"{self.name} {self.ended_at:%Y-%m-%d %H:%M}"
