"""Pages of those who lead a network."""

from __future__ import annotations

from django.urls import include, path

from guichet.directory.views import network_files, networks

of_network = [
    path("", networks.network, name="network"),
    path("jours/", networks.network_days, name="network_days"),
    path("jours/<int:pk>/", networks.network_announcement, name="network_announcement"),
    path("jours/<int:pk>/annuler/", networks.undo_announcement, name="undo_announcement"),
    path("sites.csv", network_files.export_network, name="export_network"),
    path("fichier/", network_files.network_file, name="network_file"),
    path("fichier/<str:token>/", network_files.network_file_preview, name="network_file_preview"),
    path("membres/", networks.network_members, name="network_members"),
    path("membres/<int:pk>/retirer/", networks.end_network_member, name="end_network_member"),
]

urlpatterns = [
    path("agents/reseaux/", networks.networks, name="networks"),
    path("agents/reseaux/<slug:network>/", include(of_network)),
]
