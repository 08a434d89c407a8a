"""The history of what was changed."""

from __future__ import annotations

from django.urls import path

from guichet.directory.views import audit

urlpatterns = [
    path("agents/historique/", audit.audit, name="audit"),
    path("agents/historique/export.csv", audit.export_audit, name="export_audit"),
    path(
        "agents/structures/<str:code>/historique/",
        audit.structure_history,
        name="structure_history",
    ),
]
