"""Calls to the France Services number, noted without anything of the person who called."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.models.needs import Need
from guichet.territories.models import Commune


class DeskCall(models.Model):
    """One call: where from, about what, what was answered; `seconds` is how long it took."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "renseignée"
        TRANSFERRED = "transferred", "transférée"
        OUT_OF_SCOPE = "out_of_scope", "hors du service public"
        NOT_FOUND = "not_found", "sans réponse"

    at = models.DateTimeField(default=timezone.now)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL)
    kind = models.ForeignKey(
        StructureKind, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.SET_NULL)
    outcome = models.CharField(max_length=12, choices=Outcome)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    adviser = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["at"], name="desk_call_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.outcome}"
