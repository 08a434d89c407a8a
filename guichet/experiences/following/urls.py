"""`/suivi/…`, gestures and reports of visitors, subscriptions."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
