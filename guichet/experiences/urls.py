"""Stories: read, shared, followed by everybody; answered by agents."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guichet.experiences.sharing.urls")),
    path("", include("guichet.experiences.following.urls")),
    path("", include("guichet.experiences.reading.urls")),
    path("agents/experiences/", include("guichet.experiences.answering.urls")),
]
