"""What somebody wrote, as it may be published; the original stands apart and is erased."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User


class TextState(models.TextChoices):
    READING = "reading", "lecture automatique en cours"
    WAITING = "waiting", "à modérer"
    SECOND_LOOK = "second_look", "attend une seconde personne"
    ACCEPTED = "accepted", "publié"
    REFUSED = "refused", "refusé"
    ORIENTED = "oriented", "orienté vers un service"
    WITHDRAWN = "withdrawn", "retiré par son auteur"


QUEUED_STATES = (TextState.WAITING, TextState.SECOND_LOOK)
OPEN_STATES = (TextState.READING, *QUEUED_STATES)


class ModeratedTextQuerySet(models.QuerySet["ModeratedText"]):
    def queued(self) -> ModeratedTextQuerySet:
        """Read by the machine, and no decision holds yet."""
        return self.filter(state__in=QUEUED_STATES)

    def undecided(self) -> ModeratedTextQuerySet:
        return self.filter(state__in=OPEN_STATES)


class ModeratedText(models.Model):
    """One thing to decide on: a story, a word added to it.

    `source` and `reference` name it in the app that sent it (`moderation.sources`). `parts` are
    `[{"name", "label", "published"}]` in the order of reading: the text with what was masked
    replaced, empty until accepted. `risk` is 0 (none) to 100; `flags` say why in words shown to
    moderators. `signature` is a MinHash of the words, `bands` its bands, for near-duplicates.
    `language` is a code of ISO 639-1, empty when it cannot be told. `taken_by` is deciding now.
    """

    source = models.CharField(max_length=30)
    reference = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=TextState, default=TextState.READING)
    parts = models.JSONField(default=list)
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    risk = models.PositiveSmallIntegerField(default=0)
    flags = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    is_danger = models.BooleanField(default=False)
    is_burst = models.BooleanField("reçu en rafale", default=False)
    language = models.CharField(max_length=2, blank=True, default="")
    signature = ArrayField(models.BigIntegerField(), default=list, blank=True)
    bands = ArrayField(models.BigIntegerField(), default=list, blank=True)
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="amended_by"
    )
    taken_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ModeratedTextQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_text_a_reference",
            )
        ]
        indexes = [
            models.Index(fields=["state", "-risk", "received_at"], name="moderation_queue"),
            models.Index(fields=["source", "reference"], name="moderated_reference"),
            GinIndex(fields=["bands"], name="moderated_bands"),
        ]

    def __str__(self) -> str:
        return f"n°\u00a0{self.pk}"

    def published(self, name: str) -> str:
        """The part `name` as it may be published; empty when there is none."""
        return next((part["published"] for part in self.parts if part["name"] == name), "")


class OriginalText(models.Model):
    """What was written, word for word: moderators only, erased on `erase_on`.

    `parts` are `[{"name", "label", "text"}]`; `marks` are the marks of `moderation.redaction` as
    JSON: `{"part", "start", "end", "kind", "origin": pattern|model|moderator, "state":
    proposed|accepted|rejected, "replacement"}`, positions in characters of the part.
    """

    text = models.OneToOneField(
        ModeratedText, primary_key=True, on_delete=models.CASCADE, related_name="original"
    )
    parts = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    erase_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["erase_on"], name="original_erase_on")]

    def __str__(self) -> str:
        return f"original de {self.text_id}"
