"""`/suivi/…`, gestures and reports of visitors, subscriptions."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from guichet.experiences.following.views import author

urlpatterns: list[URLPattern | URLResolver] = [
    path("suivi/<str:token>/", author.follow, name="follow"),
]
