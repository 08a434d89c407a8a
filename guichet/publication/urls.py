"""`/resultats/`, `/donnees/`, and the agents' pages of releases and posters."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guichet.publication.urls_releases")),
    path("", include("guichet.publication.urls_open_data")),
    path("", include("guichet.publication.urls_posters")),
    path("", include("guichet.publication.urls_results")),
]
