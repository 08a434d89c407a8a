"""Values that a network gives ready-made: shown as such, never rolled up."""

from __future__ import annotations

from django.db import models

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
    """One value as typed. `place` is a structure's or a territory's code."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="declared_values")
    version = models.ForeignKey(
        IndicatorVersion, on_delete=models.PROTECT, related_name="declared_values"
    )
    level = models.CharField(max_length=20, choices=PlaceLevel)
    place = models.CharField(max_length=150)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    source = models.CharField(max_length=300)
    source_date = models.DateField(null=True, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="declared_values")

    class Meta:
        ordering = ["network__code", "level", "place", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "network", "version", "level", "place", "period"],
                name="declared_once_a_batch",
            )
        ]
        indexes = [models.Index(fields=["level", "place"], name="declared_of_place")]

    def __str__(self) -> str:
        return f"{self.version} {self.level} {self.place} {self.period}"
