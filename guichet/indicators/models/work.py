"""What the worker does to a batch, how far it is, and of what people were reminded."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network, Structure
from guichet.indicators.models.batches import Batch
from guichet.indicators.models.definitions import Grain


class BatchWork(models.Model):
    """A file that waits to be checked, or a batch to be confirmed, in the worker.

    `path` is that of the file, relative to the lake; it is removed once checked. `told` says how
    far the work is; `problem` is a sentence for the sender when it could not be done at all.
    """

    class Act(models.TextChoices):
        CHECK = "check", "contrôle"
        CONFIRM = "confirm", "confirmation"

    act = models.CharField(max_length=20, choices=Act)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="batch_works")
    sender = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    scope = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.CASCADE)
    batch = models.ForeignKey(
        Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="works"
    )
    file_name = models.CharField(max_length=250)
    path = models.CharField(max_length=250, blank=True, default="")
    told = models.CharField(max_length=250, blank=True, default="")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.act} {self.file_name}"


class ReminderSent(models.Model):
    """One reminder of one period, so that it is sent once."""

    grain = models.ForeignKey(Grain, on_delete=models.CASCADE, related_name="reminders")
    period = models.CharField(max_length=10)
    step = models.CharField(max_length=20)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["grain", "period", "step"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.grain_id} {self.period} {self.step}"
