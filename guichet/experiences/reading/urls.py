"""`/experiences/…` as everybody reads them."""

from __future__ import annotations

from django.urls import URLPattern, path

from guichet.experiences.reading import views

FEED = {"is_feed": True}
SERVICE = "experiences/services/<str:code>/"
NETWORK = "experiences/reseaux/<str:network>/"
TERRITORY = "experiences/territoires/<str:territory>/"

urlpatterns: list[URLPattern] = [
    path("experiences/", views.experiences, name="experiences"),
    path("experiences/flux.atom", views.feed, name="stories_feed"),
    path("experiences/<int:pk>-<slug:slug>/", views.experience, name="experience"),
    path(SERVICE, views.of_service, name="stories_of_service"),
    path(f"{SERVICE}flux.atom", views.of_service, FEED, name="feed_of_service"),
    path(NETWORK, views.of_network, name="stories_of_network"),
    path(f"{NETWORK}flux.atom", views.of_network, FEED, name="feed_of_network"),
    path(TERRITORY, views.of_territory, name="stories_of_territory"),
    path(f"{TERRITORY}flux.atom", views.of_territory, FEED, name="feed_of_territory"),
]
