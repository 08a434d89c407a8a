"""Pages that show several apps together."""

from __future__ import annotations

from django.urls import path

from guichet.web.api import api_urls

urlpatterns = [
    path("api/v1/", api_urls()),
]
