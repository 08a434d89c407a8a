"""`/agents/moderation/…`: the moderators' pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("agents/moderation/", include("guichet.moderation.queue.urls")),
]
