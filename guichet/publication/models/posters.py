"""The posters of a whole network, asked for at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network


class PosterArchive(models.Model):
    """A ZIP of posters, made by the worker. `file` is relative to the lake; `done` of `total`
    sites are drawn or left out, `left_out` of them for want of a figure."""

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        MAKING = "making", "en préparation"
        READY = "ready", "prête"
        FAILED = "failed", "abandonnée"

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="poster_archives")
    release_name = models.CharField("édition", max_length=60)
    paper = models.CharField("papier", max_length=2, default="A4")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=250, blank=True, default="")
    byte_count = models.PositiveBigIntegerField(default=0)
    failure = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "paper"],
                condition=Q(state__in=["waiting", "making"]),
                name="poster_archive_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file=""), name="poster_archive_ready_has_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"affiches {self.network_id} {self.release_name} {self.paper}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.MAKING)

    @property
    def percent_done(self) -> int:
        return 100 * self.done // self.total if self.total else 0
