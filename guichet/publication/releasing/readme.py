"""`LISEZMOI.txt`: what the folder of a release holds, for whoever downloads it.

Owns its words.
"""

from __future__ import annotations

from datetime import date

from guichet.publication.releasing.manifest import Manifest
from guichet.publication.wording import day_in_words

NAME = "LISEZMOI.txt"
DEMONSTRATION_NAME = "DEMONSTRATION.txt"
DEMONSTRATION = """\
DONNÉES DE DÉMONSTRATION : les chiffres calculés de cette édition sont inventés, même ceux de lieux
qui existent (base/, rows/, figures/, quantiles/, pools/, parquet/, corrections.csv). Ne les citez
pas, ne les mêlez pas à de vrais résultats.
Réseaux dont les chiffres sont inventés : {networks}.
"""
DECLARED = """\
Les valeurs déclarées (declared.csv, declared_figures.csv) ne sont pas inventées : elles sont
reprises telles que leurs sources les ont publiées.
"""
TEXT = """\
{warning}ÉDITION « {name} »
Arrêtée le {frozen_on}, périodes jusqu'au {through} inclus.
Identité : {identity}
{note}
VÉRIFIER SOI-MÊME
    python3 verify.py
dans ce dossier (Python 3.9 ou plus récent, rien à installer). Le programme recalcule chaque ligne
publiée à partir de base/, puis chaque chiffre, et compare avec les fichiers livrés. Il ne partage
aucun code avec la plateforme. Il se termine par 0 quand tout est égal, par 1 si quelque chose
diffère, par 2 si un fichier manque ou ne peut pas être lu.

FICHIERS
base/       lignes de base publiques : par site ou par regroupement de petits sites
rows/       lignes publiées : sommes par structure, territoire et nation, par mois, trimestre, année
figures/    un chiffre par ligne publiée : valeur, intervalle, comparaisons, évolutions
quantiles/  médiane et neuvième décile des répartitions, s'il y en a
pools/      regroupements de petits sites, et sites non publiés (« withheld »)
parquet/    rows et figures, pour les outils d'analyse
declared.csv, declared_figures.csv   valeurs déclarées toutes faites par les réseaux
indicators.csv, grains.csv           définitions, et ce que chaque réseau envoie
corrections.csv                      ce qui diffère de l'édition précédente
manifest.json                        empreintes SHA-256, lots comptés, version de la méthode

Une part est un réseau, un indicateur, une version et une année :
<réseau>/<indicateur>.<version>/<année>.
CSV : UTF-8, virgule, point décimal, fin de ligne LF. Une case vide est une valeur absente,
jamais zéro.
Les effectifs sous le minimum de l'indicateur (colonne « minimum » d'indicators.csv) sont regroupés
avant publication.
Méthode : docs/methods/observation.md, version {method}. Logiciel : {software}, moteur {engine}.
"""


def demonstration_warning(manifest: Manifest, *, has_declared: bool) -> str:
    """What is invented in the folder, and what is not."""
    networks = ", ".join(sorted({part.key.network for part in manifest.parts})) or "aucun"
    return DEMONSTRATION.format(networks=networks) + (DECLARED if has_declared else "")


def readme_bytes(manifest: Manifest, *, has_declared: bool) -> bytes:
    warning = demonstration_warning(manifest, has_declared=has_declared)
    text = TEXT.format(
        warning=f"{warning}\n" if manifest.is_demonstration else "",
        name=manifest.name,
        frozen_on=day_in_words(date.fromisoformat(manifest.frozen_on)),
        through=day_in_words(date.fromisoformat(manifest.through)),
        identity=manifest.identity,
        note=f"\nNote de publication : {manifest.note}\n" if manifest.note else "",
        method=manifest.method,
        software=manifest.software,
        engine=manifest.engine,
    )
    return text.encode()
