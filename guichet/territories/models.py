"""Regions, départements, communes of today and the names and codes that they once had.

Owns what a territory is and the form under which its name is searched; refuses to know who
receives the public there. Codes are those of the COG (INSEE).
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from guichet.territories.holidays import public_holiday
from guichet.territories.naming import bare_name, search_name
from guichet.territories.time_zones import time_zone


class Region(models.Model):
    """A région, or an overseas collectivity, which stands for its own région (« 987 »)."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    """A département, or an overseas collectivity. It stands where its people live on average."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departements")
    population = models.PositiveIntegerField(default=0)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def public_holiday(self, day: date) -> str | None:
        """The name of the public holiday of `day` here, None on an ordinary day."""
        return public_holiday(self.code, day)


class PositionSource(models.TextChoices):
    """Where a commune's position comes from, best first."""

    TOWN_HALL = "town_hall", "mairie"
    CENTROID = "centroid", "centre du territoire"
    GEONAMES = "geonames", "GeoNames"
    APPROXIMATE = "approximate", "approchée"


class CommuneQuerySet(models.QuerySet["Commune"]):
    def whole(self) -> CommuneQuerySet:
        """Without the arrondissements of Paris, Lyon and Marseille."""
        return self.filter(kind=Commune.Kind.COMMUNE)

    def finest(self) -> CommuneQuerySet:
        """Arrondissements instead of the three communes that they divide."""
        return self.filter(arrondissements=None)

    def with_postal_code(self, start: str) -> CommuneQuerySet:
        """Those with a postal code that begins with `start` (one to five figures)."""
        return self.filter(postal_search__contains=f" {start}")


class Commune(models.Model):
    """A commune of today, or an arrondissement of Paris, Lyon or Marseille (with its parent).

    `search_name`, `bare_name` and `postal_search` follow from the name and the postal codes: they
    are set by `save` and `prepare_search`, which bulk writes must call.
    """

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        ARRONDISSEMENT = "arrondissement", "arrondissement municipal"

    insee_code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=100)
    kind = models.CharField("nature", max_length=14, choices=Kind.choices, default=Kind.COMMUNE)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="arrondissements"
    )
    departement = models.ForeignKey(Departement, on_delete=models.PROTECT, related_name="communes")
    postal_codes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    population = models.PositiveIntegerField(default=0)
    latitude = models.FloatField()
    longitude = models.FloatField()
    position_source = models.CharField(
        "source de la position", max_length=11, choices=PositionSource.choices
    )
    search_name = models.TextField(editable=False)
    bare_name = models.TextField(editable=False)
    postal_search = models.TextField(editable=False)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["insee_code"]
        indexes = [
            models.Index(OpClass("search_name", "text_pattern_ops"), name="commune_search_name"),
            models.Index(OpClass("bare_name", "text_pattern_ops"), name="commune_bare_name"),
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="commune_search_trigrams"),
            GinIndex(OpClass("postal_search", "gin_trgm_ops"), name="commune_postal_trigrams"),
            models.Index(fields=["latitude", "longitude"], name="commune_position"),
        ]
        constraints = [
            models.CheckConstraint(
                name="commune_position_on_earth",
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="commune_parent_of_arrondissements_only",
                condition=models.Q(kind="commune", parent=None)
                | models.Q(kind="arrondissement", parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.prepare_search()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def prepare_search(self) -> None:
        self.search_name = search_name(self.name)
        self.bare_name = bare_name(self.search_name)
        self.postal_search = "".join(f" {code}" for code in self.postal_codes)

    @property
    def time_zone(self) -> ZoneInfo:
        """The legal time of the commune."""
        return time_zone(self.insee_code)

    @property
    def position_is_approximate(self) -> bool:
        return self.position_source == PositionSource.APPROXIMATE

    def public_holiday(self, day: date) -> str | None:
        """The name of the public holiday of `day` here, None on an ordinary day."""
        return public_holiday(self.departement_id, day)


class FormerCommune(models.Model):
    """A code or a name of the past, and the commune of today that answers for it.

    The COG reuses a code for the seat of a new commune, so a code may have several names, and
    a code without a name is one that was only renumbered or merged long ago.
    """

    class Kind(models.TextChoices):
        DELEGATED = "delegated", "commune déléguée"
        ASSOCIATED = "associated", "commune associée"
        FORMER = "former", "ancienne commune"

    code = models.CharField("ancien code INSEE", max_length=5)
    name = models.CharField("ancien nom", max_length=100, blank=True, default="")
    kind = models.CharField("nature", max_length=10, choices=Kind.choices)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="former")
    search_name = models.TextField(editable=False)

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        ordering = ["code", "name"]
        indexes = [
            models.Index(OpClass("search_name", "text_pattern_ops"), name="former_search_name"),
            GinIndex(OpClass("search_name", "gin_trgm_ops"), name="former_search_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "name"], name="former_code_and_name_once")
        ]

    def __str__(self) -> str:
        return self.name or self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.prepare_search()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def prepare_search(self) -> None:
        self.search_name = search_name(self.name)
