"""The publisher's pages: editions, their preparation, their publication."""

from __future__ import annotations

from django.urls import path

from guichet.publication.views import releases

urlpatterns = [
    path("agents/editions/", releases.releases, name="releases"),
    path("agents/editions/preparer/", releases.prepare_release, name="prepare_release"),
    path("agents/editions/<slug:release>/", releases.release, name="release"),
    path("agents/editions/<slug:release>/relancer/", releases.retry_release, name="retry_release"),
    path(
        "agents/editions/<slug:release>/abandonner/",
        releases.abandon_release,
        name="abandon_release",
    ),
]
