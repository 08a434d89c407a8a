"""`/agents/…` pages of measurement, one file for each concern."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guichet.indicators.urls.batches")),
    path("", include("guichet.indicators.urls.definitions")),
]
