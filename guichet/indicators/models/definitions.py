"""What is measured (indicators, by version) and how finely each network sends it (grains).

A version never changes once observations use it, but for its titles and words: another
definition is another version (`docs/methods/observation.md`, § 1 and § 2).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.periods import PeriodKind
from guichet.directory.models import Level, Network
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind

CODE = RegexValidator(
    r"^[0-9A-Za-z][0-9A-Za-z._-]*\Z", "Lettres sans accent, chiffres, points et tirets seulement."
)
NETWORK_SOURCE = "network"
"""The source of a grain whose observations come in files and by the API; else the name of the
one collector that counts them."""


class Family(models.TextChoices):
    PERFORMANCE = "performance", "performance"
    SATISFACTION = "satisfaction", "satisfaction"


class Nature(models.TextChoices):
    """Whether the counters hold every case or those who answered; only samples have intervals."""

    CENSUS = "census", "exhaustif"
    SAMPLE = "sample", "échantillon"


class Direction(models.TextChoices):
    """What is good."""

    HIGHER = "higher", "plus c'est haut, mieux c'est"
    LOWER = "lower", "plus c'est bas, mieux c'est"
    NONE = "none", "ni l'un ni l'autre"


class Indicator(models.Model):
    """The programme's own when `owner` is None, else that of one network."""

    code = models.CharField("code", max_length=60, unique=True, validators=[CODE])
    owner = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    retired_on = models.DateField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class IndicatorVersion(models.Model):
    """One definition. `margin` is in points, or in the unit; `target` in percent, points or unit.

    `bounds` are the upper bounds of a distribution's buckets, the last one open;
    `reference_bound` is the one that the published share is about. `counter_words` says each
    counter in words ({"part": "appels décrochés", "whole": "appels reçus"}). A version that is
    not `is_summed` counts for its own place and period only. `shipped_words` is the digest of
    its words as they shipped, empty when it did not ship.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version", default=1)
    title = models.CharField("intitulé", max_length=200)
    public_title = models.CharField("intitulé pour les usagers", max_length=200)
    family = models.CharField("famille", max_length=20, choices=Family, default=Family.PERFORMANCE)
    kind = models.CharField("forme", max_length=20, choices=[(k.value, k.label) for k in Kind])
    counter_words = models.JSONField("compteurs, en mots", default=dict)
    bounds = ArrayField(
        models.DecimalField(max_digits=12, decimal_places=2), default=list, blank=True
    )
    reference_bound = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    nature = models.CharField("nature", max_length=20, choices=Nature, default=Nature.CENSUS)
    unit = models.CharField("unité", max_length=40, default="percent")
    direction = models.CharField("sens", max_length=20, choices=Direction, default=Direction.HIGHER)
    target = models.DecimalField("cible", max_digits=12, decimal_places=4, null=True, blank=True)
    margin = models.DecimalField("marge de pertinence", max_digits=12, decimal_places=4, default=3)
    minimum = models.PositiveIntegerField("nombre minimal de cas", default=10)
    is_summed = models.BooleanField("s'additionne", default=True)
    frequency = models.CharField("fréquence", max_length=60, blank=True, default="")
    expected_age_days = models.PositiveIntegerField("âge attendu, en jours", null=True, blank=True)
    source = models.TextField("source", blank=True, default="")
    method = models.TextField("méthode", blank=True, default="")
    shipped_words = models.CharField(max_length=64, blank=True, default="", editable=False)
    change_note = models.TextField("ce qui change", blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["indicator__code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="version_minimum_from_1"),
            models.CheckConstraint(condition=Q(margin__gte=0), name="version_margin_from_0"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.DISTRIBUTION.value) | Q(reference_bound__isnull=False),
                name="version_distribution_has_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} v{self.number}"

    @property
    def definition(self) -> Definition:
        """What computing needs of it."""
        return Definition(
            code=self.indicator.code,
            version=self.number,
            kind=Kind(self.kind),
            nature=self.nature,
            direction=self.direction,
            margin=self.margin,
            minimum=self.minimum,
            unit=self.unit,
            target=self.target,
            is_summed=self.is_summed,
            bounds=tuple(self.bounds),
            reference_bound=self.reference_bound,
        )


class Grain(models.Model):
    """How finely a network sends one indicator version, from `first_period` on.

    Another grain begins on a 1 January only; the one before then ends (`docs/methods/
    observation.md`, § 2). `publication_level` is that of the grain, or coarser. `cut_words`
    says each cut in words.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="grains")
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="grains")
    level = models.CharField("niveau", max_length=20, choices=Level, default=Level.SITE)
    period_kind = models.CharField(
        "période", max_length=20, choices=[(k.value, k.label) for k in PeriodKind]
    )
    cuts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    cut_words = models.JSONField("coupes, en mots", default=dict, blank=True)
    source = models.CharField(max_length=40, default=NETWORK_SOURCE)
    first_period = models.CharField("première période", max_length=10)
    publication_level = models.CharField("niveau de publication", max_length=20, choices=Level)
    due_days = models.PositiveSmallIntegerField(
        "délai d'envoi, en jours après la fin de la période", default=30
    )
    ended_on = models.DateField("dernier jour", null=True, blank=True)

    class Meta:
        ordering = ["network__code", "version__indicator__code", "first_period"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "version", "first_period"], name="grain_once_a_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.network.code} {self.version} {self.level} {self.period_kind}"
