"""What was sent: batches, never changed, and the tokens that let a network's machine send."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network, Structure
from guichet.indicators.models.definitions import NETWORK_SOURCE

ADDRESS = re.compile(r"(envoi-)?([0-9]{1,18})")


class Outcome(models.TextChoices):
    CHECKING = "checking", "en cours de contrôle"
    TO_CONFIRM = "to_confirm", "à confirmer"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    ABANDONED = "abandoned", "abandonné"


class BatchQuerySet(models.QuerySet["Batch"]):
    def counting(self) -> BatchQuerySet:
        """Accepted and not withdrawn: those whose rows count."""
        return self.filter(outcome=Outcome.ACCEPTED, withdrawn_at__isnull=True)

    def at(self, address: str) -> BatchQuerySet:
        """The one that `Batch.address` names; by « envoi-13 » still once it has a number."""
        found = ADDRESS.fullmatch(address)
        if found is None:
            return self.none()
        return self.filter(pk=found[2]) if found[1] else self.filter(number=found[2])


class SendingToken(models.Model):
    """What a network's machine sends batches with: kept as a digest, scoped, revocable."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="tokens")
    scope = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.CASCADE)
    label = models.CharField("usage", max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.network.code})"


class Batch(models.Model):
    """Observations (or declared values) received together.

    `number` is given when it is accepted or refused, one sequence for the installation. `scope`
    is the subtree that the sender holds, None for the whole network. `rows_file` is the Parquet
    file of accepted rows and `received_file` the file as it came, both relative to the lake.
    `contents` lists [indicator code, version, period, rows] of an accepted batch. `faults` and
    `warnings` keep the first ones, `fault_count` and `warning_count` count them all; only the
    `jump_count` jumps among the warnings are to be confirmed. `changes` is what accepting it
    changes (`checking.changes`).
    """

    class Content(models.TextChoices):
        OBSERVATIONS = "observations", "observations"
        DECLARED = "declared", "valeurs déclarées"

    number = models.PositiveBigIntegerField(unique=True, null=True, blank=True)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="batches")
    source = models.CharField(max_length=40, default=NETWORK_SOURCE)
    content = models.CharField(max_length=20, choices=Content, default=Content.OBSERVATIONS)
    sender = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    token = models.ForeignKey(SendingToken, null=True, blank=True, on_delete=models.SET_NULL)
    scope = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    byte_count = models.PositiveBigIntegerField(default=0)
    received_file = models.CharField(max_length=250, blank=True, default="")
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.CHECKING)
    settled_at = models.DateTimeField(null=True, blank=True)
    row_count = models.PositiveBigIntegerField(default=0)
    rows_file = models.CharField(max_length=250, blank=True, default="")
    rows_sha256 = models.CharField(max_length=64, blank=True, default="")
    contents = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    fault_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    warning_count = models.PositiveIntegerField(default=0)
    jump_count = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="batches_withdrawn"
    )
    withdrawal_reason = models.CharField("motif", max_length=300, blank=True, default="")

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                name="batch_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="accepted") | Q(number__isnull=False),
                name="batch_accepted_has_a_number",
            ),
        ]
        indexes = [models.Index(fields=["network", "-received_at"], name="batch_of_network")]

    def __str__(self) -> str:
        return f"lot {self.number or '–'} ({self.file_name})"

    @property
    def address(self) -> str:
        """Its place in addresses: its number, "envoi-13" by its key before it has one."""
        return str(self.number) if self.number else f"envoi-{self.pk}"
