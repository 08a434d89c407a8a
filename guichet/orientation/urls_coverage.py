"""`/orientation/couverture/…`: a page for the nation, one by département, two files."""

from __future__ import annotations

from django.urls import path

from guichet.orientation.views import coverage

urlpatterns = [
    path("orientation/couverture/", coverage.coverage, name="coverage"),
    path(
        "orientation/couverture/communes.csv",
        coverage.coverage_communes_csv,
        name="coverage_communes_csv",
    ),
    path(
        "orientation/couverture/departements.csv",
        coverage.coverage_departements_csv,
        name="coverage_departements_csv",
    ),
    path(
        "orientation/couverture/<str:departement>/",
        coverage.coverage_departement,
        name="coverage_departement",
    ),
]
