"""Pages of the directory: the public search, and the agents' work on their structures."""

from __future__ import annotations

from django.urls import include, path

from guichet.directory.views import (
    agent_structures,
    corrections,
    members,
    programme,
    reports,
    search,
)

of_structure = [
    path("", agent_structures.structure, name="manage_structure"),
    path("confirmer/", agent_structures.confirm, name="confirm_structure"),
    path(
        "corrections/<int:pk>/retirer/",
        agent_structures.back_to_source,
        name="withdraw_correction",
    ),
    path("corriger/<slug:section>/", corrections.correct_facts, name="correct_facts"),
    path("horaires/", corrections.correct_week, name="correct_week"),
    path("jours/", corrections.particular_days, name="particular_days"),
    path(
        "jours/<int:pk>/retirer/",
        corrections.withdraw_particular_days,
        name="withdraw_particular_days",
    ),
    path("membres/", members.members, name="structure_members"),
    path("membres/<int:pk>/", members.change_member, name="change_member"),
    path("membres/<int:pk>/retirer/", members.end_member, name="end_member"),
    path("signalements/<int:pk>/", reports.settle, name="settle_report"),
]

by_hand = [
    path("rattacher/", programme.move, name="move_structure"),
    path("fusionner/", programme.merge, name="merge_structure"),
    path("scinder/", programme.split, name="split_structure"),
    path("fermer/", programme.close, name="close_structure"),
    path("rouvrir/", programme.reopen, name="reopen_structure"),
]

urlpatterns = [
    path("services/", search.services, name="services"),
    path("services/<str:code>/signaler/", reports.report, name="report_error"),
    path("agents/structures/", agent_structures.structures, name="agent_structures"),
    path("agents/structures/<str:code>/", include(of_structure)),
    path("agents/signalements/", reports.reports, name="agent_reports"),
    path("agents/programme/", programme.programme, name="programme"),
    path("agents/programme/creer/", programme.create, name="create_structure"),
    path("agents/programme/structures/<str:code>/", include(by_hand)),
    path("", include("guichet.directory.urls_networks")),
    path("", include("guichet.directory.urls_people")),
    path("", include("guichet.directory.urls_audit")),
]
