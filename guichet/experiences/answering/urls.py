"""`/agents/experiences/…`: the inbox and the answers."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
