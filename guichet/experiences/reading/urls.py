"""`/experiences/…` as everybody reads them."""

from __future__ import annotations

from django.urls import URLPattern, path

from guichet.experiences.reading import views

urlpatterns: list[URLPattern] = [
    path("experiences/", views.experiences, name="experiences"),
    path("experiences/<int:pk>-<slug:slug>/", views.experience, name="experience"),
]
