"""What people need, in their words, and the kinds of services that answer: the team's own table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guichet.accounts.models import User
from guichet.directory.models import StructureKind
from guichet.orientation.models.catalogue import Audience


class Urgency(models.TextChoices):
    """What makes a page show numbers to call before anything else."""

    NONE = "", "rien d'urgent"
    VIOLENCE = "violences", "violences"
    CHILD = "enfance", "enfant en danger"
    SUICIDE = "suicide", "détresse, idées suicidaires"
    HOMELESS = "sans-abri", "personne à la rue"
    DANGER = "danger", "danger immédiat"
    RESCUE = "secours", "incendie, accident, secours"
    HEALTH = "sante", "urgence médicale"
    OLD_AGE = "vieillesse", "personne âgée ou handicapée maltraitée"
    RACISM = "racisme", "discrimination"


class NeedQuerySet(models.QuerySet["Need"]):
    def active(self) -> NeedQuerySet:
        return self.filter(is_active=True)


class Need(models.Model):
    """A need (besoin): « Demander le RSA », as people say it.

    `phrases` are whole ways of saying it; `words` are expressions that alone mean it. `procedures`
    are codes of sheets, the most relevant first. `online` are `{"title", "url"}`. Out of scope:
    no public service answers for it, and `advice` says where to turn. `edited_at` is null as long
    as the row is the shipped one, which a new version of the software may then replace.
    """

    code = models.SlugField("code", max_length=80, unique=True)
    title = models.CharField("titre", max_length=120)
    theme = models.CharField("thème", max_length=60)
    audience = models.CharField(
        "public", max_length=20, choices=Audience, default=Audience.CITIZENS
    )
    phrases = ArrayField(models.CharField(max_length=200), verbose_name="phrases", default=list)
    words = ArrayField(
        models.CharField(max_length=100), verbose_name="mots", default=list, blank=True
    )
    procedures = ArrayField(
        models.CharField(max_length=20), verbose_name="fiches", default=list, blank=True
    )
    documents = ArrayField(
        models.CharField(max_length=200), verbose_name="à apporter", default=list, blank=True
    )
    advice = models.TextField("à savoir", blank=True, default="")
    urgent = models.CharField("urgence", max_length=20, choices=Urgency, blank=True, default="")
    online = models.JSONField(default=list, blank=True)
    out_of_scope = models.BooleanField("hors du service public", default=False)
    is_active = models.BooleanField("proposé", default=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "title"]

    def __str__(self) -> str:
        return self.title


class NeedAnswer(models.Model):
    """A kind of service that answers a need, and why; the best has rank 0.

    `when` is the condition under which it does. `only_some`: not every place of the kind does it,
    and `find_url` says which do.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="answers")
    rank = models.PositiveSmallIntegerField(default=0)
    kind = models.ForeignKey(StructureKind, on_delete=models.PROTECT, related_name="+")
    why = models.CharField("pourquoi", max_length=250)
    when = models.CharField("à quelle condition", max_length=200, blank=True, default="")
    only_some = models.BooleanField("certains lieux seulement", default=False)
    find_url = models.URLField("où savoir lesquels", max_length=300, blank=True, default="")

    class Meta:
        ordering = ["need", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "kind"], name="need_answered_once_by_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.need} : {self.kind}"


class Synonym(models.Model):
    """An expression that people type, and what it means for the search: « taf » → travail.

    `replaces`: the typed words are dropped (SMS spelling, former names), else the meaning is
    added to them (acronyms, synonyms).
    """

    typed = models.CharField("ce que les gens écrivent", max_length=100, unique=True)
    means = models.CharField("ce que cela veut dire", max_length=200)
    replaces = models.BooleanField("remplace les mots écrits", default=False)
    is_active = models.BooleanField("utilisé", default=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["typed"]

    def __str__(self) -> str:
        return f"{self.typed} → {self.means}"
