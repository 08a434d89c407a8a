"""`/orientation/…` for everybody, `/agents/orientation/…` for agents, one file for each concern."""

from __future__ import annotations

from django.urls import include, path

from guichet.orientation.views import answers

urlpatterns = [
    path("orientation/", answers.orientation, name="orientation"),
    path("orientation/mauvais-service/", answers.wrong_service, name="wrong_service"),
    path("orientation/m-envoyer/", answers.send_to_oneself, name="send_answer"),
    path("", include("guichet.orientation.urls_coverage")),
    path("", include("guichet.orientation.urls_desk")),
    path("", include("guichet.orientation.urls_handovers")),
    path("", include("guichet.orientation.urls_team")),
]
