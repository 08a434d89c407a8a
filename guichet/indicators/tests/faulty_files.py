"""A network with every kind of indicator, and a file whose each line is wrong in one way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.indicators.models import IndicatorVersion
from guichet.indicators.tests.factories import GrainFactory, IndicatorFactory, VersionFactory
from guichet.indicators.tests.observation_example import load_definitions

TITLES = (
    "indicateur;version;structure;periode;coupe;partie;total;favorables;defavorables;somme;"
    "somme_carres;effectif;tranche_1;tranche_2;tranche_3;nombre"
)
WIDTH = len(TITLES.split(";"))

FAULTY: dict[str, tuple[str, str, str]] = {
    "unknown indicator": ("decrocher;1;S01;2026-01;;1;2", "indicateur", "écrivez « decroche »"),
    "indicator in capitals": ("DECROCHE;1;S01;2026-01;;1;2", "indicateur", "« decroche »"),
    "no indicator": (" ;1;S01;2026-01;;1;2", "indicateur", "L'indicateur manque"),
    "another network's": ("chez-eux;1;S01;2026-01;;1;2", "indicateur", "d'un autre réseau"),
    "unknown version": ("decroche;9;S01;2026-01;;1;2", "version", "écrivez 1"),
    "no version": ("decroche;;S01;2026-01;;1;2", "version", "manque : écrivez 1"),
    "never sent": ("delai-moyen;1;S01;2026-01", "indicateur", "n'envoie pas delai-moyen"),
    "counted by a collector": ("compte;1;S01;2026-01;;1;2", "indicateur", "la plateforme"),
    "ended grain": ("ancien;1;S01;2026-03;;1;2", "periode", "n'envoie plus ancien depuis le 31"),
    "unknown structure": ("decroche;1;S99;2026-01;;1;2", "structure", "n'existe pas"),
    "structure in lower case": ("decroche;1;s01;2026-01;;1;2", "structure", "écrivez « S01 »"),
    "zeros lost": ("decroche;1;42;2026-01;;1;2", "structure", "écrivez « 0042 »"),
    "no structure": ("decroche;1;;2026-01;;1;2", "structure", "Le code de la structure manque"),
    "other network": ("decroche;1;AUTRE-1;2026-01;;1;2", "structure", "« Réseau voisin »"),
    "other level": ("decroche;1;REL-62;2026-01;;1;2", "structure", "une ligne par site"),
    "closed": ("decroche;1;S12;2026-03;;1;2", "structure", "fermé depuis le 28 février 2026"),
    "not open yet": ("decroche;1;NEUF;2026-01;;1;2", "structure", "le 1er avril 2026"),
    "no period": ("decroche;1;S02;;;1;2", "periode", "La période manque"),
    "month as words": ("decroche;1;S02;janv-26;;1;2", "periode", "écrivez « 2026-01 »"),
    "month and year": ("decroche;1;S02;01/2026;;1;2", "periode", "écrivez « 2026-01 »"),
    "a day": ("decroche;1;S02;2026-01-01;;1;2", "periode", "envoie des mois : écrivez « 2026-01 »"),
    "a day within a month": ("decroche;1;S02;2026-01-15;;1;2", "periode", "des mois (2026-01)"),
    "a French day": ("decroche;1;S02;01/01/2026;;1;2", "periode", "écrivez « 2026-01 »"),
    "a quarter": ("decroche;1;S02;2026-Q1;;1;2", "periode", "2026-01, 2026-02, 2026-03"),
    "no such month": ("decroche;1;S02;2026-13;;1;2", "periode", "n'est pas une période"),
    "before the first": ("decroche;1;S02;2025-12;;1;2", "periode", "commence avant 2026-01"),
    "after today": ("decroche;1;S02;2026-11;;1;2", "periode", "après le 30 novembre 2026"),
    "week 53 of a short year": ("semaine;1;S02;2026-W54;;1;2", "periode", "pas une période"),
    "cut where none is": ("decroche;1;S03;2026-01;guichet;1;2", "coupe", "laissez la case vide"),
    "unknown cut": (
        "accuse-delai;1;REL-59;2026-Q1;fax;1;2",
        "coupe",
        "écrivez courrier ou en-ligne",
    ),
    "no cut": ("accuse-delai;1;REL-59;2026-Q2;;1;2", "coupe", "La coupe manque"),
    "not all cuts": ("accuse-delai;1;REL-62;2026-Q1;courrier;1;2", "coupe", "en-ligne"),
    "empty counter": ("decroche;1;S04;2026-01;;;2", "partie", "La case est vide"),
    "negative": ("decroche;1;S05;2026-01;;-1;2", "partie", "négatif"),
    "decimal": ("decroche;1;S06;2026-01;;1,5;2", "partie", "entier, sans virgule"),
    "three zeros": ("decroche;1;S07;2026-01;;1;1,000", "total", "de deux façons"),
    "apostrophes": ("decroche;1;S08;2026-01;;1;1'234", "total", "« 1234 »"),
    "either way": ("decroche;1;S09;2026-01;;1;1,234", "total", "de deux façons"),
    "percent": ("decroche;1;S10;2026-01;;83 %;100", "partie", "un pourcentage"),
    "not known": ("decroche;1;S11;2026-01;;n.c.;100", "partie", "supprimez la ligne"),
    "scientific": ("decroche;1;S13;2026-01;;1e3;2000", "partie", "pas un nombre entier"),
    "formula": ("decroche;1;S01;2026-02;;=A1+1;2", "partie", "une formule"),
    "over the largest": ("decroche;1;S02;2026-02;;1;1000000000001", "total", "trop grand"),
    "part over whole": ("decroche;1;S03;2026-02;;3;2", "partie", "dépasse le total (2)"),
    "counters of another kind": ("decroche;1;S04;2026-02;;1;2;7", "favorables", "videz la case"),
    "net share over whole": (
        "solde;1;S01;2026-01;;;10;6;5",
        "favorables",
        "dépassent ensemble le total",
    ),
    "squares too small": (
        "duree;1;S01;2026-01;;;;;;10;20;10",
        "",
        "",
    ),
    "impossible mean": ("duree;1;S02;2026-01;;;;;;10;9;10", "somme", "trop petite"),
    "mean of nobody": ("duree;1;S03;2026-01;;;;;;1;1;0", "somme", "L'effectif est 0"),
    "empty bucket": ("attente;1;S01;2026-01;;;;;;;;;1;;3", "tranche_2", "La case est vide"),
    "too many cells": ("nombre;1;S01;2026-01" + ";" * (WIDTH - 4) + "12;13", "", "17 cases"),
}
"""For each kind: the line, the column that is told, what its sentence holds. One line is right
("squares too small" has squares that are large enough), so as not to hold everything wrong."""


def network_of_every_kind() -> Network:
    """The network of the worked example, with an indicator of each kind beside its own."""
    network = load_definitions()
    others = NetworkFactory(code="voisin", name="Réseau voisin")
    StructureFactory(code="AUTRE-1", network=others)
    parent = Structure.objects.get(code="REL-59")
    StructureFactory(code="NEUF", network=network, parent=parent, opened_on=date(2026, 4, 1))
    StructureFactory(code="0042", network=network, parent=parent, closed_on=date(2025, 12, 1))
    version(network, "solde", kind="net_share")
    version(network, "duree", kind="mean", unit="day")
    version(
        network,
        "attente",
        kind="distribution",
        bounds=[Decimal(5), Decimal(15)],
        reference_bound=Decimal(15),
    )
    version(network, "nombre", kind="count")
    version(network, "compte", source="avis")
    version(network, "ancien", first_period="2025-01", ended_on=date(2025, 12, 31))
    version(network, "semaine", period_kind="week", first_period="2026-W01")
    VersionFactory(indicator=IndicatorFactory(code="chez-eux", owner=others))
    return network


def version(
    network: Network, code: str, *, kind: str = "share", **values: object
) -> IndicatorVersion:
    of_grain = {"source", "first_period", "ended_on", "period_kind"}
    made: IndicatorVersion = VersionFactory(
        indicator=IndicatorFactory(code=code),
        kind=kind,
        **{name: value for name, value in values.items() if name not in of_grain},
    )
    GrainFactory(
        network=network,
        version=made,
        **{name: value for name, value in values.items() if name in of_grain},
    )
    return made
