"""An experience as everybody may read it. Nothing here was not moderated."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.orientation.models import Procedure
from guichet.territories.models import Departement


class Feeling(models.TextChoices):
    """The official open data's three values (« Ressenti usager » and the five aspects)."""

    POSITIVE = "positive", "Positif"
    NEUTRAL = "neutral", "Neutre"
    NEGATIVE = "negative", "Négatif"


class Aspect(models.TextChoices):
    """The five aspects; each is a field of `Experience` of the same name."""

    ACCESSIBILITY = "accessibility", "Accessibilité"
    INFORMATION = "information", "Information et explications"
    RELATION = "relation", "Relation"
    RESPONSIVENESS = "responsiveness", "Réactivité"
    SIMPLICITY = "simplicity", "Simplicité"


ASPECTS = tuple(Aspect)


class WrittenAs(models.TextChoices):
    USER = "user", "usager"
    RELATIVE = "relative", "proche ou aidant"
    PROFESSIONAL = "professional", "professionnel"
    ASSOCIATION = "association", "association"
    HELPER = "helper", "personne qui aide un usager"


class Channel(models.TextChoices):
    DESK = "desk", "sur place"
    APPOINTMENT = "appointment", "sur rendez-vous"
    PHONE = "phone", "par téléphone"
    ONLINE = "online", "en ligne"
    MAIL = "mail", "par courriel"
    POST = "post", "par courrier"


class Entry(models.TextChoices):
    """How the story came in."""

    SELF = "self", "écrite par la personne"
    COUNTER = "counter", "racontée au guichet et saisie par un agent"
    TELEPHONE = "telephone", "racontée par téléphone et saisie par un agent"
    IMPORT = "import", "reprise d'une autre plateforme"


class State(models.TextChoices):
    IN_MODERATION = "in_moderation", "en cours de modération"
    PUBLISHED = "published", "publiée"
    REFUSED = "refused", "non publiée"
    ORIENTED = "oriented", "orientée vers un service"
    WITHDRAWN = "withdrawn", "retirée par son auteur"
    REMOVED = "removed", "retirée par la modération"


TAKEN_BACK = (State.WITHDRAWN, State.REMOVED)


class ExperienceQuerySet(models.QuerySet["Experience"]):
    def published(self) -> ExperienceQuerySet:
        return self.filter(state=State.PUBLISHED)

    def answered(self) -> ExperienceQuerySet:
        return self.filter(first_reply_at__isnull=False)


class Experience(models.Model):
    """A story, born when its author confirmed it; its texts are empty until moderation accepts.

    `title`, `description`, `wished` (what would have helped) and `pseudonym` are copies of the
    moderated text. `official_id` is the number of the platform that it was taken over from.
    `same_count` counts « j'ai vécu la même chose ». `similar_service_change` is the official
    « Amélioration de service à considérer ». `departement` is what the author gave; `read_in`, that
    one else that of the first service, is where the story is read; `networks` are those of its
    addressees and `promises` the outcomes of what was promised in its answers, beside its words, so
    that one index answers for all three. `reading.search.index` writes `read_in`, `networks`,
    `promises` and `search`. `key` names the story in the log of erasures, and nowhere else: a
    number may be used again after a restore.

    `experience_dates` holds what lists and figures need of a story found by its services, so that
    they do not read its wide row; so do the indexes of `Addressee`.
    """

    state = models.CharField(max_length=16, choices=State, default=State.IN_MODERATION)
    title = models.CharField("titre", max_length=150, blank=True, default="")
    description = models.TextField("récit", blank=True, default="")
    wished = models.TextField("ce qui aurait aidé", blank=True, default="")
    pseudonym = models.CharField("pseudonyme", max_length=60, blank=True, default="")
    written_as = models.CharField(max_length=12, choices=WrittenAs, default=WrittenAs.USER)
    feeling = models.CharField(max_length=8, choices=Feeling)
    accessibility = models.CharField(max_length=8, choices=Feeling, blank=True, default="")
    information = models.CharField(max_length=8, choices=Feeling, blank=True, default="")
    relation = models.CharField(max_length=8, choices=Feeling, blank=True, default="")
    responsiveness = models.CharField(max_length=8, choices=Feeling, blank=True, default="")
    simplicity = models.CharField(max_length=8, choices=Feeling, blank=True, default="")
    departement = models.ForeignKey(
        Departement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    procedure = models.ForeignKey(
        Procedure, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    procedures_entered = models.CharField(max_length=500, blank=True, default="")
    entry = models.CharField(max_length=12, choices=Entry, default=Entry.SELF)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=2, blank=True, default="")
    written_on = models.DateField("écrit le", default=timezone.localdate)
    confirmed_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField("retirée ou refusée le", null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    same_count = models.PositiveIntegerField(default=0)
    similar_service_change = models.CharField(max_length=300, blank=True, default="")
    is_fictional = models.BooleanField(default=False)
    official_id = models.BigIntegerField(null=True, blank=True)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    read_in = models.ForeignKey(
        Departement,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    networks = ArrayField(models.BigIntegerField(), default=list, editable=False)
    promises = ArrayField(models.CharField(max_length=8), default=list, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["official_id"], name="experience_official_id"),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
                name="published_experience_is_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=State.PUBLISHED),
                name="experience_latest",
            ),
            models.Index(
                fields=["read_in", "-published_at", "-id"],
                condition=Q(state=State.PUBLISHED),
                name="experience_latest_in",
            ),
            models.Index(
                fields=["id"],
                include=["published_at", "feeling"],
                condition=Q(state=State.PUBLISHED),
                name="experience_dates",
            ),
            models.Index(fields=["state", "confirmed_at"], name="experience_state"),
            GinIndex(fields=["search", "networks", "promises"], name="experience_search"),
        ]

    def __str__(self) -> str:
        return self.title or f"expérience {self.pk}"

    def get_absolute_url(self) -> str:
        slug = slugify(self.title)[:60].strip("-") or "sans-titre"
        return reverse("experience", args=[self.pk, slug])

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    def aspects(self) -> dict[Aspect, Feeling]:
        """Those that the author marked, in the official order."""
        return {one: Feeling(value) for one in ASPECTS if (value := getattr(self, one.value))}
