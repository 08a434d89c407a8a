"""The pages of who runs the server, and what machines ask of it."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
