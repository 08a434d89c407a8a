"""The needs of the team's table by theme, for those who would rather read than write."""

from __future__ import annotations

from dataclasses import dataclass

from guichet.orientation.models import Need

THEMES = {
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
    "urgences": "Urgences",
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
    for need in rows.order_by("title"):
        by_theme.setdefault(need.theme, []).append(need)
    return [
        Theme(code, THEMES.get(code, code.capitalize()), tuple(needs))
        for code, needs in by_theme.items()
        if needs
    ]
