"""The URL tree: each app brings its own; the API is assembled in `web`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("guichet.web.urls")),
    path("", include("guichet.publication.urls")),
    path("", include("guichet.experiences.urls")),
    path("", include("guichet.moderation.urls")),
    path("", include("guichet.orientation.urls")),
    path("", include("guichet.indicators.urls")),
    path("", include("guichet.directory.urls")),
    path("agents/", include("guichet.accounts.urls")),
]

handler400 = "guichet.web.views.errors.malformed"
handler403 = "guichet.web.views.errors.refused"
handler404 = "guichet.web.views.errors.not_found"
handler500 = "guichet.web.views.errors.failed"
