"""Where structures come from, what agents corrected, what visitors report."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models.structures import Structure


class SourceIdentifier(models.Model):
    """What a source calls a structure. `digest` is that of the last row read from it, empty for
    an identifier that another source only mentions."""

    scheme = models.CharField(max_length=30)
    value = models.CharField(max_length=150)
    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="identifiers")
    digest = models.CharField(max_length=32, blank=True, default="")
    is_present = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="source_identifier_unique")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Correction(models.Model):
    """A field that an agent set against its source; re-imports only refresh `source_value`.

    `field` is a field of `Structure`, or "hours" for the whole week.
    """

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    source_value = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["structure", "field"], name="correction_once_a_field")
        ]

    def __str__(self) -> str:
        return f"{self.structure_id}.{self.field}"


class ImportRun(models.Model):
    """One import of a source, as its report stood."""

    source = models.CharField(max_length=30)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    counts = models.JSONField(default=dict)
    applied = models.BooleanField(default=False)
    faults = models.JSONField(default=list)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class ErrorReport(models.Model):
    """What a visitor says is wrong on a structure's page; read by its manager, then erased.

    `is_burst`: it came among many others on the same structure, so nobody was mailed about it.
    """

    class Topic(models.TextChoices):
        HOURS = "hours", "les horaires"
        PHONE = "phone", "le téléphone ou le courriel"
        ADDRESS = "address", "l'adresse ou la position"
        CLOSED = "closed", "le lieu a fermé ou déménagé"
        OTHER = "other", "autre chose"

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="error_reports")
    topic = models.CharField("ce qui est faux", max_length=20, choices=Topic)
    message = models.TextField("précisez", max_length=2000)
    reported_at = models.DateTimeField(default=timezone.now)
    is_burst = models.BooleanField("reçu en rafale", default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    outcome = models.CharField("suite donnée", max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.topic}"
