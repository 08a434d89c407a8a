"""Posters, their display, and those of a whole network."""

from __future__ import annotations

from django.urls import path

from guichet.publication.views import posters

STRUCTURE = "agents/structures/<str:code>/affichage/"
NETWORK = "agents/reseaux/<slug:network>/affiches/"

urlpatterns = [
    path("resultats/<str:code>/affiche.pdf", posters.poster, name="poster"),
    path(STRUCTURE, posters.displays, name="displays"),
    path(f"{STRUCTURE}confirmer/", posters.confirm, name="confirm_display"),
    path(f"{STRUCTURE}<int:pk>/retirer/", posters.withdraw, name="withdraw_display"),
    path(f"{STRUCTURE}<int:pk>/photo.jpg", posters.photo, name="display_photo"),
    path(NETWORK, posters.network_posters, name="network_posters"),
    path(f"{NETWORK}<int:pk>.zip", posters.network_archive, name="poster_archive"),
]
