"""What a structure says, in public, of one of its figures."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.indicators.models.definitions import IndicatorVersion


class FigureComment(models.Model):
    """Signed by a function, dated; withdrawn, never deleted. `cut` "" is all cuts together."""

    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="figure_comments"
    )
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT)
    period = models.CharField(max_length=10)
    text = models.TextField("commentaire", max_length=1000)
    signed_as = models.CharField("fonction", max_length=150)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.version} {self.period}"
