"""The catalogue of procedures: the sheets of service-public.fr, as their edition gives them."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from guichet.directory.models.structures import oldest_recent_check


class Audience(models.TextChoices):
    CITIZENS = "particuliers", "particuliers"
    BUSINESSES = "professionnels", "professionnels"
    ASSOCIATIONS = "associations", "associations"


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def current(self) -> ProcedureQuerySet:
        """Those that the last edition of their audience still has."""
        return self.filter(withdrawn_on__isnull=True)


class Procedure(models.Model):
    """A sheet `F…` of service-public.fr (démarche).

    `organisms` are `{"title", "kind", "note", "url"}`: who handles it, in the sheet's order;
    `kind` is the code of today's kind of place, empty where there is none; `also`, when given, the
    kinds that do the same elsewhere; `only_some` is true when not every place of the kind does it.
    `online` are `{"type": teleservice|form|simulator|letter|search, "title", "url", "cerfa"}`.
    `keywords` are the words that tell this sheet from the others. `updated_on` is the sheet's own
    date, `edition` the day of the catalogue that brought it.
    """

    code = models.CharField(max_length=20)
    audience = models.CharField(max_length=20, choices=Audience)
    title = models.CharField(max_length=300)
    subject = models.CharField(max_length=300, blank=True, default="")
    theme = models.CharField(max_length=200, blank=True, default="")
    folder = models.CharField(max_length=300, blank=True, default="")
    description = models.TextField(blank=True, default="")
    keywords = models.TextField(blank=True, default="")
    organisms = models.JSONField(default=list, blank=True)
    online = models.JSONField(default=list, blank=True)
    kinds = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    url = models.URLField(max_length=500, blank=True, default="")
    updated_on = models.DateField(null=True, blank=True)
    edition = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["audience", "code"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "code"], name="procedure_once_an_audience")
        ]
        indexes = [GinIndex(fields=["kinds"], name="procedure_kinds")]

    def __str__(self) -> str:
        return self.title

    @property
    def read_on(self) -> date:
        """The last day on which what it says was known to hold."""
        return max(self.updated_on, self.edition) if self.updated_on else self.edition

    def needs_check(self, today: date | None = None) -> bool:
        """True past twelve months: « à vérifier »."""
        return self.read_on < oldest_recent_check(today or timezone.localdate())


class CatalogueVersion(models.Model):
    """Which state of the needs, synonyms and sheets the search reads; one row. The index of each
    process is rebuilt when `number` changes. `shipped` tells the shipped tables last loaded."""

    number = models.PositiveBigIntegerField(default=0)
    shipped = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="catalogue_version_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)
