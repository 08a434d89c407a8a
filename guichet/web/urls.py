"""Pages that show several apps together."""

from __future__ import annotations

from django.urls import include, path

from guichet.web.api import api_urls
from guichet.web.views import structures

urlpatterns = [
    path("", include("guichet.web.urls_operations")),
    path("services/<str:code>/", structures.structure, name="structure"),
    path("api/v1/", api_urls()),
]
