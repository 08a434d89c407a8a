"""Releases and the tables that pages read.

A release is a list of parts (one network, indicator version and year). A part is known by the
digest of its files, so that releases share what did not change. Readers find the current release
first and read its parts only: they see the old one or the new one, never a mix.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User


class ReleaseQuerySet(models.QuerySet["Release"]):
    def published(self) -> ReleaseQuerySet:
        return self.filter(state=Release.State.PUBLISHED)

    def current(self) -> Release | None:
        """The edition that readers see, None before the first."""
        return self.filter(is_current=True).first()


class Release(models.Model):
    """A published edition. `identity` is the SHA-256 of `docs/methods/observation.md`, § 12.

    `step` says how far the publication is. A name that was abandoned can be used again.
    `correction_count` is that of `CorrectedFigureQuerySet.of_places`; `changed_line_count` that of
    the lines of `corrections.csv`, sums and groups of small places included.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "demandée"
        COMPUTING = "computing", "en préparation"
        PUBLISHED = "published", "publiée"
        FAILED = "failed", "abandonnée"

    name = models.SlugField("nom", max_length=60, unique=True)
    state = models.CharField(max_length=20, choices=State, default=State.COMPUTING)
    is_current = models.BooleanField(default=False)
    frozen_on = models.DateField("arrêtée le")
    through = models.DateField("jusqu'au")
    started_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    note = models.TextField("note", blank=True, default="")
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    identity = models.CharField(max_length=64, blank=True, default="")
    engine = models.CharField(max_length=20, blank=True, default="")
    folder = models.CharField(max_length=250, blank=True, default="")
    last_batch = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveBigIntegerField(default=0)
    correction_count = models.PositiveIntegerField(default=0)
    changed_line_count = models.PositiveIntegerField(default=0)
    is_demonstration = models.BooleanField(default=False)
    failure = models.TextField(blank=True, default="")
    step = models.CharField(max_length=200, blank=True, default="")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="release_one_current"
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state__in=["waiting", "computing"]),
                name="release_one_at_each_step",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state="published"),
                name="release_current_is_published",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """The published rows and figures of one network, indicator version and year.

    `digest` is the SHA-256 of the list of its files and their hashes; `files` gives the SHA-256
    of each kind of file ("base", "rows", "figures", "quantiles", "pools") in the lake's objects.
    The year of ISO weeks is that of the ISO year. Declared values are parts too (`is_declared`).
    """

    digest = models.CharField(max_length=64)
    network = models.CharField(max_length=60)
    indicator = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    is_declared = models.BooleanField(default=False)
    files = models.JSONField(default=dict)
    row_count = models.PositiveBigIntegerField(default=0)
    releases = models.ManyToManyField(Release, through="ReleasePart", related_name="parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "indicator", "version", "year", "is_declared", "digest"],
                name="part_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.network}/{self.indicator}.{self.version}/{self.year}"


class ReleasePart(models.Model):
    release = models.ForeignKey(Release, on_delete=models.CASCADE)
    part = models.ForeignKey(Part, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "part"], name="part_once_a_release")
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.part_id}"


class PlaceFigures(models.Model):
    """All figures of one place in one part: what a page reads.

    `level` is structure, pool, departement, region or nation. `figures` is a list in the order of
    periods then cuts; each item is an object with the columns of `figures.csv` from `period` on
    (numbers as the text of the file, empty ones left out), `counters` ("412|500") and, of a
    distribution, `quantiles`.
    """

    part = models.ForeignKey(Part, on_delete=models.CASCADE)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=250)
    figures = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "place", "part"], name="place_once_a_part")
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.level} {self.place}"


class PoolMember(models.Model):
    """A structure without figures of its own in a part: pooled, or "withheld"."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE)
    pool = models.CharField(max_length=250)
    member = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "part"], name="pooled_once_a_part")
        ]
        indexes = [models.Index(fields=["part", "pool"], name="members_of_pool")]

    def __str__(self) -> str:
        return f"{self.pool} {self.member}"


class CorrectedFigureQuerySet(models.QuerySet["CorrectedFigure"]):
    def of_places(self) -> CorrectedFigureQuerySet:
        """What readers call corrections: figures of places that stood and stand, neither sums that
        places joined or left nor small places put together otherwise."""
        return self.exclude(level="pool").filter(what="changed", is_move=False)


class CorrectedFigure(models.Model):
    """A figure of a whole period that differs from the release before; `is_move`: a sum that
    differs only because places came under it or left."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="corrections")
    network = models.CharField(max_length=60)
    indicator = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=250)
    period = models.CharField(max_length=10)
    cut = models.CharField(max_length=40, blank=True, default="")
    counters_before = models.CharField(max_length=300, blank=True, default="")
    counters_after = models.CharField(max_length=300, blank=True, default="")
    value_before = models.CharField(max_length=40, blank=True, default="")
    value_after = models.CharField(max_length=40, blank=True, default="")
    what = models.CharField(max_length=10)
    is_move = models.BooleanField(default=False)

    objects = CorrectedFigureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["release", "level", "place"], name="corrected_of_place")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.place} {self.period} {self.what}"

    @property
    def is_of_place(self) -> bool:
        """As in `of_places`."""
        return self.level != "pool" and self.what == "changed" and not self.is_move
