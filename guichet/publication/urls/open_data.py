from __future__ import annotations

from django.urls import path

from guichet.publication.views import open_data

urlpatterns = [
    path("donnees/", open_data.open_data, name="open_data"),
    path("donnees/catalogue.json", open_data.catalogue, name="open_data_catalogue"),
    path(
        "donnees/tables/<slug:table>/schema.json",
        open_data.table_schema,
        name="open_table_schema",
    ),
    path(
        "donnees/tables/<slug:table>.<str:extension>",
        open_data.table_file,
        name="open_table_file",
    ),
    path("donnees/millesimes/<slug:release>/", open_data.release_page, name="open_release"),
    path(
        "donnees/millesimes/<slug:release>.zip",
        open_data.release_archive,
        name="open_release_archive",
    ),
    path(
        "donnees/millesimes/<slug:release>/<path:file>",
        open_data.release_file,
        name="open_release_file",
    ),
]
