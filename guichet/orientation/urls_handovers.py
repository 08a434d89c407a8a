"""Hand-over sheets: for whoever holds one, for the services that send and receive, for the team."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guichet.orientation.views import handovers, misroutings, sheets

of_handover = [
    path("", handovers.structure_handover, name="structure_handover"),
    path("recue/", handovers.receive_person, name="receive_person"),
    path("mauvais-service/", handovers.wrong_receiver, name="wrong_receiver"),
    path("annuler/", handovers.cancel, name="cancel_handover"),
    path("courriel/", handovers.send_mail, name="mail_handover"),
    path("sms/", handovers.send_text, name="text_handover"),
]

of_structure: list[URLPattern | URLResolver] = [
    path("orientation/", handovers.hand_over, name="hand_over"),
    path("fiches/", handovers.structure_handovers, name="structure_handovers"),
    path("fiches/<str:reference>/", include(of_handover)),
]

urlpatterns = [
    path("orientation/fiche/", sheets.find_sheet, name="find_sheet"),
    path("orientation/fiche/<str:reference>/", sheets.public_sheet, name="handover_sheet"),
    path("agents/structures/<str:code>/", include(of_structure)),
    path("agents/orientation/fiches/", handovers.handovers, name="handovers"),
    path("agents/orientation/erreurs-d-orientation/", misroutings.misroutings, name="misroutings"),
    path(
        "agents/orientation/erreurs-d-orientation/csv/",
        misroutings.export_misroutings,
        name="export_misroutings",
    ),
]
