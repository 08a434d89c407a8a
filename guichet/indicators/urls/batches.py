"""What networks send, the tokens they send it with, and a structure's own figures."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guichet.indicators.views import batch_files, batches, own_figures, sendings, tokens

of_batch = [
    path("", batches.batch, name="batch"),
    path("defauts.csv", batches.faults, name="batch_faults"),
    path("corrige.csv", batch_files.corrected, name="batch_corrected"),
    path("recu/", batch_files.received, name="batch_received"),
    path("confirmer/", batches.confirm, name="confirm_batch"),
    path("abandonner/", batches.abandon, name="abandon_batch"),
    path("retirer/", batches.withdraw, name="withdraw_batch"),
]
of_lots: list[URLPattern | URLResolver] = [
    path("", batches.network_batches, name="network_batches"),
    path("envoyer/", sendings.send, name="send_batch"),
    path("modele.csv", batch_files.model_csv, name="batch_model_csv"),
    path("modele.xlsx", batch_files.model_xlsx, name="batch_model_xlsx"),
    path("travaux/<int:pk>/", batches.work, name="batch_work"),
    path("suivi/", sendings.following, name="following"),
    path("suivi.csv", sendings.following_csv, name="following_csv"),
    path("suivi/<int:pk>/<str:period>/", sendings.missing, name="missing_places"),
    path("suivi/<int:pk>/<str:period>.csv", sendings.missing_csv, name="missing_places_csv"),
    path("<slug:batch>/", include(of_batch)),
]
of_structure = [
    path("", own_figures.own_figures, name="own_figures"),
    path("commentaires/<int:pk>/retirer/", own_figures.withdraw, name="withdraw_comment"),
    path(
        "<str:indicator>/<int:number>/<str:period>/",
        own_figures.comment,
        name="comment_figure",
    ),
]

urlpatterns = [
    path("agents/lots/", batches.batches, name="batches"),
    path("agents/reseaux/<slug:network>/lots/", include(of_lots)),
    path("agents/reseaux/<slug:network>/jetons/", tokens.tokens, name="tokens"),
    path(
        "agents/reseaux/<slug:network>/jetons/<int:pk>/revoquer/",
        tokens.revoke,
        name="revoke_token",
    ),
    path("agents/structures/<str:code>/chiffres/", include(of_structure)),
]
