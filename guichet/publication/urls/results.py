from __future__ import annotations

from django.urls import path

from guichet.publication.views import cards, result_charts, results

urlpatterns = [
    path("resultats/", results.results, name="results"),
    path("resultats/reseaux/<str:network>/", results.network_results, name="network_results"),
    path(
        "resultats/territoires/<str:territory>/",
        results.territory_results,
        name="territory_results",
    ),
    path("resultats/<str:code>/", results.structure_results, name="structure_results"),
    path("resultats/<str:code>/carte/", cards.frame, name="structure_card"),
    path("resultats/<str:code>/carte.svg", cards.image, name="structure_card_image"),
    path(
        "resultats/<str:code>/graphiques/<str:indicator>.svg",
        result_charts.chart,
        name="structure_chart",
    ),
]
