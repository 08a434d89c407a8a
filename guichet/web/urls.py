"""Pages that show several apps together."""

from __future__ import annotations

from django.urls import include, path

from guichet.web.api import api_urls
from guichet.web.first_texts import SLUGS
from guichet.web.views import home, structures, texts

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("guichet.web.urls_operations")),
    path("agents/", home.agents_home, name="agents_home"),
    path("agents/textes/", texts.texts, name="texts"),
    path("agents/textes/<slug:slug>/", texts.edit_text, name="edit_text"),
    path("services/<str:code>/", structures.structure, name="structure"),
    path("urgences/", texts.emergencies, name="emergencies"),
    path("plan-du-site/", texts.site_map, name="site_map"),
    path("api/v1/", api_urls()),
    *(path(f"{slug}/", texts.site_text, {"slug": slug}, name=slug) for slug in SLUGS),
]
