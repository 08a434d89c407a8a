"""The steps of `/experiences/partager/`, and what agents enter for somebody."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
