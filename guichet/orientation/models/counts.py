"""What is counted of searches and answers: numbers by day, and words that found nothing."""

from __future__ import annotations

from django.db import models

from guichet.directory.models import StructureKind
from guichet.orientation.models.needs import Need


class Event(models.TextChoices):
    SURE = "sure", "réponse sûre"
    CHOICE = "choice", "choix proposé"
    OUT_OF_SCOPE = "out_of_scope", "hors du service public"
    MISSED = "missed", "rien trouvé"
    WRONG_SERVICE = "wrong_service", "« ce n'est pas le bon service »"


class Tally(models.Model):
    """How many times something happened on a day, in a département, about a need and a kind."""

    day = models.DateField()
    event = models.CharField(max_length=20, choices=Event)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.CASCADE)
    kind = models.ForeignKey(
        StructureKind, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    departement = models.CharField(max_length=3, blank=True, default="")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "event", "need", "kind", "departement"],
                nulls_distinct=False,
                name="tally_once",
            )
        ]
        indexes = [models.Index(fields=["event", "day"], name="tally_of_event")]

    def __str__(self) -> str:
        return f"{self.day} {self.event} : {self.count}"


class MissedSearch(models.Model):
    """A search that found nothing sure, its unknown words and all figures left out (« … »)."""

    text = models.CharField(max_length=200, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-count", "-last_on", "text"]
        indexes = [models.Index(fields=["last_on"], name="missed_search_last_on")]

    def __str__(self) -> str:
        return self.text


class UnknownWord(models.Model):
    """A word of missed searches that the catalogue does not know; shown once it is common."""

    word = models.CharField(max_length=40, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-count", "word"]

    def __str__(self) -> str:
        return self.word
