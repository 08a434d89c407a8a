"""Networks, kinds and structures: what exists, where, and how to reach it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_ltree.fields import PathField

from guichet.territories.models import Commune


def oldest_recent_check(today: date) -> date:
    """A fact that was checked before this day is older than twelve months: « à vérifier »."""
    if (today.month, today.day) == (2, 29):
        return date(today.year - 1, 3, 1)
    return today.replace(year=today.year - 1)


class Level(models.TextChoices):
    """Where a structure stands: an attribute, not its depth in the tree."""

    SITE = "site", "site"
    DEPARTEMENT = "departement", "départemental"
    REGION = "region", "régional"
    NATIONAL = "national", "national"


class Accessibility(models.TextChoices):
    """The DILA's codes, in words."""

    UNKNOWN = "", "accessibilité non renseignée"
    FULL = "ACC", "accessible aux personnes en fauteuil roulant"
    ON_REQUEST = "DEM", "accessible sur demande préalable"
    NONE = "NAC", "non accessible aux personnes en fauteuil roulant"


class Network(models.Model):
    """A network of services: CAF, France Travail, préfectures…"""

    code = models.SlugField("code", max_length=60, unique=True)
    name = models.CharField("nom", max_length=200)
    publication_level = models.CharField(
        "niveau de publication", max_length=20, choices=Level, default=Level.SITE
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_label(self) -> str:
        """Its label in the scope path of audit events."""
        return f"n{self.pk}"


class StructureKind(models.Model):
    """A kind of place, under the DILA's code (`mairie`, `caf`…).

    `words` are what people call it, besides its label. `open_on_holidays`: its regular hours
    hold on public holidays too (police, gendarmerie…).
    """

    code = models.CharField(max_length=150, primary_key=True)
    label = models.CharField("nom", max_length=250)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="kinds"
    )
    level = models.CharField(max_length=20, choices=Level, default=Level.SITE)
    open_on_holidays = models.BooleanField(default=False)
    is_common = models.BooleanField("proposé en premier", default=False)
    words = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class StructureQuerySet(models.QuerySet["Structure"]):
    def open_ones(self) -> StructureQuerySet:
        """Neither closed for good nor merged (says nothing of today's hours)."""
        return self.filter(closed_on__isnull=True)

    def receiving_public(self) -> StructureQuerySet:
        return self.open_ones().filter(level=Level.SITE)

    def located(self) -> StructureQuerySet:
        return self.filter(latitude__isnull=False)

    def under(self, structure: Structure) -> StructureQuerySet:
        """`structure` and all that hangs under it."""
        return self.filter(path__descendants=structure.path)

    def above(self, structure: Structure) -> StructureQuerySet:
        """`structure` and all that it hangs under."""
        return self.filter(path__ancestors=structure.path)


class Structure(models.Model):
    """A node of a network's tree: head office, département, site.

    `code` is its first source's identifier and never changes. `path` is the dotted primary keys
    from the root to itself. `phones` are `{"number": E.164 or short, "label": …, "cost":
    free|normal|surcharged|to_check}`; `websites` and `social_links` are `{"label", "url"}`.
    Coordinates are WGS 84 degrees. `checked_on` is the day the source vouches for.
    """

    code = models.CharField(max_length=150, unique=True)
    name = models.CharField("nom", max_length=300)
    kind = models.ForeignKey(StructureKind, on_delete=models.PROTECT, related_name="structures")
    other_kinds = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="structures"
    )
    level = models.CharField("niveau", max_length=20, choices=Level, default=Level.SITE)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = PathField()
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT)

    former_name = models.CharField("ancien nom", max_length=300, blank=True, default="")
    acronym = models.CharField("sigle", max_length=60, blank=True, default="")
    search_name = models.TextField(editable=False, default="")
    address_lines = ArrayField(
        models.CharField(max_length=250), verbose_name="adresse", default=list, blank=True
    )
    postal_code = models.CharField("code postal", max_length=10, blank=True, default="")
    town = models.CharField("ville de l'adresse", max_length=120, blank=True, default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=30, blank=True, default="")
    accessibility = models.CharField(
        "accessibilité", max_length=3, choices=Accessibility, blank=True, default=""
    )
    accessibility_note = models.TextField("précision d'accès", blank=True, default="")

    phones = models.JSONField("téléphones", default=list, blank=True)
    relay_phone = models.CharField(
        "relais pour personnes sourdes ou malentendantes", max_length=250, blank=True, default=""
    )
    emails = ArrayField(
        models.CharField(max_length=254), verbose_name="courriels", default=list, blank=True
    )
    websites = models.JSONField("sites internet", default=list, blank=True)
    contact_form = models.URLField("formulaire de contact", max_length=500, blank=True, default="")
    appointment_url = models.URLField(
        "prise de rendez-vous", max_length=500, blank=True, default=""
    )
    chat_url = models.URLField("messagerie instantanée", max_length=500, blank=True, default="")
    video_url = models.URLField("visioconférence", max_length=500, blank=True, default="")
    social_links = models.JSONField("réseaux sociaux", default=list, blank=True)

    hours_known = models.BooleanField(default=False)
    hours_text = models.TextField("précisions sur les horaires", blank=True, default="")
    information = models.TextField("informations", blank=True, default="")
    partners = ArrayField(
        models.CharField(max_length=250), verbose_name="partenaires", default=list, blank=True
    )
    siret = models.CharField(max_length=14, blank=True, default="")

    source = models.CharField(max_length=30)
    checked_on = models.DateField("vérifié le", null=True, blank=True)
    is_fictional = models.BooleanField(default=False)
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    closed_on = models.DateField("fermé définitivement le", null=True, blank=True)
    closed_reason = models.CharField("motif de fermeture", max_length=250, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_ones"
    )

    objects = StructureQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="structure_position_is_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="structure_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False),
                name="structure_merged_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=False) | Q(position_source=""),
                name="structure_without_position_has_no_position_source",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "latitude", "longitude"],
                name="structure_nearest_of_kind",
                condition=Q(closed_on__isnull=True),
            ),
            models.Index(
                fields=["latitude", "longitude"],
                name="structure_nearest",
                condition=Q(closed_on__isnull=True),
            ),
            GistIndex(fields=["path"], name="structure_path"),
            GinIndex(OpClass("search_name", name="gin_trgm_ops"), name="structure_search_name"),
            models.Index(fields=["network", "name"], name="structure_of_network"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/services/{self.code}/"

    @property
    def scope(self) -> str:
        """Its path for audit events: the network's label, then the structures'."""
        return f"n{self.network_id or 0}.{self.path}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    def needs_check(self, today: date | None = None) -> bool:
        """True when no source has vouched for it in the past twelve months."""
        recent = oldest_recent_check(today or timezone.localdate())
        return self.checked_on is None or self.checked_on < recent

    @property
    def full_address(self) -> str:
        """On one line, the lines apart by commas."""
        town = f"{self.postal_code} {self.town}".strip()
        return ", ".join(part for part in [*self.address_lines, town] if part)


class Competence(models.Model):
    """The communes that a structure serves, when its source says so (the DILA's `pivot`)."""

    structure = models.OneToOneField(Structure, primary_key=True, on_delete=models.CASCADE)
    commune_codes = ArrayField(models.CharField(max_length=5), default=list)

    class Meta:
        indexes = [GinIndex(fields=["commune_codes"], name="competence_communes")]

    def __str__(self) -> str:
        return f"{self.structure_id}: {len(self.commune_codes)} communes"
