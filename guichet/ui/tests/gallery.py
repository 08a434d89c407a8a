"""A URLconf for the tests: every component on one page, the agents' page, the error pages."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from guichet.ui.components.charts import Dot, Tile
from guichet.ui.components.icons import ICONS
from guichet.ui.forms import Form

HOSTILE = "<script>alert('é')</script>"
MENUS = {
    "main": [
        {"label": "Accueil", "url": "/", "is_current": False},
        {"label": "Trouver un service", "url": "/services/", "is_current": True},
        {"label": "Quel service pour ma démarche ?", "url": "/orientation/", "is_current": False},
        {"label": "Données ouvertes", "url": "/donnees/", "is_current": False},
    ],
    "tools": [{"label": "Espace des agents", "url": "/agents/", "is_current": False}],
    "agents": [
        {"label": "Tableau de bord", "url": "/agents/", "is_current": False},
        {"label": "Mes lieux", "url": "/agents/lieux/", "is_current": True},
        {"label": "Équipe et rôles", "url": "/agents/equipe/", "is_current": False},
        {"label": "Journal des actions", "url": "/agents/journal/", "is_current": False},
        {"label": "Mon compte", "url": "/agents/compte/", "is_current": False},
    ],
    "footer": [
        {"label": "Plan du site", "url": "/plan-du-site/", "is_current": False},
        {
            "label": "Accessibilité : partiellement conforme",
            "url": "/accessibilite/",
            "is_current": False,
        },
        {"label": "Mentions légales", "url": "/mentions-legales/", "is_current": False},
        {"label": "Données personnelles", "url": "/donnees-personnelles/", "is_current": False},
        {"label": "Nous contacter", "url": "/contact/", "is_current": False},
    ],
}

HOURS = [
    ("Lundi", "8 h 30 – 12 h", "13 h 30 – 17 h"),
    ("Mardi", "8 h 30 – 12 h", "Fermé"),
    ("Mercredi", "8 h 30 – 12 h", "13 h 30 – 17 h"),
]


DOTS = [
    Dot("Ici", "80,4 %", 80.4, 75.7, 84.3, is_main=True),
    Dot("Reste du département", "73,9 %", 73.9),
    Dot("Reste du pays", "données insuffisantes", None),
]
TILES = [
    Tile("59", 2, 0, "high", "Nord : 83 %", "/territoires/59/"),
    Tile("62", 1, 0, "middle", "Pas-de-Calais : 80 %"),
    Tile("80", 1, 1, "low", "Somme : 71 %"),
    Tile("02", 2, 1, "unknown", "Aisne : données insuffisantes"),
    Tile("2A", 3, 1, "absent", "Corse-du-Sud : non publié"),
]
LEGEND = [
    ("high", "mieux"),
    ("middle", "pas de différence nette"),
    ("low", "moins bien"),
    ("unknown", "données insuffisantes"),
    ("absent", "non publié"),
]


class GalleryForm(Form):
    """One field of each sort."""

    name = forms.CharField(label="Nom du lieu", help_text="Tel qu’il est écrit sur la façade.")
    phone = forms.CharField(
        label="Téléphone",
        required=False,
        help_text="Exemple : 01 99 00 12 34",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    email = forms.EmailField(label="Adresse électronique", required=False)
    kind = forms.ChoiceField(
        label="Type de lieu", choices=[("", "Choisir un type"), ("m", "Mairie"), ("c", "CAF")]
    )
    day = forms.DateField(
        label="Date de fermeture",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label="Raison", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    access = forms.ChoiceField(
        label="Accès en fauteuil roulant",
        choices=[("oui", "Oui, sans aide"), ("aide", "Oui, avec une aide"), ("non", "Non")],
        widget=forms.RadioSelect,
    )
    means = forms.MultipleChoiceField(
        label="Accueil à distance",
        required=False,
        choices=[("visio", "Visioconférence"), ("tchat", "Messagerie"), ("lsf", "Relais LSF")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Plusieurs réponses possibles.",
    )
    file = forms.FileField(label="Fichier", required=False, help_text="CSV, 5 Mo au plus.")
    sure = forms.BooleanField(label="Je confirme ces changements")
    token = forms.CharField(widget=forms.HiddenInput, initial="jeton")


def gallery_values(request: HttpRequest) -> dict[str, object]:
    return {
        "menus": MENUS,
        "icons": list(ICONS),
        "empty_form": GalleryForm(auto_id="vide_%s"),
        "wrong_form": GalleryForm({"email": "nom@", "token": "jeton", "name": "Mairie"}),
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 4)),
        "query": request.GET,
        "day": dt.date(2025, 3, 1),
        "hours": HOURS,
        "dots": DOTS,
        "tiles": TILES,
        "legend": LEGEND,
    }


def gallery(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Les horaires de la mairie sont enregistrés.")
    messages.error(request, "L’adresse n’a pas pu être enregistrée.")
    return render(request, "ui_tests/gallery.html", gallery_values(request))


def place(request: HttpRequest) -> HttpResponse:
    return render(request, "ui_tests/place.html", gallery_values(request))


def results(request: HttpRequest) -> HttpResponse:
    return render(request, "ui_tests/results.html", gallery_values(request))


def fields(request: HttpRequest) -> HttpResponse:
    return render(request, "ui_tests/fields.html", gallery_values(request))


def agents(request: HttpRequest) -> HttpResponse:
    return render(request, "ui_tests/agents.html", gallery_values(request))


class LibraryForm(forms.Form):
    """A form that knows nothing of ours."""

    email = forms.EmailField(label="Adresse électronique")


def sign_in(request: HttpRequest) -> HttpResponse:
    values = {"menus": MENUS, "form": LibraryForm({"email": "nom@"}), "hostile": HOSTILE}
    return render(request, "ui_tests/sign_in.html", values)


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("panne voulue")


urlpatterns = [
    path("", gallery),
    path("lieu/", place),
    path("resultats/", results),
    path("champs/", fields),
    path("agents/", agents),
    path("connexion/", sign_in),
    path("refuse/", refused),
    path("absent/", missing),
    path("panne/", broken),
]
