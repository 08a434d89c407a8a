"""`/resultats/`, `/donnees/`, and the agents' pages of releases and posters."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guichet.publication.urls.releases")),
    path("", include("guichet.publication.urls.open_data")),
    path("", include("guichet.publication.urls.posters")),
    path("", include("guichet.publication.urls.results")),
]
