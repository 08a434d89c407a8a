"""The open tables of this app: structures, indicators, results, releases.

Owns their names and words; refuses rows, which stand in `rows`.
"""

from __future__ import annotations

from django.utils import timezone

from guichet.core.extensions import OpenTable
from guichet.publication.models import Release
from guichet.publication.open_data import columns, rows


def today() -> str:
    return timezone.localdate().isoformat()


def current_identity() -> str:
    """Of what the pages show: the edition and when it was published."""
    release = Release.objects.current()
    return f"{release.name} {release.identity} {release.pk}" if release else ""


def all_releases() -> str:
    published = Release.objects.published().order_by("pk")
    return " ".join(f"{pk}:{current}" for pk, current in published.values_list("pk", "is_current"))


TABLES = (
    OpenTable(
        name="resultats",
        title="Résultats de l'édition en vigueur",
        description=(
            "Chaque chiffre publié : sa valeur, les nombres dont elle vient, son intervalle, ses "
            "comparaisons, l'édition et l'empreinte qui permettent de le recalculer."
        ),
        columns=columns.RESULTS,
        rows=rows.result_rows,
        stamp=current_identity,
        frequency="IRREG",
        frequency_label="à chaque édition",
        rank=1,
    ),
    OpenTable(
        name="indicateurs",
        title="Indicateurs",
        description=(
            "Ce qui est mesuré, version par version, et à quelle maille chaque réseau l'envoie."
        ),
        columns=columns.INDICATORS,
        rows=rows.indicator_rows,
        stamp=today,
        frequency="DAILY",
        frequency_label="chaque jour",
        rank=2,
    ),
    OpenTable(
        name="structures",
        title="Structures",
        description="Les lieux et les directions de chaque réseau, avec leur place dans l'arbre.",
        columns=columns.STRUCTURES,
        rows=rows.structure_rows,
        stamp=today,
        frequency="DAILY",
        frequency_label="chaque jour",
        rank=3,
    ),
    OpenTable(
        name="millesimes",
        title="Éditions",
        description="Les éditions publiées, de la plus récente à la plus ancienne.",
        columns=columns.RELEASES,
        rows=rows.release_rows,
        stamp=all_releases,
        frequency="IRREG",
        frequency_label="à chaque édition",
        rank=4,
    ),
)
