"""Figures of large scopes, counted ahead of their readers."""

from __future__ import annotations

from django.db import models


class ScopeFigures(models.Model):
    """What the stories of the last twelve months give for the nation, a network or a territory.

    `scope` is that of `reading.scopes` ("nation", "network:caf", "region:32", "departement:59").
    Counted anew each hour; those of a structure are counted when they are read.
    """

    scope = models.CharField(max_length=80, primary_key=True)
    counters = models.JSONField(default=dict)

    class Meta:
        ordering = ["scope"]

    def __str__(self) -> str:
        return self.scope
