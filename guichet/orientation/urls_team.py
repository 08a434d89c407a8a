"""Orientation's pages for the programme team."""

from __future__ import annotations

from django.urls import path

from guichet.orientation.views import needs, synonyms, team

PREFIX = "agents/orientation/"
SEARCHES = f"{PREFIX}recherches/"
NEEDS = f"{PREFIX}besoins/"
SYNONYMS = f"{PREFIX}synonymes/"

urlpatterns = [
    path(PREFIX, team.team, name="orientation_team"),
    path(SEARCHES, team.searches, name="missed_searches"),
    path(f"{SEARCHES}<int:pk>/regler/", team.settle_search, name="settle_search"),
    path(f"{SEARCHES}<int:pk>/ajouter/", team.add_search_to_need, name="add_search_to_need"),
    path(f"{SEARCHES}mots/<int:pk>/regler/", team.settle_word, name="settle_word"),
    path(NEEDS, needs.needs, name="needs"),
    path(f"{NEEDS}creer/", needs.create, name="create_need"),
    path(f"{NEEDS}<slug:need>/", needs.need, name="need"),
    path(f"{NEEDS}<slug:need>/proposer/", needs.set_active, name="set_need_active"),
    path(f"{NEEDS}<slug:need>/version-livree/", needs.restore, name="restore_need"),
    path(SYNONYMS, synonyms.synonyms, name="synonyms"),
    path(f"{SYNONYMS}ajouter/", synonyms.add, name="add_synonym"),
    path(f"{SYNONYMS}<int:pk>/", synonyms.synonym, name="synonym"),
    path(f"{SYNONYMS}<int:pk>/utiliser/", synonyms.set_active, name="set_synonym_active"),
]
