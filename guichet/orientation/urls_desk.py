"""The telephone desk of the France Services number."""

from __future__ import annotations

from django.urls import path

from guichet.orientation.views import desk

PREFIX = "agents/orientation/standard/"

urlpatterns = [
    path(PREFIX, desk.desk, name="desk"),
    path(f"{PREFIX}noter/", desk.note, name="note_call"),
    path(f"{PREFIX}annuler/<int:pk>/", desk.undo, name="undo_call"),
    path(f"{PREFIX}raccourcis/", desk.shortcuts, name="desk_shortcuts"),
    path(f"{PREFIX}bilan/", desk.figures, name="desk_figures"),
    path(f"{PREFIX}bilan.csv", desk.export_figures, name="export_desk_figures"),
]
