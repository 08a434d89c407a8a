"""What is measured, and how each network sends it."""

from __future__ import annotations

from django.urls import include, path

from guichet.indicators.views import definitions, grains

of_indicator = [
    path("", definitions.indicator, name="indicator"),
    path("version/", definitions.version, name="create_version"),
    path("versions/<int:number>/", definitions.edit, name="edit_version"),
    path("retirer/", definitions.retire, name="retire_indicator"),
    path("remettre/", definitions.reinstate, name="reinstate_indicator"),
]
of_network = [
    path("", grains.grains, name="grains"),
    path("declarer/", grains.declare, name="declare_grain"),
    path("<int:pk>/", grains.grain, name="grain"),
    path("<int:pk>/effacer/", grains.remove, name="remove_grain"),
]

urlpatterns = [
    path("agents/indicateurs/", definitions.indicators, name="indicators"),
    path("agents/indicateurs/creer/", definitions.create, name="create_indicator"),
    path("agents/indicateurs/<str:indicator>/", include(of_indicator)),
    path("agents/reseaux/<slug:network>/mesures/", include(of_network)),
]
