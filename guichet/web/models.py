"""The texts that the programme team edits: legal notice, privacy, accessibility, help."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User


class SiteText(models.Model):
    """A page of text in a small markup: a line starting with "## " is a heading, "- " an item of
    a list, an empty line ends a paragraph, `[words](address)` is a link. No HTML."""

    slug = models.SlugField(primary_key=True)
    title = models.CharField("titre", max_length=120)
    body = models.TextField("texte", max_length=50_000)
    footer_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["footer_rank", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"
