"""Each decision on a text, kept; and the alerts of danger."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.moderation.models.texts import ModeratedText


class Verb(models.TextChoices):
    ACCEPT = "accept", "publier"
    REFUSE = "refuse", "refuser"
    ORIENT = "orient", "orienter vers un service"
    ALERT = "alert", "signaler un danger"
    NO_DANGER = "no_danger", "écarter le danger"
    REMOVE = "remove", "retirer après publication"
    WITHDRAW = "withdraw", "retirer à la demande de l'auteur"
    REOPEN = "reopen", "reprendre une décision"


class RefusalReason(models.TextChoices):
    PERSONAL_DATA = "personal_data", "données personnelles impossibles à masquer"
    INSULT = "insult", "propos injurieux ou haineux"
    NAMED_AGENT = "named_agent", "met en cause un agent reconnaissable"
    OUT_OF_SCOPE = "out_of_scope", "ne parle pas d'un service public"
    INDIVIDUAL_FILE = "individual_file", "dossier individuel"
    ADVERTISING = "advertising", "publicité"
    UNINTELLIGIBLE = "unintelligible", "incompréhensible"
    DUPLICATE = "duplicate", "déjà publié"


class Decision(models.Model):
    """Who decided what of a text, when and why; never changed.

    `by=None` is the author's own withdrawal. `message` is what the author reads; `note` is for
    moderators. A danger takes two decisions by two people: `is_final` is false for the first.
    `oriented_to` is the name of a service, `oriented_key` that of the source's proposal (empty when
    a moderator wrote the name). `due_at` is by when it was to be taken: a decision taken again has
    another day.
    """

    text = models.ForeignKey(ModeratedText, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    verb = models.CharField(max_length=12, choices=Verb)
    reason = models.CharField(max_length=20, choices=RefusalReason, blank=True, default="")
    message = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    is_final = models.BooleanField(default=True)
    oriented_to = models.CharField(max_length=300, blank=True, default="")
    oriented_key = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["text", "at"], name="decisions_of_text"),
            models.Index(fields=["-at"], name="decisions_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} ({self.text_id})"


class Witness(models.TextChoices):
    """Who saw a danger first."""

    MACHINE = "machine", "la lecture automatique"
    VISITOR = "visitor", "un visiteur du site"
    MODERATOR = "moderator", "une personne de la modération"


class Alert(models.Model):
    """A danger to self or to others, told to all moderators. `raised_by` is the moderator who saw
    it, until names are forgotten; `told_at` is None while its mail is held back in a flood;
    `late_told_at` until moderators are told that its time is past, `left_told_at` until
    administrators are told that nobody took it, `second_told_at` until they are told that the
    second person does not come. `noted_at` is when `outcome` was last written."""

    text = models.OneToOneField(ModeratedText, on_delete=models.CASCADE, related_name="alert")
    raised_at = models.DateTimeField(default=timezone.now)
    seen_by = models.CharField(max_length=10, choices=Witness, default=Witness.MODERATOR)
    told_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)
    left_told_at = models.DateTimeField(null=True, blank=True)
    second_told_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    raised_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.CharField("ce qui alerte", max_length=300, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField("suite donnée", max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-raised_at"]

    def __str__(self) -> str:
        return f"alerte {self.text_id}"

    @property
    def witness(self) -> str:
        """ "Ana Roux", "la lecture automatique"."""
        return str(self.raised_by or self.get_seen_by_display())
