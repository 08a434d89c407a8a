"""Values that a network gives ready-made: shown as such, never rolled up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guichet.directory.models import Network
from guichet.indicators.models.batches import Batch
from guichet.indicators.models.definitions import IndicatorVersion


class PlaceLevel(models.TextChoices):
    """What a figure is about. The nation's place is `FR`."""

    STRUCTURE = "structure", "structure"
    DEPARTEMENT = "departement", "département"
    REGION = "region", "région"
    NATION = "nation", "national"


class DeclaredValue(models.Model):
    """One value as typed. `place` is a structure's or a territory's code. `aimed_at` is what its
    source aims at there, for the period `aimed_for`: of the source too, and compared with nothing
    but this value."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="declared_values")
    version = models.ForeignKey(
        IndicatorVersion, on_delete=models.PROTECT, related_name="declared_values"
    )
    level = models.CharField(max_length=20, choices=PlaceLevel)
    place = models.CharField(max_length=150)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    aimed_at = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    aimed_for = models.CharField(max_length=10, blank=True, default="")
    source = models.CharField(max_length=300)
    source_date = models.DateField(null=True, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="declared_values")

    class Meta:
        ordering = ["network__code", "level", "place", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "network", "version", "level", "place", "period"],
                name="declared_once_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(aimed_at__isnull=True, aimed_for="")
                | (Q(aimed_at__isnull=False) & ~Q(aimed_for="")),
                name="declared_aim_has_period",
            ),
        ]
        indexes = [models.Index(fields=["level", "place"], name="declared_of_place")]

    def __str__(self) -> str:
        return f"{self.version} {self.level} {self.place} {self.period}"
