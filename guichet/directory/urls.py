"""Pages of the directory: the public search, and the agents' work on their structures."""

from __future__ import annotations

from django.urls import path

from guichet.directory.views import search

urlpatterns = [
    path("services/", search.services, name="services"),
]
