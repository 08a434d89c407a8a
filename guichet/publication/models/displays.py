"""Results displayed at a site, as its manager confirms."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure


class DisplayConfirmation(models.Model):
    """The poster of an edition hangs at the site since `displayed_on`; `photo` is a small JPEG,
    cleared of its metadata."""

    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="display_confirmations"
    )
    release_name = models.CharField("édition", max_length=60, blank=True, default="")
    displayed_on = models.DateField("affichée le")
    photo = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-displayed_on", "-at"]
        indexes = [models.Index(fields=["structure", "-displayed_on"], name="display_latest")]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.displayed_on}"
