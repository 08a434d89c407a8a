"""The needs of the team's table by theme, for those who would rather read than write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from guichet.core.text import folded
from guichet.orientation.models import Event, Need

THEMES = {
    "urgences": "Urgences",
    "papiers": "Papiers d'identité, état civil, élections",
    "famille": "Famille, naissance, mariage, décès",
    "argent": "Argent, aides, dettes",
    "impots": "Impôts",
    "logement": "Logement, travaux, voisinage",
    "sante": "Santé",
    "retraite_handicap": "Retraite, handicap, grand âge",
    "travail": "Travail, chômage, formation",
    "ecole_jeunes": "École, études, jeunes",
    "transports": "Permis, voiture, amendes",
    "justice": "Justice, police, victimes",
    "etrangers": "Étrangers en France, Français à l'étranger",
    "vie_locale": "Vie locale, numérique",
    "entreprises_associations": "Entreprises et associations",
}


@dataclass(frozen=True)
class Theme:
    code: str
    title: str
    needs: tuple[Need, ...]


def needs_by_theme() -> list[Theme]:
    """The themes in the order of `THEMES`, then those that the team added; none is empty."""
    by_theme: dict[str, list[Need]] = {code: [] for code in THEMES}
    rows = Need.objects.active().filter(out_of_scope=False).only("code", "title", "theme")
    for need in sorted(rows, key=lambda need: folded(need.title)):
        by_theme.setdefault(need.theme, []).append(need)
    return [
        Theme(code, THEMES.get(code, code.capitalize()), tuple(needs))
        for code, needs in by_theme.items()
        if needs
    ]


LEAST_ASKED = 20
"""A need asked fewer times says nothing of what most people want."""

USUAL = (
    "refaire-carte-identite",
    "demander-rsa",
    "demander-logement-social",
    "perdre-son-emploi",
    "deces-demarches",
    "demander-retraite",
    "dossier-mdph",
    "declarer-naissance",
)
"""What most people come for, before any count says otherwise."""


def most_asked(most: int = 8) -> list[Need]:
    """The needs asked most in the last ninety days, then the usual ones."""
    since = timezone.localdate() - timedelta(days=90)
    needs = Need.objects.active().filter(out_of_scope=False)
    asked = (
        needs.filter(tally__event=Event.SURE, tally__day__gte=since)
        .annotate(times=Sum("tally__count"))
        .filter(times__gte=LEAST_ASKED)
        .order_by("-times", "title")[:most]
    )
    usual = {need.code: need for need in needs.filter(code__in=USUAL)}
    listed = {need.code: need for need in asked}
    listed |= {code: usual[code] for code in USUAL if code in usual and code not in listed}
    return list(listed.values())[:most]
