"""The share of the population near a kind of service, as last measured."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.directory.models import StructureKind


class CoverageMeasure(models.Model):
    """One measure for a kind and a limit in minutes; the next one replaces it.

    `places` have a position and were counted; `places_without_position` were not. `departements`
    are `{"code", "population", "covered", "communes", "left_out", "approximate", "places",
    "at_centre", "to_check", "sources"}`: people and inhabited communes (`coverage.Headcount`),
    then places (`coverage_measures.PlaceCount`). `far` are `{"insee_code", "departement",
    "population", "minutes", "place"}`, most peopled first, `minutes` null and `place` empty where
    no road leads to any place. `oldest_source` is the oldest day for which a source vouches for the
    places that were counted, null when one has none.
    """

    kind = models.ForeignKey(StructureKind, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=30)
    measured_at = models.DateTimeField(default=timezone.now)
    places = models.PositiveIntegerField()
    places_without_position = models.PositiveIntegerField(default=0)
    oldest_source = models.DateField(null=True, blank=True)
    newest_source = models.DateField(null=True, blank=True)
    departements = models.JSONField(default=list)
    far = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "minutes"], name="coverage_once")]

    def __str__(self) -> str:
        return f"{self.kind} à {self.minutes} minutes"
